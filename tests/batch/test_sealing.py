"""The part of a batch that seals its headlines: a key a place, in the manifest and on the page, and nothing sealed twice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from simlib.batch import comparison
from simlib.batch.base import Batch, Shared, Summary
from simlib.batch.sealing import keys, seal_files, sealing
from simlib.experiments.seals import find_seal
from simlib.experiments.study import gain, load_study
from simlib.report.answer import best_by_region
from simlib.report.report import Report
from simlib.words import LANGUAGES, words
from tests.handed import batch_folder

NAME = "beijing-beijing-default"


@pytest.fixture
def batch(tmp_path):
    """A finished batch's folder, with something done in it."""
    study = batch_folder(tmp_path / "own-rules")
    summary = Summary("own-rules", tmp_path / "own-rules", done=[NAME])
    return Batch(study.experiment, tmp_path / "own-rules", False, 1, 60.0, False, summary, Shared())


def test_each_places_gain_is_sealed_with_the_number_of_the_page(batch):
    sealing(batch)
    (key,) = keys(batch.folder).values()
    found, study = find_seal(key, batch.folder), load_study("own-rules", batch.folder)
    (best,) = best_by_region(study)
    digits = found.digits["difference"]
    assert best.name == NAME == found.asked.scenario.name
    assert [digits[k] for k in ("value", "low", "high")] == pytest.approx(gain(study.pick("stocked_24m").iloc[-1]))
    assert digits["value"] == pytest.approx(best.gain[0], rel=1e-14)
    assert (found.asked.replications, found.asked.world) == (6, "fitted")
    assert {"scenarios/fitted/numbers.csv", "scenarios/policies/beijing.yaml"} < set(found.inputs)
    assert found.asked.scenario.scenario().policy.name == "beijing"


def test_the_manifest_holds_the_keys_and_the_page_shows_one_a_headline_among_its_files(batch):
    sealing(batch)
    key = keys(batch.folder)[NAME]
    loaded = {n: r.scenario for n, r in load_study("own-rules", batch.folder).results.items()}
    comparison.manifest(batch, loaded)
    manifest = json.loads((batch.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seals"] == {NAME: key} and f"seals/seal-{key}.json" in manifest["files"]
    study = load_study("own-rules", batch.folder)
    for language in LANGUAGES:
        report = Report(study, language)
        section = report.section("scenarios").data
        assert section.count(key) == 1 and words(language)["seal_caption"] in section
        assert key not in report.section("heading").data
    none = Report(replace(study, manifest={}), "en").section("scenarios").data
    assert words("en")["seal_caption"] not in none


def test_what_is_sealed_stays_and_seals_of_other_runs_go(batch):
    sealing(batch)
    (path,) = seal_files(batch.folder)
    before = path.stat().st_mtime_ns
    old = path.with_name("seal-0123456789ab.json")
    old.write_bytes(path.read_bytes())
    sealing(batch)
    assert seal_files(batch.folder) == [path] and path.stat().st_mtime_ns == before
    path.unlink()
    sealing(replace(batch, summary=Summary("own-rules", batch.folder)))  # nothing was done
    assert seal_files(batch.folder) == []
