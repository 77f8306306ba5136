from dataclasses import replace

import numpy as np

from simlib.experiments.study import KEY
from simlib.report.gate import checks, gate_tables
from simlib.report.hypertext import hypertext
from simlib.report.side_effects import explanation, search, why_words, worse_nodes
from simlib.words import words
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


def test_the_gate_holds_where_every_figure_lies_inside():
    found = checks(made_up(MEANS))
    assert len([c for c in found if c.key.startswith(("snapshot", "entered"))]) == 6
    assert all(c.inside is not False for c in found)


def test_the_gate_fails_where_a_rulebook_passes_half_or_loses():
    high = {c.key: c.inside for c in checks(made_up({"before-reform": 0.1, "national": 0.8})) if c.inside is not None}
    assert high["half"] is False
    low = {c.key: c.inside for c in checks(made_up({"before-reform": 0.3, "national": 0.2})) if c.inside is not None}
    assert low["gains"] is False


def test_the_gate_says_when_the_nation_was_not_run():
    study = made_up(MEANS, regions=("beijing",))
    assert not any(c.key.startswith("snapshot") for c in checks(study))
    assert "information" in hypertext(gate_tables(study, words("en")))


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
