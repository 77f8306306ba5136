"""simlib replay: the same digits, or what differs; and where keys stand."""

import json
from functools import cache

import pytest

from simlib.cli import main
from simlib.experiments import records
from simlib.experiments.attribution.attribute import attribute
from simlib.scenario.scenario import load_scenario

PAIR = ("first", "first", "--set", "policy=national", "--set", "name=ours")
COMMON = ("--by", "document", "--world", "middle", "--walks", "4", "--most", "4", "--workers", "1")
LINE, OTHER = "national-2025-16", "national-list-2025"


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def key(capsys, folder):
    words = ("attribute", *PAIR, *COMMON, "--indicator", "stock_days_survivors,all,all", "--folder", str(folder))
    status, out, _ = run(capsys, *words, "--json")
    assert status == 0
    return json.loads(out)["key"]


@pytest.fixture
def quick(monkeypatch):
    """The first replay is made by the model, those after it find what it made: which digits come out is tested there."""
    monkeypatch.setattr("simlib.experiments.replay.attribute", made)


@cache
def _made(policies, **asked):
    return attribute(*(load_scenario("first", {"policy": p, "name": p}) for p in policies), **asked)


def made(*sides, **asked):
    return _made(tuple(s.policy.name for s in sides), **asked | {"workers": 1})


@pytest.fixture
def replay(capsys, folder):
    return lambda *words: run(capsys, "replay", *words, "--from", str(folder))


def test_a_ledger_ends_with_its_key_in_both_languages(capsys, folder, key):
    words = ("attribute", *PAIR, *COMMON, "--indicator", "stock_days_survivors,all,all", "--folder", str(folder))
    assert f"Key: {key}; of a line, {key}/" in run(capsys, *words)[1].splitlines()[-2]
    assert f"核验码：{key}；" in run(capsys, *words, "--language", "zh")[1]
    assert len(list(folder.rglob("seal-*.json"))) == 1


def test_a_replay_gives_the_same_digits_of_every_line(replay, key):
    status, out, err = replay(key, "--workers", "1")
    assert (status, err) == (0, "")
    assert f"{key}: ours minus first" in out and "It took" in out and "Same digits to the last bit" in out
    assert OTHER in out and LINE in out


def test_one_line_is_told_alone_and_in_chinese(replay, key, quick):
    status, out, _ = replay(f"{key}/{LINE}", "--workers", "1", "--language", "zh")
    assert status == 0 and "数字完全相同" in out and LINE in out and OTHER not in out and "digits" not in out


def test_a_seal_that_was_sent_needs_no_key_and_is_told_to_machines(capsys, folder, key, tmp_path, quick):
    (file,) = folder.rglob("seal-*.json")
    sent = tmp_path / "from-a-colleague.json"
    sent.write_bytes(file.read_bytes())
    status, out, err = run(capsys, "replay", "--from", str(sent), "--json", "--workers", "1")
    told = json.loads(out)
    assert (status, err) == (0, "") and told["key"] == key and told["same"] and told["differs"] == []
    assert told["sealed"] == told["here"] and told["here"][LINE]["value"] is not None


def test_what_differs_is_named_with_the_remedy_and_nothing_is_run(replay, key, monkeypatch):
    there = records.version
    monkeypatch.setattr(records, "version", lambda name: "9.9" if name == "scipy" else there(name))
    monkeypatch.setattr("simlib.experiments.replay.attribute", None)
    status, out, err = replay(key)
    assert (status, err) == (1, "") and "scipy: " in out and "here it is 9.9" in out and "make setup" in out
    assert "Same digits" not in out


def test_anyway_it_is_run_with_what_is_here(replay, key, quick, monkeypatch):
    there = records.version
    monkeypatch.setattr(records, "version", lambda name: "9.9" if name == "scipy" else there(name))
    status, out, _ = replay(key, "--anyway", "--workers", "1")
    assert status == 0 and "here it is 9.9" in out and "Run anyway" in out and "Same digits" in out


def test_a_digit_that_was_changed_in_the_file_comes_out_other(capsys, folder, key, tmp_path, quick):
    (file,) = folder.rglob("seal-*.json")
    data = json.loads(file.read_text(encoding="utf-8"))
    data["digits"][LINE]["low"] += 1e-9
    changed = tmp_path / "seal.json"
    changed.write_text(json.dumps(data), encoding="utf-8")
    status, out, _ = run(capsys, "replay", "--from", str(changed), "--workers", "1")
    assert status == 1 and "1 of " in out and "numbers have other digits" in out
    assert LINE in out.splitlines()[-1] and repr(data["digits"][LINE]["low"]) in out
    assert run(capsys, "replay", f"{key}/difference", "--from", str(changed), "--workers", "1")[0] == 0


def test_what_cannot_be_found_is_refused_in_one_line_that_says_where_was_looked(capsys, folder, key, tmp_path):
    near = key[:-1] + ("0" if key[-1] != "0" else "1")
    asked = [
        (("replay", near, "--from", str(folder)), f"unknown key '{near}'; allowed: {key}; did you mean '{key}'?"),
        (("replay", near, "--from", str(folder)), "(looked below "),
        (("replay", near, "--from", str(tmp_path)), "no seal below"),
        (("replay", near, "--from", str(tmp_path / "none.json")), "no such file or folder"),
        (("replay", f"{key}/national-2025-17", "--from", str(folder)), f"did you mean '{LINE}'?"),
        (("replay",), "KEY is missing"),
    ]
    for words, told in asked:
        status, out, err = run(capsys, *words)
        assert status == 2 and out == "" and told in err and err.count("\n") == 1, words
    (tmp_path / "seal-abc.json").write_text("{", encoding="utf-8")
    status, out, err = run(capsys, "replay", "abc", "--from", str(tmp_path))
    assert status == 2 and "no seal, or a damaged one" in err and err.count("\n") == 1


def test_a_ledger_whose_scenario_cannot_be_sent_says_why_it_has_no_key(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(
        "format: 1\nname: mine\ntitle: {en: M, zh: 我}\nchanges: {policy: national}\n", encoding="utf-8"
    )
    words = ("attribute", "first", "first", "--variant", "mine.yaml", *COMMON, "--folder", str(folder))
    status, out, _ = run(capsys, *words)
    assert status == 0 and "No key: mine.yaml: a variant of your own" in " ".join(out.split())
