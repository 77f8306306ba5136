"""Money: each payer's part of a bill, by year, and what it is compared with."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from simlib.core.workdays import YEAR
from simlib.model.model import replicate
from simlib.outcomes.money import MILLION, PAYERS, bills, money
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world

SMALL = {"cohort": "synthetic-small", "start": "2020-01-01", "policy_from": "2021-01-01", "end": "2023-12-31", "snapshots": []}  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return replicate(load_scenario("chongqing-chongqing-default", SMALL), 0)


@pytest.mark.parametrize("seed", [3, 8, 12, 19])
def test_no_payer_pays_less_than_nothing_or_more_than_the_total_and_together_they_pay_it(seed):
    spent = bills(replicate(load_scenario(random_world(seed)), 0))
    for name in PAYERS:
        assert (spent[name] >= -1e-9).all() and (spent[name] <= spent["total"] + 1e-9).all(), name
    assert sum(spent[n] for n in PAYERS) == pytest.approx(spent["total"], rel=1e-12)


def test_a_bill_is_price_times_time_on_the_drug(record):
    spent = bills(record)
    days = record.money["hospital"] + record.money["pharmacy"]
    assert spent["total"] == pytest.approx((record.payers.pay["price"] * days / YEAR).sum(axis=0))
    doubled = record.money.copy()
    for kind in doubled.dtype.names:
        doubled[kind] *= 2
    twice = bills(replace(record, money=doubled))
    assert twice["total"] == pytest.approx(2 * spent["total"]) and spent["total"].sum() > 0


def test_the_fund_pays_nothing_before_a_drug_is_paid_as_one_of_the_catalogue(record):
    starts = record.payers.edges[:-1]
    before = starts[:, None] < record.catalogues.effective
    assert bills(record)["fund"][before].sum() == 0 < bills(record)["fund"].sum()


def test_the_years_from_the_reforms_on_hold_all_sales_since(record):
    found = dict(money(record))
    years = [k[2] for k in found if k[0] == "total_million"]
    assert years == ["2021", "2022", "2023"]
    total = sum(found["total_million", "year", y] for y in years)
    assert total * MILLION == pytest.approx(found["firm_revenue_yuan", "all", "all"])
    assert sum(found[f"{p}_share", "all", "all"] for p in PAYERS) == pytest.approx(1.0)
    for p in PAYERS:
        paid = sum(found[f"{p}_million", "year", y] for y in years)
        assert paid == pytest.approx(found[f"{p}_share", "all", "all"] * total)


def test_the_fund_net_of_the_therapy_replaced_pays_no_more_than_gross(record):
    found = dict(money(record))
    pairs = [(v, found["fund_million", "year", k[2]]) for k, v in found.items() if k[0] == "fund_net_million"]
    assert all(net <= gross for net, gross in pairs) and any(net < gross for net, gross in pairs)


def test_firms_wait_for_their_money_between_the_shortest_and_the_longest_term(record):
    found, p = dict(money(record)), record.world.p.payment
    assert 0 < found["days_to_payment", "all", "all"] <= record.payers.pay["days"].max()
    assert p.always_afford is False


def test_where_nobody_pays_or_nobody_is_treated_there_is_no_money():
    for stage in ("use", "payment"):
        record = replicate(load_scenario("chain", {f"stages.{stage}": False}), 0)
        assert dict(money(record)) == {}


def test_money_on_no_drug_has_no_shares(record):
    found = dict(money(replace(record, money=np.zeros_like(record.money))))
    assert np.isnan(found["fund_share", "all", "all"]) and found["firm_revenue_yuan", "all", "all"] == 0


def test_where_gifts_added_up_are_more_than_the_bill_they_pay_the_bill_and_no_more():
    """charity and charity_added may each be 1; patients then had less than nothing to pay, and shares that were no numbers."""
    world = random_world(3)
    world["policy"] = "national"
    found = replicate(
        load_scenario(world, {"payment.charity": 0.8, "payment.charity_added": 1.0, "obedience": "full"}), 0
    )
    spent = bills(found)
    assert spent["charity"].sum() > 0
    assert all((spent[n] >= -1e-9 * spent["total"].max()).all() for n in PAYERS)
    assert not np.isnan(found.fates).any() and not np.isnan(spent["total"]).any()


def test_of_a_run_without_drugs_nothing_is_averaged():
    world = random_world(3) | {"cohort": {"days": []}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = dict(money(replicate(load_scenario(world), 0)))
    assert np.isnan(found["insured_share", "all", "all"]) and found["firm_revenue_yuan", "all", "all"] == 0


def test_where_no_hospital_applies_for_special_review_a_lighter_procedure_changes_nothing():
    world = {
        "format": 1,
        "name": "none",
        "cohort": {"days": [0, 10]},
        "policy": "guangzhou",
        "policy_from": 100,
        "horizon_days": 370,
    }
    found = [
        replicate(load_scenario(world, {"payment.review_apply": 0.0, "payment.review_apply_simplified": x}), 0).sittings
        for x in (0, 0.9)
    ]
    assert len(found[0]) and np.array_equal(found[0][:, 3], found[1][:, 3])


def test_what_is_spent_in_a_month_does_not_depend_on_how_long_the_run_goes_on():
    """For drugs approved before indicators count them, too: whoever buys outside a hospital buys in the month."""
    keys = SMALL | {"cohort": "nmpa", "policy_from": "2021-07-01"}
    short, long = (
        replicate(load_scenario("chongqing-before-reform-default", keys | {"end": end}), 0)
        for end in ("2022-01-31", "2022-12-31")
    )
    drugs, months = len(short.world.drugs), len(short.payers.edges) - 2
    earlier = short.world.drugs.approval < short.world.scenario.policy_from
    assert earlier.any() and not earlier.all()
    for payer, spent in bills(short).items():
        assert spent[:months] == pytest.approx(bills(long)[payer][:months, :drugs], rel=1e-12), payer
