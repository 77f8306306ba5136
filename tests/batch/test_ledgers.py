"""Finished ledgers reach the page of a batch: those of the same scenarios and code, and no others."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from simlib.batch import ledgers as module
from simlib.batch.base import Batch, Shared, Summary
from simlib.batch.ledgers import finished, ledgers
from simlib.experiments.attribution.coalitions import folder_of
from simlib.experiments.attribution.parts import game
from simlib.experiments.recipes import recipe_of
from simlib.experiments.seals import Asked, Shares, seal, write_seal
from simlib.experiments.study import load_study
from simlib.report.report import Report
from tests.handed import batch_folder

NAME = "beijing-beijing-default"
SHARES = {"by": "clause", "together": False, "exactly": None, "within": None, "worlds": 8, "most": 96, "top": 6}


@pytest.fixture
def batch(tmp_path, monkeypatch):
    """A finished batch's folder, and a place beside it where ledgers lie."""
    (tmp_path / "outputs" / "attribution").mkdir(parents=True)
    monkeypatch.setattr(module, "home", lambda: tmp_path)
    study = batch_folder(tmp_path / "own-rules")
    return Batch(
        study.experiment,
        tmp_path / "own-rules",
        False,
        1,
        60.0,
        False,
        Summary("own-rules", tmp_path / "own-rules"),
        Shared(),
    )


def pair(batch):
    study = load_study("own-rules", batch.folder)
    cell = study.experiment.cell(NAME)
    return study, [study.results[n].scenario for n in (cell.name, cell.baseline)], [cell.name, cell.baseline]


def made(batch, tmp_path, of=100, key=("stocked_24m", "level", "3"), **shares):
    """A ledger of made-up digits: the first clause is worth 8 points, the second 4, each other one nothing."""
    study, sides, names = pair(batch)
    recipes = [recipe_of(study.experiment.cell(n).document) for n in names]
    asked = Asked(
        what="ledger", scenario=recipes[0], baseline=recipes[1], indicator=list(key), world="fitted",
        shares=Shares(**SHARES | shares),
    )  # fmt: skip
    played = game(*sides)
    worth = dict(zip((p.name for p in played.parts), (0.08, 0.04), strict=False))
    digits = {"difference": {"value": 0.12, "low": 0.1, "high": 0.14}}
    for p in played.parts:
        x = worth.get(p.name, 0.0)
        digits[p.name] = {"value": x, "low": x - 0.01, "high": x + 0.01, "alone": x / 2, "last": x}
    return write_seal(seal(asked, sides, digits, 60.0, of, of), folder_of(tmp_path / "outputs" / "attribution", played))


def test_a_finished_ledger_stands_on_the_page_in_both_languages_with_its_key(batch, tmp_path):
    path = made(batch, tmp_path)
    ledgers(batch)
    study, sides, _ = pair(batch)
    assert study.ledgers[NAME].key == json.loads(path.read_text(encoding="utf-8"))["key"]
    first = game(*sides).parts[0].name
    for language, said in (("en", "(+7.0 to +9.0)"), ("zh", "(+7.0 至 +9.0)")):
        section = Report(study, language).section("clauses").data
        assert "+8.0" in section and said in section and first in section and study.ledgers[NAME].key in section
        assert "simlib attribute" not in section


def test_a_place_without_a_ledger_shows_the_command_that_makes_one(batch):
    ledgers(batch)
    section = Report(load_study("own-rules", batch.folder), "en").section("clauses").data
    assert f"simlib attribute {NAME} beijing-before-reform-default" in section
    assert not (batch.folder / "ledgers").exists()


def test_a_ledger_of_other_inputs_or_another_question_is_not_taken_over(batch, tmp_path, monkeypatch):
    runs = tmp_path / "outputs" / "attribution"
    made(batch, tmp_path, key=("listed_days", "all", "all"))
    _, sides, _ = pair(batch)
    assert finished(sides, runs) is None
    path = made(batch, tmp_path)
    assert finished(sides, runs) == path
    monkeypatch.setattr(module, "differing", lambda seal: [("inputs", "scenarios/readings.yaml", "a", "b")])
    assert finished(sides, runs) is None and finished([sides[0], sides[0]], runs) is None


def test_of_several_the_one_that_rests_on_most_runs_is_taken_and_an_old_copy_goes(batch, tmp_path):
    made(batch, tmp_path, of=100)
    more = made(batch, tmp_path, of=900, within=0.3)
    ledgers(batch)
    copy = batch.folder / "ledgers" / f"{NAME}.json"
    assert copy.read_bytes() == more.read_bytes()
    stamp = copy.stat().st_mtime_ns
    ledgers(batch)
    assert copy.stat().st_mtime_ns == stamp
    (batch.folder / "ledgers" / "old.json").write_text("{}", encoding="utf-8")
    ledgers(batch)
    assert [p.name for p in (batch.folder / "ledgers").iterdir()] == [copy.name]


def test_a_page_whose_ledger_is_damaged_says_how_to_make_it(batch, tmp_path):
    made(batch, tmp_path)
    ledgers(batch)
    (batch.folder / "ledgers" / f"{NAME}.json").write_text("{}", encoding="utf-8")
    study = load_study("own-rules", batch.folder)
    assert study.ledgers == {} and "simlib attribute" in Report(replace(study), "en").section("clauses").data
