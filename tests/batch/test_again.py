"""The part of a batch that runs worlds again: which scenarios, how many worlds, and that what belongs together is read together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.batch import again as part
from simlib.batch.base import Batch, Shared, Summary
from simlib.experiments.plausible import PARTS, parts
from simlib.experiments.study import LEVEL, MAIN, load_study
from simlib.scenario.drawn import AGAIN, OTHERS
from tests.handed import batch_folder

OWN, BEFORE = "beijing-beijing-default", "beijing-before-reform-default"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A finished batch's folder, how to run the part in it, and the stretches of replications that were asked for."""
    folder, asked = tmp_path / "own-rules", []
    study = batch_folder(folder)

    def instead(scenario, n, workers, progress, first):
        """Other histories of the scenario that was asked for."""
        asked.append((scenario.name, first, n))
        result = study.results[scenario.name]
        rows = (np.arange(n) + first // AGAIN) % len(result.values.columns)
        values = result.values.iloc[:, rows].set_axis(range(first, first + n), axis=1)
        return replace(result, values=values, curves=result.curves[rows])

    monkeypatch.setattr(part, "simulate", instead)
    monkeypatch.setattr(part, "TWICE", 4)
    monkeypatch.setattr(part, "THIRD", 5)
    loaded = {n: r.scenario for n, r in study.results.items()}

    def run(experiment=study.experiment) -> Summary:
        summary = Summary("own-rules", folder)
        part.again(Batch(experiment, folder, False, 1, 60.0, False, summary, Shared()), loaded)
        return summary

    return folder, run, asked, study


def test_scenarios_at_default_obedience_run_worlds_again_with_other_luck_and_with_other_unfitted_numbers_once(made):
    folder, run, asked, study = made
    ours = [
        c.name for c in study.experiment.cells if c.obedience == "default" and not c.reading and c.name in study.results
    ]
    summary = run()
    assert {f"{name} again" for name in ours} <= set(summary.done)
    assert [x for x in asked if x[0] == OWN] == [(OWN, AGAIN, part.TWICE), (OWN, OTHERS, part.THIRD)]
    before = len(asked)
    assert not run().done and len(asked) == before


def test_a_study_reads_both_stretches_and_tells_the_parts_of_the_spread(made):
    folder, run, _, _ = made
    run()
    found = load_study("own-rules", folder).plausible(OWN, BEFORE)
    assert list(found.again) == list(range(part.TWICE)) and list(found.others) == list(range(part.THIRD))
    shares = parts([found], MAIN, *LEVEL)
    assert list(shares.index) == list(PARTS) and shares["share"].sum() == pytest.approx(1.0)


def test_the_nation_is_not_run_a_third_time_and_numbers_in_the_middle_are_not_run_again(made):
    folder, run, asked, study = made
    own = next(c for c in study.experiment.cells if c.name == OWN)
    batch = Batch(study.experiment, folder, False, 1, 1.0, False, Summary("own-rules", folder), Shared())
    assert [part._third(batch, replace(own, region=r)) for r in ("nation", "beijing")] == [0, part.THIRD]
    middle = replace(study.experiment, cells=tuple(replace(c, world="middle") for c in study.experiment.cells))
    assert not run(middle).done and not asked
