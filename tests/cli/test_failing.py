"""simlib fails: what it prints, draws, writes and refuses."""

import json

import numpy as np
import pandas as pd
import pytest

from simlib.cli import main
from simlib.experiments import plausible
from simlib.experiments.discovery import fails
from simlib.experiments.run import Result
from simlib.scenario.drawn import numbers_of

KEY = ("stocked_24m", "level", "3")
SIDES = ("guangzhou-guangzhou-default", "guangzhou-before-reform-default")
WORDS = ("fails", *SIDES, "--rows", "144", "--world", "assumed", "--workers", "1")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A made-up answer in place of the model's: the gain is negative where one number of a world is low; each run takes no time."""

    known = {}  # worlds are the same under every policy

    def asked(scenario, k):
        if k not in known:
            known[k] = numbers_of(scenario, k)["asking.lambda0"]
        return known[k]

    def simulate(scenario, n, workers=None, progress=True, first=0):
        index = pd.MultiIndex.from_tuples([KEY], names=["indicator", "by", "group"])
        own = [asked(scenario, k) for k in range(first, first + n)]
        better = 0.2 if scenario.policy.name == "guangzhou" else 0.0
        luck = [np.random.default_rng(k).normal(0, 0.005) for k in range(first, first + n)]
        values = [0.1 + better * (x - 1.2) + z * better for x, z in zip(own, luck, strict=True)]
        frame = pd.DataFrame([values], index=index, columns=range(first, first + n))
        return Result(scenario, frame, np.zeros((n, 3, 1)), 0.0)

    monkeypatch.setattr(plausible, "simulate", simulate)
    monkeypatch.setattr(fails, "RESAMPLED", 2)
    monkeypatch.setattr(fails, "POINTS", 512)


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_worlds_in_which_a_gain_is_lost_are_told_by_the_number_that_loses_it(capsys, tmp_path):
    picture, table = tmp_path / "box.svg", tmp_path / "box.csv"
    status, out, err = run(capsys, *WORDS, "--picture", str(picture), "--out", str(table))
    assert (status, err) == (0, "") and "Box 1: " in out
    assert "Checked on worlds kept apart: −" in out
    line = next(x for x in out.splitlines() if "asking.lambda0" in x)
    assert "at most 1." in line and "found again" in line and "of 144 worlds (" in out
    (row,) = pd.read_csv(table).to_dict("records")
    assert row["path"] == "asking.lambda0" and 1.1 < row["high"] < 1.3 and row["density"] > 0.9 and row["mean"] < 0
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    zh = run(capsys, *WORDS, "--language", "zh")[1]
    assert "区域1" in zh and "不高于1." in zh


def test_a_gain_that_is_asked_to_be_larger_is_missed_in_more_worlds(capsys):
    less, more = (json.loads(run(capsys, *WORDS, "--above", x, "--json")[1]) for x in ("-5", "10"))
    assert 0 < less["short"] < more["short"] < 144 == more["worlds"]
    assert more["limits"][0]["high"] > less["limits"][0]["high"]


def test_a_conclusion_that_holds_in_every_world_is_said_to(capsys):
    status, out, _ = run(capsys, *WORDS, "--above", "-90")
    assert status == 0 and "there is no region in which it fails" in out and "in 0 of 144 worlds" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("fails", *SIDES, "--rows", "50"), "not a whole number from 96"),
        (("fails", *SIDES, "--world", "middle"), "'middle' is not allowed"),
        (("fails", *SIDES, "--above", "much"), "--above"),
        (("fails", *SIDES, "--above", "nan"), "--above nan: expected a number"),
        (("fails", *SIDES, "--rows", "4096"), "--rows"),
        (("fails", *SIDES, "--picture", "box.doc"), "--picture"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(capsys, words, told):
    status, out, err = run(capsys, *words)
    assert status == 2 and out == "" and told in err and err.count("\n") == 1
