"""Where one can explore: regions, cohorts with years that do them justice, and the files whose edits make another world."""

from __future__ import annotations

import os
from datetime import date

import pytest

from simlib.core.files import read_yaml, scenarios
from simlib.workbench.places import SMALL, cohort_dates, cohorts, inputs, is_named, regions


def test_the_small_world_comes_first_and_every_region_of_the_folder_follows():
    assert regions()[0] == SMALL
    assert set(regions()[1:]) == {p.stem for p in (scenarios() / "regions").glob("*.yaml")}


@pytest.mark.parametrize("cohort", cohorts())
def test_a_run_begins_before_a_cohorts_first_drugs_and_ends_after_its_last(cohort):
    start, policy_from, end = (date.fromisoformat(cohort_dates(cohort)[k]) for k in ("start", "policy_from", "end"))
    assert start < policy_from < end
    years = [int(y) for y in read_yaml(scenarios() / "cohorts" / f"{cohort}.yaml").data.get("yearly_counts", {})]
    if cohort.startswith("synthetic"):
        assert start.year == min(years) and end.year > max(years)


def test_a_name_is_a_scenario_or_is_not():
    assert is_named("sichuan-sichuan-default") and not is_named("sichuan-sichuan-hopeful")


def test_files_of_worlds_are_watched_and_saved_variants_are_not(tmp_path, monkeypatch):
    for name in ("policies/a.yaml", "variants/b.yaml", "schema/c.json"):
        (tmp_path / "scenarios" / name).parent.mkdir(parents=True)
        (tmp_path / "scenarios" / name).write_text("a: 1\n", encoding="utf-8")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    before = inputs()
    for name in ("variants/b.yaml", "schema/c.json"):
        os.utime(tmp_path / "scenarios" / name, ns=(1, 1))
    assert inputs() == before
    os.utime(tmp_path / "scenarios/policies/a.yaml", ns=(1, 1))
    assert inputs() != before
