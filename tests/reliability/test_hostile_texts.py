"""Texts that mean something to a tool are words here: formulas, halves of characters, and cells as long as a book."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import pytest

from simlib.core.errors import LONGEST_LINE, InputError, cut
from simlib.core.files import parse_yaml
from simlib.experiments.run import simulate
from simlib.scenario.scenario import load_scenario
from simlib.world.lists import ListError, read_list

FORMULA = r"$\frac$ costs"


def test_a_title_that_looks_like_a_formula_is_drawn_as_it_stands():
    region = load_scenario("chain").region.model_dump(mode="json", exclude={"hospitals"})
    scenario = load_scenario("chain", {"region": region | {"title": {"en": FORMULA, "zh": FORMULA}}})
    figure = simulate(scenario, 2, workers=1, progress=False).plot()
    try:
        words = " ".join(t.get_text() for t in figure.findobj(plt.Text))
        assert FORMULA in words
        figure.savefig(io.BytesIO(), format="png")  # where a formula is drawn it is parsed only now
    finally:
        plt.close(figure)


@pytest.mark.parametrize("text", ['title: {en: "\\ud800", zh: x}', '"\\udc00": 1', 'a: ["\\ud83d\\ude00"]'])
def test_half_a_character_is_refused_where_it_stands(text: str):
    with pytest.raises(InputError, match=r"^x\.yaml:1: .*is half a character; write the character itself$"):
        parse_yaml(text, "x.yaml")


def test_half_a_character_is_refused_of_a_mapping_too():
    with pytest.raises(InputError, match=r"set title\.en: en: '\\ud800' is half a character"):
        load_scenario("chain", {"title": {"en": "\ud800", "zh": "x"}})


def test_a_cell_of_forty_thousand_characters_is_cut_in_what_is_said_of_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"name,level,type,owner,place,beds\nA,{'三' * 40_000},general,city,city,100\n", encoding="utf-8")
    with pytest.raises(ListError) as e:
        read_list(path, "hospitals")
    assert all(len(line) < 500 for line in (*e.value.lines, str(e.value)))
    assert "三三… (40,002 characters) is not allowed" in str(e.value)


def test_what_is_cut_says_how_long_it_was_and_short_messages_stay():
    assert cut("x.yaml:3: 'abc' is not allowed") == "x.yaml:3: 'abc' is not allowed"
    assert cut(f"set a: '{'b' * 40_000}' is no date") == f"set a: '{'b' * 59}… (40,002 characters) is no date"
    assert len(cut("a b " * 40_000)) < LONGEST_LINE + 10
