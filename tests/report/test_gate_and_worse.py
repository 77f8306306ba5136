from dataclasses import replace

import numpy as np
import pytest

from simlib.experiments.study import KEY
from simlib.report.gate import Check, checks
from simlib.report.hypertext import hypertext
from simlib.report.side_effects import explanation, search, why_words, worse_nodes
from simlib.words import words
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


def verdicts(study):
    return {(c.key, c.group): c.verdict for c in checks(study)}


def test_published_figures_are_held_against_the_runs_themselves_and_not_against_a_band_of_the_models_own():
    found = [c for c in checks(made_up(MEANS)) if c.source]
    assert [(c.source, c.low, c.high) for c in found] == [
        ("S1", 0.078, 0.078), ("S2", 0.6, 0.6), ("S3", pytest.approx(8.487, abs=1e-3), pytest.approx(8.487, abs=1e-3)),
        ("A4", 0.4, 0.4), ("C1", 448, 540.5),
    ]  # fmt: skip
    said = {c.key: c.verdict for c in found}  # the made-up runs have no luck in these
    assert said["snapshot_median"] == "below" and said["entered_same_year"] == "within"
    assert said["entered_days_median"] == "below"


def test_a_figure_within_the_luck_of_the_runs_is_within_and_one_beside_it_is_not():
    line = Check("snapshot_median", "", 0.078, 0.078, (0.07, 0.06, 0.08))
    assert line.verdict == "within" and replace(line, value=(0.07, 0.06, 0.077)).verdict == "below"
    assert replace(line, value=(0.09, 0.079, 0.1)).verdict == "above"
    assert replace(line, value=(0.07, np.nan, np.nan)).verdict == "below"  # one replication has no luck to speak of


def test_that_a_rulebook_gains_or_stays_below_half_is_no_law():
    losing = made_up({"before-reform": 0.3, "national": 0.2, "beijing": 0.8})
    assert {key for key, _ in verdicts(losing)} == {key for key, _ in verdicts(made_up(MEANS))}
    assert verdicts(losing)["none", ""] == "within"


def test_the_gate_says_when_the_nation_was_not_run():
    study = made_up(MEANS, regions=("beijing",))
    assert not any(c.source for c in checks(study))


def test_nothing_is_called_worse_where_every_rulebook_helps():
    study = made_up(MEANS, n=8)
    lower = {"gap_levels", "gap_city_county", "months_without_24m", "months_unstocked_24m"}
    days = {"listed_days", "first_hospital_days", "hospital_days"}
    found = search(study).worse
    assert set(found["indicator"]) <= lower | days  # the made-up numbers rise in these too, which is worse


def test_a_loss_is_found_against_before_reform_and_against_the_rulebook_below():
    study = made_up({"before-reform": 0.40, "national": 0.30, "beijing": 0.20}, regions=("beijing",), n=8)
    found = search(study).worse
    mine = found[
        (found["indicator"] == "stocked_24m") & (found["policy"] == "beijing") & (found["obedience"] == "full")
    ]
    assert set(mine["against"]) == {"beijing-before-reform-full", "beijing-national-full"}
    assert (mine["high"] < 0).all()


def test_few_replications_call_nothing_worse():
    study = made_up({"before-reform": 0.40, "national": 0.20}, regions=("beijing",), n=2)
    assert len(search(study).worse) == 0
    assert "Not searched" in hypertext(worse_nodes(study, words("en")))


def test_an_explanation_names_what_moved():
    study = made_up({"before-reform": 0.10, "national": 0.30}, regions=("beijing",), n=8)
    effect = study.paired("beijing-national-full", "beijing-before-reform-full")
    why = explanation(effect.table().set_index(KEY), "3")
    assert why
    assert any(w in why_words(why, words("en")) for w in ("locked out", "agenda", "room", "catalogue", "listing"))
    assert why_words("", words("en")).startswith("none of")


def test_a_missing_baseline_leaves_differences_out_instead_of_failing():
    study = made_up(MEANS)
    results = {k: v for k, v in study.results.items() if k != "beijing-before-reform-default"}
    table = replace(study, results=results).table
    rows = table[table["scenario"] == "beijing-beijing-default"]
    assert np.isnan(rows["difference"]).all()
