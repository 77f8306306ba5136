import json

import pytest

import simlib
from simlib.experiments import sensitivity
from simlib.experiments.sensitivity import Measured, candidates, may_move, moved, one_at_a_time
from simlib.model.model import replicate

SMALL = {
    "cohort": "synthetic-small",
    "start": "2020-01-01",
    "policy_from": "2021-01-01",
    "end": "2023-12-31",
}


@pytest.fixture(scope="module")
def pair():
    load = lambda name: simlib.load_scenario(f"chongqing-{name}-default", SMALL | {"snapshots": []})  # noqa: E731
    return load("chongqing"), load("before-reform")


def test_both_ends_of_every_assumed_number_can_be_used(pair):
    found = candidates(pair[0])
    assert len(found) > 100
    for a in found:
        for end in a.range:
            assert moved(pair[0], a, end).digest() != pair[0].digest() or end == a.value


def test_numbers_that_cannot_reach_an_indicator_are_not_tried_and_those_that_can_are(pair):
    reach = lambda indicator, s: {a.path for a in candidates(s) if may_move(a, s, indicator)}  # noqa: E731
    everything = {a.path for a in candidates(pair[0])}
    before = {p for p in everything if p.startswith(("routes.", "preapproval.", "committee.community_lag"))}
    kept = reach("stocked_12m", pair[0])
    assert kept & before == {"preapproval.indications_per_year", "preapproval.indication_factor"}
    assert kept | before == everything
    assert "routes.tracing" in reach("route_days", pair[0])
    sharing = simlib.load_scenario("sichuan-sichuan-default", {"committee.community_share": 0.5})
    assert "committee.community_lag" in reach("stocked_12m", sharing)
    trials = simlib.load_scenario("trial-sequence")
    assert "preapproval.phase_1" in reach("approval_days", trials)
    left = everything - kept
    base = simlib.simulate(pair[0], 1, workers=1, progress=False).value("stocked_12m")["mean"]
    for a in (a for a in candidates(pair[0]) if a.path in sorted(left)[:3]):
        other = simlib.simulate(moved(pair[0], a, a.range[1]), 1, workers=1, progress=False)
        assert other.value("stocked_12m")["mean"] == base


def test_moving_one_number_moves_nothing_else(pair):
    a = next(a for a in candidates(pair[0]) if a.path == "readiness.time")
    before = json.loads(pair[0].spec)["parameters"]
    after = json.loads(moved(pair[0], a, 90).spec)["parameters"]
    assert after["readiness"]["time"]["lognormal"]["median"] == 90
    after["readiness"]["time"]["lognormal"]["median"] = before["readiness"]["time"]["lognormal"]["median"]
    assert after == before


def test_the_widest_assumptions_come_first_and_workers_change_nothing(pair):
    paths = ["asking.lambda0", "room.turnover", "purchase.time"]
    tables = [
        one_at_a_time(*pair, "stocked_12m", replications=2, workers=n, paths=paths, progress=False) for n in (1, 2)
    ]
    assert list(tables[0]["swing"]) == sorted(tables[0]["swing"], reverse=True)
    assert set(tables[0]["path"]) == set(paths)
    assert tables[0].equals(tables[1])


def test_a_second_comparison_makes_only_the_runs_that_an_earlier_one_has_not_made(pair, monkeypatch):
    made = []

    def counting(scenario, replication):
        made.append((scenario.policy.name, replication))
        return replicate(scenario, replication)

    monkeypatch.setattr(sensitivity, "replicate", counting)
    measured, paths = Measured(), ["asking.lambda0", "room.turnover"]
    kept = lambda *sides, n: one_at_a_time(  # noqa: E731
        *sides, "stocked_12m", replications=n, workers=1, paths=paths, progress=False, measured=measured
    )
    kept(*pair, n=1)
    assert len(made) == 10  # as assumed and two numbers at two ends, on both sides
    made.clear()
    more = kept(*pair, n=2)
    assert len(made) == 10 and {r for _, r in made} == {1}
    made.clear()
    third = simlib.load_scenario("chongqing-national-default", SMALL | {"snapshots": []})
    other = kept(third, pair[1], n=2)
    assert {name for name, _ in made} == {third.policy.name} and len(made) == 10
    alone = [
        one_at_a_time(s, pair[1], "stocked_12m", replications=2, workers=1, paths=paths, progress=False)
        for s in (pair[0], third)
    ]
    assert more.equals(alone[0]) and other.equals(alone[1])
