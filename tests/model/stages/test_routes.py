"""Special routes: stated and assumed numbers, obedience, customs and tracing; no listing, no committee."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.core.streams import Q_ROUTE_REQUEST, numbered_ids, uniforms
from simlib.model.model import replicate
from simlib.model.rules import Others
from simlib.scenario.scenario import load_scenario
from simlib.world.cohort import ROUTES
from tests.model.stages.test_preapproval import rule, run

URGENT = {"routes.urgent_import": rule({"2020": 4})}
YEARS = {"horizon_days": 1096, "routes.assumed_number": {"urgent_import": 2}}


def products(rules, changes=None):
    return run(rules, changes, "route").products


def by_year(p):
    return np.bincount((p.requested // 365.25).astype(int), minlength=3).tolist()


def test_after_the_stated_year_the_channel_stays_with_an_assumed_number():
    assert by_year(products(URGENT, YEARS)) == [4, 2, 2]
    assert by_year(products(URGENT, YEARS | {"routes.after_stated_year": "same"})) == [4, 4, 4]
    assert by_year(products(URGENT, YEARS | {"routes.after_stated_year": "closed"})) == [4, 0, 0]


def test_products_come_only_while_the_rule_is_in_force_and_only_where_the_authority_obeys():
    assert len(products(URGENT, YEARS | {"obedience.other_must": 0}).requested) == 0
    late = products(URGENT, YEARS | {"policy_from": 200})
    assert len(late.requested) == 8 and (late.requested >= 200).all()
    assert len(products(URGENT, YEARS | {"stages.routes": False}).requested) == 0
    assert len(products({}, YEARS).requested) == 0


def test_a_stated_number_spreads_over_the_whole_year_by_a_draw_a_product():
    r = run(URGENT, {"routes.assumed_number": {"urgent_import": 0}}, "route")
    drawn = uniforms(r.world.key, Q_ROUTE_REQUEST, drugs=numbered_ids(4, "route", "urgent_import", 2020))
    assert r.products.requested == pytest.approx(np.sort(366 * drawn), abs=1e-5)


def test_a_rule_from_1_january_on_brings_nothing_of_the_year_before():
    late = products(URGENT, YEARS | {"policy_from": 366, "horizon_days": 731})
    assert len(late.requested) == 2 and (late.requested > 366).all()


def test_customs_and_tracing_change_the_last_step_alone():
    plain = products(URGENT)
    assert plain.supplied - plain.arrived == pytest.approx(10, abs=1e-5)
    traced = products(URGENT | {"routes.traceability": rule(True, scope="rare_whitelist")})
    assert np.array_equal(traced.supplied, plain.supplied)  # urgent imports are not in that scope
    traced = products(URGENT | {"routes.traceability": rule(True, scope="urgent_import")})
    assert traced.supplied - plain.supplied == pytest.approx(2, abs=1e-5)
    fast = products(URGENT | {"routes.customs_clearance": rule("within_24_hours")})
    assert fast.supplied - fast.arrived == pytest.approx(1, abs=1e-5) and np.array_equal(fast.arrived, plain.arrived)


def test_a_product_dearer_by_a_standard_deviation_costs_by_that_factor_more_a_day():
    p = products(URGENT, {"routes.median_daily_cost_yuan": 200, "drugs.price_log_sd": 0.5})
    assert np.log(p.daily_cost / 200) == pytest.approx(0.5 * p.drugs.price) and np.ptp(p.drugs.price) > 0.1


def test_products_are_in_the_scopes_of_their_route_and_of_no_registration_class():
    scenario = load_scenario("guangzhou-guangzhou-default", {"policy": "beijing", "obedience.explore": 1.0})
    r = replicate(scenario, 0)
    p = r.products
    names = {ROUTES[k] for k in p.drugs.route}
    assert names == {"urgent_import", "rare_whitelist", "import_added", "hk_macau"}
    since = Others(replace(r.world, drugs=p.drugs)).since
    for route in ("urgent_import", "rare_whitelist", "hk_macau"):
        assert np.array_equal(np.isinf(since[route]) & (since[route] < 0), p.drugs.route == ROUTES.index(route))
        assert (r.world.static_since(route) == np.inf).all()  # the cohort came by ordinary listing
    assert (since["class1"] == np.inf).all() and (since["all"] == -np.inf).all()
    assert (p.patients > 0).all() and (p.daily_cost > 0).all() and (p.hospitals > 0).all()


def test_the_route_of_hong_kong_and_macau_is_there_before_the_reforms_in_guangzhou_alone():
    for region, some in (("guangzhou", True), ("sichuan", False)):
        p = replicate(load_scenario(f"{region}-before-reform-default"), 0).products
        assert (len(p.requested) > 0) == some
        assert {ROUTES[k] for k in p.drugs.route} == ({"hk_macau"} if some else set())
