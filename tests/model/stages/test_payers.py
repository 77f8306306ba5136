"""Payers' tables: by class, month and drug; one month where nobody reads them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import simlib
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.stages.payers import months
from simlib.scenario.world import build_world
from tests.twin.toys import CASE, rule, toy

OFF = {"stages.dual_channel": False, "stages.use": False, "stages.payment": False}


def test_payers_terms_are_read_by_the_month_and_by_nobody_where_stages_9_to_11_are_off():
    world = build_world(simlib.load_scenario("patients-availability"), 0)
    assert np.array_equal(months(world), [0.0, *world.firsts, world.horizon])
    assert len(world.firsts) > 0
    for stage in OFF:
        one_on = build_world(simlib.load_scenario("patients-availability", OFF | {stage: True}), 0)
        assert len(months(one_on)) == len(world.firsts) + 2
    assert months(build_world(simlib.load_scenario("patients-availability", OFF), 0)).tolist() == [0.0, world.horizon]


def of_toy(*on: str, **keys) -> Record:
    """One history of a toy world: one hospital and one drug, approved on day 0, with all stages off but those named."""
    return replicate(toy(*on, **keys).world.scenario, 0)


@pytest.mark.parametrize(
    ("rules", "commercial", "charity"),
    [
        ({}, 0.2 * 0.5, 0.2 * 0.5 * 0.1 + 0.8 * 0.1),
        ({"commercial.plan.benefit": rule("raised")}, 0.2 * 0.9, 0.2 * 0.1 * 0.1 + 0.8 * 0.1),
        ({"commercial.plan.benefit": rule("raised"), "commercial.data_sharing": rule(True)}, 0.2, 0.8 * 0.1),
    ],
)
def test_plans_pay_no_more_than_the_bill_and_charity_pays_of_what_is_left(rules, commercial, charity):
    covered = dict.fromkeys(("fixed", "recommended", "widening", "dynamic_all_qualifying"), 1.0)
    numbers = {"insured": 0.2, "plan_cover": covered, "plan_benefit": 0.5, "plan_benefit_raised": 0.9, "data_sharing_added": 0.3,
               "charity": 0.1}  # fmt: skip
    payers = of_toy("payment", parameters={"payment": numbers}, rules=rules).payers
    assert payers.commercial == pytest.approx(commercial) and payers.charity == pytest.approx(charity)
    assert (payers.fund == 0).all()


def test_the_fund_pays_in_the_hospitals_place_for_a_share_that_grows_over_two_years_from_the_rules_start():
    half = {"settlement.direct_by_fund": rule(0.5, **{"from": date(2020, 4, 10)})}  # day 100
    payers = of_toy("payment", rules=half, horizon_days=1000).payers
    grown = np.clip((payers.edges[:-1] - 100) / 730, 0, 1)
    assert payers.pay["direct"][0, :, 0] == pytest.approx(0.5 * grown, abs=1e-12)
    assert grown[0] == 0 and 0.2 < grown[10] < 0.3 and grown[-1] == 1


def test_a_special_review_gains_nothing_where_the_whole_case_is_carved_out():
    plain, carved = (of_toy("payment", parameters=CASE, rules=rules).payers.pay[0, 0, 0]
                     for rules in ({}, {"payment.case_payment_exclusion": rule("case")}))  # fmt: skip
    assert (plain["up"], plain["gain"], plain["effect"]) == pytest.approx((0.5, 400, -2000))
    assert (carved["up"], carved["gain"], carved["effect"]) == pytest.approx((0.5, 0, 0), abs=1e-9)


def test_a_carve_out_for_new_drugs_holds_for_its_years_from_approval_and_anew_from_entry_into_the_catalogue():
    # half a year from day 0, and from 28 December 2020, day 362; a case of 26,000 yuan is over both thresholds
    numbers = {name: dict(group) for name, group in CASE.items()}
    numbers["drugs"]["median_daily_cost_yuan"] = 20_000 / 365.25
    numbers["payment"] |= {"carve_years": 0.5, "cut": 0, "renewal_cut": 0, "follow": 0}
    numbers["catalogue"] = {"first_success": 1}
    record = of_toy("catalogue", "payment", parameters=numbers, rounds="catalogue_rounds", calendar="china", horizon_days=800,
                    rules={"payment.case_payment_exclusion": rule("drug_cost", scope="new_drugs_reviewed")})  # fmt: skip
    assert record.catalogues.entered.tolist() == [362]
    t = record.payers.edges[:-1]
    new = (t < 182.625) | ((t >= 362) & (t < 362 + 182.625))
    assert record.payers.pay["effect"][0, :, 0] == pytest.approx(np.where(new, 0, -17_000), abs=1e-9)


@pytest.mark.parametrize(("approved", "designated"), [(0, 30), (20, 35)])
def test_pharmacies_are_supplied_sooner_by_a_rule_in_force_when_the_month_of_approval_began(approved, designated):
    sooner = {"dual_channel.supply_assurance": rule(True, **{"from": date(2020, 2, 1)})}  # day 17
    numbers = {"any_drug": True, "designation": "30 days", "supply_lag_factor": 0.5}
    record = of_toy("dual_channel", cohort={"days": [approved]}, start=date(2020, 1, 15), calendar="china", rules=sooner,
                    parameters={"dual_channel": numbers})  # fmt: skip
    assert record.payers.designated.tolist() == [designated]


def test_the_fund_pays_no_more_than_the_bill_and_nothing_before_the_drug_is_in_the_catalogue():
    numbers = {"catalogue": {"first_success": 1}, "drugs": {"outpatient_share": 0},
               "payment": {"basic_inpatient": 0.98, "evidence_scope_added": 0.05, "adoption_lag": 0}}  # fmt: skip
    keys = {"parameters": numbers, "rounds": "catalogue_rounds", "calendar": "china", "horizon_days": 600}
    for rules, share in (({}, 0.98), ({"catalogue.real_world_evidence": rule(["payment_scope"])}, 1.0)):
        record = of_toy("catalogue", "payment", rules=rules, **keys)
        inside = record.payers.edges[:-1] >= record.catalogues.effective[0]
        assert record.payers.fund[0, :, 0] == pytest.approx(np.where(inside, share, 0)) and 0 < inside.sum() < len(
            inside
        )
