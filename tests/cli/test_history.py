"""`simlib trace` and `simlib events`, as a user meets them."""

import json

import pandas as pd
import pytest

from simlib.cli import main

TOY = ["--scenario", "chain"]


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_trace_tells_one_pair_in_english_and_chinese(capsys):
    status, out, _ = run(capsys, "trace", "drug-1", "h-7", *TOY)
    assert status == 0 and "approved for the market" in out and len(out.splitlines()) <= 25
    status, out, _ = run(capsys, "trace", "drug-1", "h-7", *TOY, "--language", "zh")
    assert status == 0 and "获批上市" in out and "approved" not in out


def test_another_replication_and_a_change_tell_another_story(capsys):
    told = [run(capsys, "trace", "drug-1", "h-7", *TOY, *more)[1] for more in ([], ["--replication", "3"], ["--set", "purchase.time=5 days"])]  # fmt: skip
    assert len(set(told)) == 3


def test_trace_of_a_drug_alone_lists_its_hospitals_with_a_word_each(capsys):
    status, out, _ = run(capsys, "trace", "drug-1", *TOY)
    assert status == 0 and "1000 hospitals" in out and "in regular stock 20" in out and "--all" in out
    assert len(out.splitlines()) < 60
    assert len(run(capsys, "trace", "drug-1", *TOY, "--all")[1].splitlines()) > 1000
    rows = json.loads(run(capsys, "trace", "drug-1", *TOY, "--json")[1])["hospitals"]
    assert len(rows) == 1000 and set(rows[0]) == {"hospital", "level", "type", "owner", "state", "stocked"}


def test_trace_for_machines_is_json(capsys):
    status, out, _ = run(capsys, "trace", "drug-1", "h-7", *TOY, "--json")
    data = json.loads(out)
    assert status == 0 and data["hospital"] == "h-7" and data["steps"][0]["zh"] == "获批上市"


@pytest.mark.parametrize(
    "words",
    [
        ["trace", "drug-11", "h-7", *TOY],
        ["trace", "drug-1", "h-70000", *TOY],
        ["trace", "drug-1", "h-7", "--scenario", "chian"],
        ["trace", "drug-1", "h-7", *TOY, "--replication", "-1"],
        ["trace", "drug-1", "h-7", *TOY, "--language", "fr"],
        ["trace"],
        ["events", "chain"],
        ["events", "chain", "events.csv"],
        ["events", "chain", "/no/such/folder/e.parquet"],
    ],
)
def test_whatever_is_wrong_is_one_line_and_status_2(capsys, words):
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and len(err.strip().splitlines()) == 1 and err.startswith("simlib: ")


def test_the_nearest_name_is_offered(capsys):
    assert "did you mean 'drug-1'?" in run(capsys, "trace", "drag-1", "h-7", *TOY)[2]


def test_events_writes_the_table_of_one_replication(capsys, tmp_path):
    path = tmp_path / "e.parquet"
    status, out, _ = run(capsys, "events", "chain", str(path), "--replication", "2")
    table = pd.read_parquet(path)
    assert status == 0 and str(len(table)) in out and "stocked" in out
    before = path.read_bytes()
    status, _, said = run(capsys, "events", "chain", str(path), "--replication", "2", "--json")
    assert status == 2 and "exists already; name another file, or add --force to replace it" in said
    assert path.read_bytes() == before
    words = ("events", "chain", str(path), "--replication", "2", "--json", "--force")
    counts = json.loads(run(capsys, *words)[1])["outcomes"]
    assert counts == {k: n for k, n in table["outcome"].value_counts().to_dict().items() if n}
