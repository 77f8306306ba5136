"""The twin's small pieces, and whole worlds in which things must come in their order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simlib.core.distributions import Duration
from simlib.scenario.world import World
from tests.twin.worlds import OFF, world
from twin.committee import poisson_quantile
from twin.decision import reason
from twin.draws import Lasting
from twin.model import Result, State, run


def test_poisson_quantile_is_that_of_scipy():
    from scipy import stats

    for u in np.linspace(0.001, 0.999, 57):
        assert poisson_quantile(float(u), 15.0) == stats.poisson.ppf(u, 15.0)
    assert poisson_quantile(0.999, 0.0) == 0


def test_the_reason_is_the_most_negative_term():
    assert reason([-0.3, 1.0, 0.2, -0.1], {"drug_share": 0.5, "cost_per_visit": 0.5}) == "drug_share"
    assert reason([-0.5, 0.0, 0.0, 0.0], {"drug_share": 0.5}) is None  # a merit comes first of equals
    assert reason([0.3, 0.0, 0.0, 0.0], {}) is None


@pytest.mark.parametrize("policy", ["before-reform", "national", "sichuan", "chongqing", "beijing", "guangzhou"])
@pytest.mark.parametrize("calendar", ["china", "every_day"])
def test_whole_worlds_keep_the_order_of_things(policy: str, calendar: str):
    strata = [
        {"id": f"{level}{type_}{owner}", "level": level, "type": type_, "owner": owner, "place": "city", "count": 3,
         "beds": 300 * level, "areas": ["oncology"] if type_ == "specialty" else [], "kind": "assumed", "source": "toy"}
        for level, type_, owner in [(3, "general", "provincial"), (3, "specialty", "city"), (3, "tcm", "city"),
                                    (2, "general", "county"), (1, "general", "private")]
    ]  # fmt: skip
    region = {"name": "all", "title": {"en": "All", "zh": "全"}, "population_million": 5, "payment": "DRG"}
    w = world(
        *OFF, region=region | {"strata": strata}, policy=policy, calendar=calendar, rounds="catalogue_rounds",
        horizon_days=1800, policy_from=dt.date(2022, 1, 1), cohort={"yearly_counts": {2020: 5, 2021: 5, 2022: 5}},
        parameters={"asking": {"all_before_committee": False, "lambda0": 3},
                    "committee": {"unheard_leaves_after_months": 6}},
    )  # fmt: skip
    r = run(w)
    check_order(w, r)
    assert np.isfinite(r.stock).sum() > 20


def check_order(w: World, r: Result) -> None:
    """What must hold in any world."""
    approval, listed = (np.broadcast_to(a, r.aware.shape) for a in (w.drugs.approval, r.listed))
    chain = [approval, listed, r.aware, r.first_ask, r.passed, r.stock]
    for earlier, later in zip(chain, chain[1:], strict=False):
        assert (earlier <= later).all()
    assert (r.first_ask <= r.first_heard).all()
    outside = r.state == State.OUT_OF_TARGET
    assert not np.isfinite(r.aware[outside]).any()
    assert (np.isin(r.state, (State.STOCKED, State.REMOVED)) == np.isfinite(r.stock)).all()
    assert ((r.state == State.REMOVED) == np.isfinite(r.removed)).all() and (r.stock <= r.removed).all()
    assert ((r.asks > 0) == np.isfinite(r.first_ask)).all()
    assert (r.refusals <= r.hearings).all()


def test_the_twin_draws_durations_where_nothing_is_compiled_yet(monkeypatch):
    parts = pytest.importorskip("simlib.core.compile_parts")
    monkeypatch.setattr(parts, "_plain_now", True)
    assert Lasting(Duration(uniform={"low": 10, "high": 20})).at(0.5) == 15.0
