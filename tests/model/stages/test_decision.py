"""What a refusal is put down to, when a budget is tight, and what weighs nothing: known answers of one hearing."""

from __future__ import annotations

from typing import Any

import pytest

from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.sums import TALLY
from simlib.scenario.scenario import load_scenario
from tests.twin.toys import rule, toy

LEVELS = ("level_3", "level_2", "level_1")
STRATUM = {"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
           "kind": "assumed", "source": "toy"}  # fmt: skip
REGION = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG",
          "strata": [STRATUM]}  # fmt: skip
NOTHING_SPEAKS = {"region": REGION, "cohort": {"days": [100] * 60}, "decision.b0": dict.fromkeys(LEVELS, 0.0),
                  "horizon_days": 500, "committee.meetings": {"grid": 10_000, "phase": 340}}  # fmt: skip


def heard(**changes: Any) -> Record:
    """Sixty drugs that one committee hears on day 340."""
    return replicate(load_scenario("odds", NOTHING_SPEAKS | {k.replace("__", "."): v for k, v in changes.items()}), 0)


def count(record: Record, name: str) -> float:
    return record.tally[:, TALLY.index(name)].sum()


def test_where_nothing_speaks_against_a_drug_its_refusal_is_put_down_to_the_view_of_the_day():
    record = heard()
    assert count(record, "active_nrdl_membership") == 60  # it stands, and weighs nothing
    assert count(record, "reason_view") == count(record, "refusals") > 10


def test_of_grounds_that_weigh_the_same_the_first_is_named():
    record = heard(barriers__self_pay_ratio=0.5, barriers__nrdl_membership=0.5)
    assert count(record, "reason_self_pay_ratio") == count(record, "refusals") > 10


def test_a_barrier_is_decisive_for_those_who_would_have_passed_without_it():
    record, plain = heard(barriers__nrdl_membership=20), heard()
    assert count(record, "refusals") == 60 and count(plain, "decisive_nrdl_membership") == 0
    assert count(record, "decisive_nrdl_membership") == count(plain, "passes") > 10
    assert (
        count(heard(barriers__nrdl_membership=20, policy_from=400), "decisive_nrdl_membership") == 0
    )  # not yet counted


ALIKE = {"asking.size_log_sd": 0, "asking.specialty_log_sd": 0, "drugs.patients_log_sd": 0,
         "drugs.orphan_patients_factor": 1, "decision.b_relevance": 5}  # fmt: skip


def passes(patients: float, log_sd: float = 1.5, b: float = 5) -> float:
    """Passes of sixty drugs with 50 patients each where so many are usual."""
    usual = {"decision.relevance_patients": dict.fromkeys(LEVELS, patients), "decision.relevance_log_sd": log_sd}
    return count(heard(**(ALIKE | usual | {"decision.b_relevance": b})), "passes")


def test_a_drug_with_the_usual_number_of_patients_is_neither_more_nor_less_relevant():
    plain = passes(50, b=0)  # 5 in 100,000 of a million people, one hospital
    assert passes(50) == plain > 10


def test_the_more_patients_a_hospital_has_for_a_drug_the_more_relevant_its_committee_finds_it():
    assert passes(500) == 0 < passes(50) < passes(5)
    assert passes(500, log_sd=0) == passes(50)  # on no scale nothing is relevant


@pytest.mark.parametrize(("day", "month"), [(334, 11), (335, 12), (365, 12), (366, 1)])
def test_a_world_without_a_calendar_has_months_of_a_twelfth_of_its_year(day, month):
    # a twelfth of 365.25 days is 30.4375: the twelfth month begins on day 334.8
    tight = {"barriers.tight_budgets": 1, "barriers.tight_from_month": 12}
    record = heard(committee__meetings={"grid": 10_000, "phase": day}, **tight)
    assert count(record, "hearings") == 60
    assert count(record, "active_total_budget") == (60 if month == 12 else 0)


@pytest.mark.parametrize(("linked", "passes"), [(0, 1), (1, 0)])
def test_a_pharmacy_that_supplies_a_drug_fulfils_the_target_so_that_nothing_urges_the_committee(linked, passes):
    """Nothing but the target speaks for the drug; the supply itself weighs nothing (`replaces`)."""
    numbers = {"decision": {"b0": dict.fromkeys(LEVELS, -12.0), "b_target": 20.0}, "drugs": {"outpatient_share": 1},
               "committee": {"meetings": {"grid": 5000, "phase": 500}, "unheard_leaves_after_months": None},
               "catalogue": {"first_success": 1},
               "dual_channel": {"linked": linked, "fill": 1, "designation": "30 days", "replaces": 0}}  # fmt: skip
    rules = {"committee.provision_target": rule(1.0), "dual_channel.hospital_levels": rule("all")}
    model = toy("catalogue", "committee", "dual_channel", parameters=numbers, rules=rules, horizon_days=600,
                rounds="catalogue_rounds", calendar="china")  # fmt: skip
    record = replicate(model.world.scenario, 0, pairs=True)
    assert count(record, "passes") == passes == 1 - count(record, "refusals")
    assert (model.run().passed == record.pairs.passed).all()
