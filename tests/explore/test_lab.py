"""simlib lab: a server for this machine alone, with a new token each time."""

from __future__ import annotations

import json

import pytest

from simlib.cli import main, parser
from simlib.cli_lab import lab_words
from simlib.files import home


def test_the_server_is_for_this_machine_alone_and_has_a_new_token_each_time():
    one, two = (lab_words(parser().parse_args(["lab", "--no-browser"])) for _ in range(2))
    tokens = [next(w for w in words if "token" in w).partition("=")[2] for words in (one, two)]
    assert "--ServerApp.ip=127.0.0.1" in one and "--no-browser" in one
    assert len(set(tokens)) == 2 and all(len(t) >= 32 for t in tokens)


def test_a_port_that_is_none_is_refused_in_one_line(capsys):
    assert main(["lab", "--port", "80"]) == 2
    assert capsys.readouterr().err == "simlib: --port 80: expected a number from 1024 to 65535\n"


def test_the_notebook_calls_explore_with_its_parameters_and_nothing_else():
    cells = json.loads((home() / "notebooks/explore.ipynb").read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["source"]).endswith("simlib.explore(language, region, policy, replications)")
    assert [c["id"] for c in cells] == ["about", "parameters", "explore"]


@pytest.mark.parametrize("words", [["lab", "--help"]])
def test_its_help_says_what_it_is(words, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(words)
    assert "--port" in capsys.readouterr().out
