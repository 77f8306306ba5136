"""simlib attribute: what it prints, writes and refuses."""

import json

import pandas as pd
import pytest

from simlib.cli import main
from simlib.experiments.attribution.ledger import COLUMNS

PAIR = ("small-world", "small-world", "--set", "policy=guangzhou", "--set", "name=ours")


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def attribute(capsys, folder):
    def asked(*words):
        common = ("--by", "document", "--world", "middle", "--walks", "4", "--most", "4", "--workers", "1")
        status, out, err = run(capsys, "attribute", *PAIR, *common, "--folder", str(folder), *words)
        assert (status, err) == (0, "")
        return out

    return asked


def test_each_document_stands_with_what_it_is_worth_alone_last_and_on_average(attribute):
    out = attribute()
    assert "small-world: 3 documents\n" in out and "with all of them" in out
    line = next(x for x in out.splitlines() if x.startswith("guangzhou-2026-3"))
    assert line.count(" pp") == 3 and "Guangzhou notice of 2026" in line
    assert "Strongest pairs" in out and "The game is the text without this sentence" in out


def test_it_tells_the_same_in_chinese_and_finds_its_runs_again(attribute):
    attribute()
    out = attribute("--language", "zh")
    assert "本次新运行0次" in out and "单独加入" in out and "个百分点" in out and "worth" not in out


def test_tables_and_pictures_are_written(attribute, tmp_path):
    table, picture = tmp_path / "t.parquet", tmp_path / "w.svg"
    attribute("--out", str(table), "--picture", str(picture), "--all")
    found = pd.read_parquet(table)
    assert list(found.columns) == ["indicator", "by", "group", "unit", *COLUMNS] and found["indicator"].nunique() > 50
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_for_machines_it_is_json(attribute):
    told = json.loads(attribute("--json", "--indicator", "listed_days"))
    assert {r["part"] for r in told["table"]} == {"national-list-2025", "national-2025-16", "guangzhou-2026-3"}
    assert sum(r["worth"] for r in told["table"]) == pytest.approx(told["difference"][0])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*PAIR, "--indicator", "stoked_24m"), "--indicator: unknown indicator 'stoked_24m'"),
        ((*PAIR, "--indicator", "stocked_24m,level"), "expected NAME, or NAME,BY,GROUP"),
        ((*PAIR, "--within", "0"), "--within: '0' is not a number above 0"),
        ((*PAIR, "--walks", "3"), "not a whole number from 4"),
        ((*PAIR, "--picture", "w.gif"), "must end in .svg, .png, .pdf"),
        (("small-world", "small-world"), "same rules"),
        ((*PAIR, "--set", "obedience=full"), "differ in more than rules (obedience)"),
    ],
)
def test_what_cannot_be_attributed_is_refused_in_one_line(capsys, words, told):
    status, out, err = run(capsys, "attribute", *words)
    assert status == 2 and out == "" and told in err and err.count("\n") == 1
