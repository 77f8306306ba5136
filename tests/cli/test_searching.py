"""simlib search: what it prints, draws, writes and refuses."""

import json

import numpy as np
import pandas as pd
import pytest

from simlib.cli import main
from simlib.experiments.discovery import search as module
from simlib.experiments.discovery.search import COLUMNS

SIDES = ("guangzhou-guangzhou-default", "guangzhou-before-reform-default")
WORDS = (
    "search",
    *SIDES,
    "--by",
    "document",
    "--most",
    "1",
    "--world",
    "middle",
    "--generations",
    "1",
    "--workers",
    "1",
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Made-up indicators in place of the model's: the notice of Guangzhou brings 5 points, each other document a little."""

    def each(scenario, replication):
        names = {r.document for layer in scenario.policy.layers for r in layer.rules}
        luck = np.random.default_rng([replication, len(names)]).normal(0, 0.002)
        gain = 0.1 + 0.05 * ("guangzhou-2026-3" in names) + 0.001 * len(names) + luck
        return {("stocked_24m", "level", "3"): gain, ("fund_million", "year", "2026"): 7.0 * len(names)}

    monkeypatch.setattr(module, "of_one", each)


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_best_document_is_told_with_its_title_gain_and_cost_beside_all_of_them(capsys, tmp_path):
    picture, table = tmp_path / "front.svg", tmp_path / "front.csv"
    words = (*WORDS, "--folder", str(tmp_path / "runs"), "--fresh", "16")
    status, out, err = run(capsys, *words, "--picture", str(picture), "--out", str(table))
    assert (
        (status, err) == (0, "")
        and "The best set found has 1: it brings +5." in out
        and "costs +7.0 million yuan" in out
    )
    said = " ".join(out.split())
    assert "all of them together bring" in said and "cite this one" in said
    rows = pd.read_csv(table)
    assert list(rows) == COLUMNS and rows["set"][0] == "guangzhou-2026-3" and rows["best"].tolist().count(True) == 1
    assert picture.read_text(encoding="utf-8").startswith("<?xml") and any((tmp_path / "runs").rglob("*.parquet"))
    zh = run(capsys, *words, "--language", "zh")[1]
    assert "找到的最优组合含1个" in zh and "引用时应使用这个数" in zh.replace("\n", "")


def test_where_all_documents_together_are_the_best_set_it_says_so(capsys, tmp_path):
    words = ["3" if w == "1" and WORDS[i - 1] == "--most" else w for i, w in enumerate(WORDS)]
    out = run(capsys, *words, "--folder", str(tmp_path), "--fresh", "16")[1]
    assert "The best set found is all 3 of them: they bring +5." in out and "all of them together" not in out


def test_a_search_goes_to_machines(capsys, tmp_path):
    told = json.loads(run(capsys, *WORDS, "--folder", str(tmp_path), "--fresh", "16", "--budget", "6", "--json")[1])
    assert told["budget"] == 6 and told["table"][0]["parts"] == 0 and told["worlds"][2] == 16


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*WORDS, "--budget", "-1"), "no set of"),
        ((*WORDS, "--money", "funds"), "--money: unknown indicator 'funds'"),
        (("search", *SIDES, "--most", "0"), "--most"),
        ((*WORDS, "--budget", "inf"), "--budget inf: expected a number"),
        (("search", SIDES[0], SIDES[0]), "same rules"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(capsys, tmp_path, words, told):
    status, out, err = run(capsys, *words, "--folder", str(tmp_path))
    assert status == 2 and out == "" and told in err and err.count("\n") == 1
