"""What a batch left is read as it fits: tables of moved assumptions only where they are of the runs that lie there."""

import pytest

from simlib.documents.content import handout
from simlib.experiments.store import write_sensitivity
from simlib.experiments.study import load_study
from simlib.report.report import Report
from tests.handed import MOVED, batch_folder
from tests.report.made_up import moved


@pytest.fixture
def folder(tmp_path):
    batch_folder(tmp_path / "own-rules")
    return tmp_path / "own-rules"


def test_a_table_of_moved_assumptions_of_these_runs_is_shown(folder):
    study = load_study("own-rules", folder)
    assert list(study.sensitivity) == [MOVED] and study.unfit == {}
    assert "left out, since" not in Report(study, "en").section("sensitivity").data


def test_one_of_other_runs_is_left_out_and_the_report_says_so_in_both_languages(folder):
    results = load_study("own-rules", folder).results
    other = next(r.scenario for n, r in results.items() if n.startswith("beijing-national"))
    write_sensitivity(
        moved(0.24, {"a.b": (0.1, 0.9)}), (results[MOVED].scenario, other), folder / "sensitivity" / f"{MOVED}.parquet"
    )
    study = load_study("own-rules", folder)
    assert study.sensitivity == {} and "other versions" in study.unfit[MOVED]
    said = Report(study, "both").section("sensitivity").data
    assert f"{MOVED} is left out, since it was not computed from these runs" in said
    assert f"{MOVED}的敏感性表或执行程度表并非由这些运行算出" in said and "tornado" not in said
    told = [p.text for p in handout(study, "en").chapter("hinges").parts if getattr(p, "kind", "") == "warn"]
    assert len(told) == 1 and "run `simlib batch own-rules` again" in told[0]


def test_one_whose_baseline_has_no_result_is_left_out(folder):
    base = load_study("own-rules", folder).experiment.cell(MOVED).baseline
    (folder / "scenarios" / f"{base}.json").unlink()
    assert f"its baseline {base} has no result" in load_study("own-rules", folder).unfit[MOVED]
