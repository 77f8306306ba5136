"""The part of a batch that moves obedience: which scenarios, which shares, and that nothing is done twice."""

from __future__ import annotations

import pytest

from simlib.batch import obedience as part
from simlib.batch.base import Batch, Shared, Summary
from simlib.experiments.obedience_curve import drawn
from simlib.experiments.study import load_study
from tests.handed import batch_folder

NAME = "beijing-beijing-default"
DONE = f"obedience of {NAME}"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A finished batch's folder, how to run the part in it, and the shares that each run was asked for."""
    folder, asked = tmp_path / "own-rules", []
    study = batch_folder(folder)
    three = drawn(study)["beijing"].by_run
    usual = drawn(study)["beijing"].default

    def instead(pair, shares, n, workers=None):
        asked.append((pair[0].policy.name, tuple(shares), n))
        rows = three.loc[[usual]][list(range(min(n, three.shape[1])))]
        return rows.rename({usual: shares[0]}, level="share")

    monkeypatch.setattr(part, "differences", instead)
    loaded = {n: r.scenario for n, r in study.results.items()}

    def run() -> Summary:
        summary = Summary("own-rules", folder)
        part.obedience(Batch(study.experiment, folder, False, 1, 60.0, False, summary, Shared()), loaded)
        return summary

    return folder, run, asked


def test_each_places_own_rules_run_at_the_shares_between_the_degrees_once(made):
    folder, run, asked = made
    assert run().done == [DONE] and asked == [("beijing", (0.1, 0.2, 0.4, 0.6, 0.8), part.MOST)]
    curve = drawn(load_study("own-rules", folder))["beijing"]
    assert 0.1 < curve.default < 0.9 and list(curve.points().index) == [0.0, 0.1, curve.default, 1.0]
    again = run()
    assert (again.done, again.unchanged, len(asked)) == ([], [DONE], 1)


def test_a_curve_that_was_changed_or_lost_is_made_again_and_one_of_another_scenario_goes(made):
    folder, run, asked = made
    run()
    (folder / "obedience" / f"{NAME}.parquet").write_bytes(b"no table")
    (folder / "obedience" / "beijing-sichuan-default.parquet").write_bytes(b"of old")
    assert run().done == [DONE] and len(asked) == 2
    assert {p.stem for p in (folder / "obedience").iterdir()} == {NAME}


def test_a_curve_that_fails_fails_alone_and_leaves_no_table(made, monkeypatch):
    folder, run, _ = made
    monkeypatch.setattr(part, "differences", lambda *args: 1 / 0)
    assert run().failed == {DONE: "ZeroDivisionError: division by zero"}
    assert list((folder / "obedience").iterdir()) == [] and "beijing" in drawn(load_study("own-rules", folder))
