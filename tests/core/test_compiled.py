"""Compiled code: made once on a machine, and said when it must be made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simlib.cli import main
from simlib.cli.application import parse
from simlib.core import compiled

numba = pytest.importorskip("numba")


def test_compiled_code_is_missing_until_something_of_these_sources_lies_on_the_disk(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compiled, "PLAIN", False)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "none-yet"))
    assert compiled.cold()
    (tmp_path / "none-yet/stages").mkdir(parents=True)
    (tmp_path / "none-yet/stages/use.one.nbc").touch()
    assert not compiled.cold()
    monkeypatch.setattr(compiled, "PLAIN", True)  # plain Python never compiles
    assert not compiled.cold()


@pytest.mark.parametrize(
    ("command", "cold", "said"), [("run", True, True), ("run", False, False), ("diff", True, False)]
)
def test_a_command_that_must_compile_first_says_so_to_who_looks_on(command, cold, said, monkeypatch, capsys):
    monkeypatch.setattr(compiled, "cold", lambda: cold)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    words = ["small-world", *(["sichuan"] if command == "diff" else [])]
    monkeypatch.setattr(parse([command, *words]).command, "callback", lambda **given: 0)
    assert main([command, *words]) == 0
    out, err = capsys.readouterr()
    assert ("compiling the model, once on this machine" in err) == said and not out
