"""simlib hinge and simlib worth: what they print, write and refuse."""

import json

import numpy as np
import pandas as pd
import pytest

from simlib.cli import main
from simlib.experiments import hinge, plausible, worth
from simlib.experiments.hinge import COLUMNS
from simlib.experiments.run import Result
from simlib.scenario.drawn import numbers_of

KEY = ("stocked_24m", "level", "3")


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A made-up answer in place of the model's: it hangs on one number of each world, and each run takes no time."""

    def simulate(scenario, n, workers=None, progress=True, first=0):
        index = pd.MultiIndex.from_tuples([KEY], names=["indicator", "by", "group"])
        own = [numbers_of(scenario, k)["asking.lambda0"] for k in range(first, first + n)]
        better = {"guangzhou": 0.05, "national": 0.02}.get(scenario.policy.name, 0.0)
        luck = [np.random.default_rng(k).normal(0, 0.005) for k in range(first, first + n)]
        values = [0.1 + better * (x - 1.2) + z for x, z in zip(own, luck, strict=True)]
        frame = pd.DataFrame([values], index=index, columns=range(first, first + n))
        return Result(scenario, frame, np.zeros((n, 3, 1)), 0.0)

    for module in (plausible, worth):
        monkeypatch.setattr(module, "simulate", simulate)
    monkeypatch.setattr(hinge, "RESAMPLED", 4)
    monkeypatch.setattr(hinge, "parallel", lambda workers: lambda tasks: (t[1][1] == "asking.lambda0" for t in tasks))


NATIONAL, BEFORE = "guangzhou-national-default", "guangzhou-before-reform-default"


def test_the_number_that_an_answer_hangs_on_stands_first_with_its_part(capsys):
    words = ("hinge", "guangzhou-guangzhou-default", BEFORE, "--rows", "48", "--world", "assumed")
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "")
    line = next(x for x in out.splitlines() if x.startswith("1 "))
    assert "asking.lambda0" in line and "more" in line and "of 48 worlds (" in out
    assert "numbers could not be told from numbers that do nothing in 48 worlds" in out
    zh = run(capsys, *words, "--language", "zh")[1]
    assert "占各世界方差的比例" in zh and "个世界中有" in zh


def test_hinges_go_to_files_and_machines(capsys, tmp_path):
    words = ("hinge", "guangzhou-guangzhou-default", BEFORE, "--rows", "32", "--world", "assumed")
    told = json.loads(run(capsys, *words, "--json", "--out", str(tmp_path / "t.csv"))[1])
    assert told["worlds"] == 32 and 0 <= told["luck"] <= 1 and told["table"][0]["path"] == "asking.lambda0"
    assert list(pd.read_csv(tmp_path / "t.csv").columns) == COLUMNS


def test_the_number_most_worth_knowing_before_choosing_stands_first(capsys):
    words = ("worth", "guangzhou-guangzhou-default", NATIONAL, BEFORE, "--rows", "32", "--world", "assumed")
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "") and "asking.lambda0" in out and "To know all numbers that matter" in out
    told = json.loads(run(capsys, *words, "--json")[1])
    assert {c["choice"] for c in told["choices"]} == {"guangzhou-guangzhou-default", NATIONAL, BEFORE} and told[
        "everything"
    ] > 0
    assert sum(c["best_in"] for c in told["choices"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("worth", NATIONAL), "needs two scenarios or more"),
        (("worth", NATIONAL, BEFORE, "--world", "middle"), "'middle' is not allowed"),
        (("hinge", NATIONAL, BEFORE, "--rows", "4"), "not a whole number from 16"),
        (("hinge", NATIONAL, "--indicator", "stoked"), "unknown indicator 'stoked'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(capsys, words, told):
    status, out, err = run(capsys, *words)
    assert status == 2 and out == "" and told in err and err.count("\n") == 1
