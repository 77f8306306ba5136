"""The twin's patients, drawn one by one, are on average what its recursion expects."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from twin.model import Model, Result, State
from twin.use import FATES

ALL_FATES_AND_DAYS = ("arrivals", *FATES, "waiting_days", "therapy_days", "pharmacy_days")


def town(people: int, *, shy: bool = False, **use) -> tuple[Model, Result]:
    """A finished run of three cities with every way to a drug: stock, removal, pharmacies, temporary supply, studies.

    shy: stock and temporary supply are the only ways to a drug, so that in most places nothing comes at all.
    """
    base = {"type": "general", "place": "city", "kind": "assumed", "source": "toy"}
    strata = [
        base | {"id": "a", "level": 3, "owner": "provincial", "count": 2, "beds": 60},
        base | {"id": "b", "level": 2, "owner": "county", "count": 4, "beds": 30},
        base | {"id": "c", "level": 3, "owner": "private", "count": 2, "beds": 20, "designated": False},
    ]
    rule = lambda value, scope="all", **k: {  # noqa: E731
        "value": value, "scope": scope, "strength": "declared", "clause": "toy", "kind": "stated", **k,
    }  # fmt: skip
    later, late = dt.date(2021, 6, 1), dt.date(2022, 3, 1)
    rules = {
        "committee.temporary_channel": rule(True), "use.post_market_studies": rule("any_hospital"),
        "dual_channel.hospital_levels": rule("all"), "dual_channel.cross_city": rule(True, **{"from": later, "to": late}),
        "use.evidence_generation": rule(["guidelines", "academic_exchange"], **{"to": late}),
        "commercial.charity": rule(True, **{"from": late}), "settlement.faster": rule(True),
    }  # fmt: skip
    if shy:
        rules = {"use.evidence_generation": rule(["guidelines", "academic_exchange"])}
    policy = {
        "format": 1, "name": "toy-use", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy",
        "on": "before-2021", "in_force": {"from": dt.date(2020, 6, 1), "to": "open", "clause": "toy"}, "rules": rules,
    }  # fmt: skip
    parameters = {
        "asking": {"lambda0": 3} if shy else {"lambda0": 3, "patients_half": 0}, "room": {"target_mean": 10}, "temporary": {"share_in_need": 1.0},
        "catalogue": {"first_success": 1.0}, "decision": {"b0": {"level_3": 1, "level_2": 0.5, "level_1": 0}},
        "drugs": {"patients_per_100k_median": 40, "patients_log_sd": 0.2, "outpatient_share": 0.7},
        "dual_channel": {"linked": 0.8, "designation": {"constant": 40}},
        "payment": {"budget_per_bed": 20000, "income": 200000}, "obedience": {"other_must": 0.8},
        "use": {"study_share": 0.1, "remove_share": 1.0, "evidence_added": 0.1, "evidence_delay": 100, "therapy_days": 90}
        | use,
        "stages": {"dual_channel": not shy},
    }  # fmt: skip
    scenario = {
        "format": 1, "name": "town", "policy": policy, "start": dt.date(2020, 1, 1), "policy_from": dt.date(2020, 6, 1),
        "region": {"name": "town", "title": {"en": "Town", "zh": "小城"}, "population_million": people / 1e6, "payment": "DRG",
                   "cities": 3, "strata": strata},
        "cohort": {"days": [40, 190, 260, 333]}, "horizon_days": 1250 if people > 10_000 else 2000, "obedience": "full", "parameters": parameters,
    }  # fmt: skip
    model = Model(build_world(load_scenario(scenario), 0))
    return model, model.run()


@pytest.mark.parametrize(
    ("people", "use"),
    [(200_000, {}), (10_000, {}), (200_000, {"window_median": 0, "pool_years": 0.5})],
    ids=["many", "few", "nobody waits"],
)
def test_patients_drawn_one_by_one_are_on_average_those_expected(people, use):
    model, result = town(people, **use)
    assert people > 10_000 or (result.state == State.REMOVED).any()
    expected = check(model, result)
    nobody = {"waiting", "waiting_days"} if use else set()
    assert {name for name, n in zip(ALL_FATES_AND_DAYS, expected, strict=True) if n == 0} == nobody


def test_where_nothing_ever_comes_patients_one_by_one_are_as_able_as_doctors_usually_prescribe():
    """Studies and guidelines make more patients able, but only where there is something to prescribe."""
    model, result = town(2_000_000, shy=True, prescribe=0.5, evidence_added=0.25, city_travel=0.9, capital_travel=0.9)
    never = [pair for of_drug in model.pairs for pair in of_drug if pair.stock >= model.world.horizon]
    assert len(never) > sum(len(of_drug) for of_drug in model.pairs) / 2
    assert check(model, result)[ALL_FATES_AND_DAYS.index("travelled")] > 500


def check(model: Model, result: Result, runs: int = 100) -> np.ndarray:
    """Patients drawn in many runs are, by fate and in days, on average those expected, which are handed back."""
    g = np.random.default_rng(20240229)
    pairs = [p for of_drug in model.patients() for p in of_drug]
    drawn = np.zeros((runs, len(ALL_FATES_AND_DAYS)))
    for i in range(runs):
        for pair in pairs:
            flows = pair.draw(g)
            assert flows.arrivals == sum(getattr(flows, fate) for fate in FATES)
            drawn[i] += [getattr(flows, name) for name in ALL_FATES_AND_DAYS]
    expected = np.array([result.flows[name].sum() for name in ALL_FATES_AND_DAYS])
    error = drawn.std(axis=0, ddof=1) / np.sqrt(runs)
    apart = dict(zip(ALL_FATES_AND_DAYS, (drawn.mean(axis=0) - expected) / np.maximum(error, 1e-9), strict=True))
    print({k: (round(v, 2), round(e, 2)) for (k, v), e in zip(apart.items(), expected, strict=True)})
    assert all(abs(z) < 4 for z in apart.values()), apart
    return expected
