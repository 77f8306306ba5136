"""Saved figures have the same bytes every time, are whole, and mistakes are one line."""

from __future__ import annotations

import pytest

from simlib.core.files import InputError
from simlib.see.draw import canvas
from simlib.see.fonts import styled
from simlib.see.save import save


@styled
def figure():
    fig = canvas(2, 1)
    fig.add_axes((0.2, 0.2, 0.7, 0.7)).bar([1, 2], [3, 4], hatch="//")
    fig.text(0.1, 0.5, "四川 Sichuan −")
    return fig


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_same_figure_gives_the_same_bytes(tmp_path, kind):
    a, b = save(figure(), tmp_path / f"a.{kind}"), save(figure(), tmp_path / f"b.{kind}")
    assert a.read_bytes() == b.read_bytes() and a.stat().st_size > 500
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a.{kind}", f"b.{kind}"]


@pytest.mark.parametrize("name", ["a.doc", "a", "a.gif"])
def test_another_ending_is_named_with_those_that_are_allowed(tmp_path, name):
    with pytest.raises(InputError, match=r"must end in \.svg, \.png, \.pdf"):
        save(figure(), tmp_path / name)


def test_a_missing_folder_is_said_and_nothing_is_left(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        save(figure(), tmp_path / "none" / "a.svg")
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(InputError, match="a.svg"):
        save(figure(), tmp_path / "a.svg")
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]
