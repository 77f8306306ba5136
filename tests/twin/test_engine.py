"""Engine and plain twin: the same draws give the same dates, bit for bit."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from benchmarks.scenarios import benchmark_scenario
from simlib.model.begin import hospital_groups
from simlib.model.model import replicate
from simlib.model.pair_records import STATES
from simlib.model.record import Record
from simlib.model.stages.routes import special_routes
from simlib.model.sums import TALLY
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.patients import FATE
from simlib.outcomes.sampled import FATE_NAMES, sample_counts
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.scenario.world import build_world
from tests.worlds import random_world, with_communities, with_pipeline, with_provinces, with_routes
from twin import model as plain
from twin import routes

DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "temporary_first")
FLOWS = {
    "waiting_days" if name == "wait_days" else name: place for name, place in FATE.items() if name != "pharmacy_24"
}  # by the twin's name
COUNTS = ("hearings", "asks", "refusals", "temporaries", "state")


def differences(scenario: Scenario, replication: int = 0) -> tuple[dict[str, int], np.ndarray]:
    """(what differs between twin and engine, and in how many places; pairs by final state)."""
    return compared(plain.run(build_world(scenario, replication)), replicate(scenario, replication, pairs=True))


def compared(twin: plain.Result, record: Record) -> tuple[dict[str, int], np.ndarray]:
    """`differences` of a finished replication of each."""
    scenario = record.world.scenario
    cut = lambda t: np.where(t >= scenario.horizon, np.inf, t)  # what lies beyond the horizon never happened
    found = {"approval": int(not np.array_equal(twin.approval, record.world.drugs.approval))}
    found["indications"] = int((cut(twin.indications) != cut(record.indications)).sum())
    for name in ("filed", "arrival", "listed"):
        found[name] = int((cut(twin.dossiers[name]) != cut(getattr(record.listing, name))).sum())
    for name in ("entered", "effective", "commercial", "list_entry"):
        found[name] = int((cut(getattr(twin, name)) != cut(getattr(record.catalogues, name))).sum())
    listed = record.listing.listed < scenario.horizon
    found["in_time"] = int((twin.dossiers["in_time"] != record.listing.in_time)[listed].sum())
    for name in (*DATES, *COUNTS, "meetings", "duty_meetings"):
        found[name] = int((getattr(twin, name) != getattr(record.pairs, name)).sum())
    found |= use_differences(twin, record)
    if scenario.policy_from == 0:  # the engine counts hearings from then on
        tally = dict(zip(TALLY, record.tally.sum(axis=0), strict=True))
        found["barriers"] = sum(
            (tally[f"active_{k}"], tally[f"decisive_{k}"]) != tuple(map(float, v)) for k, v in twin.barriers.items()
        )
    states = np.bincount(record.pairs.state.ravel(), minlength=len(STATES))
    return {k: v for k, v in found.items() if v}, states


def use_differences(twin, record) -> dict[str, int]:
    """Removals, budgets and reviews to the bit; expected patients by drug and hospital group, counted drugs, to 1e-9."""
    on = record.world.p.stages
    found = {"removed": int((twin.removed != record.pairs.removed).sum())}
    if on.payment:
        found["used"] = int((np.abs(twin.used - record.used) > 1e-12).sum())
        found["served"] = int((np.asarray(twin.served) != record.served).sum())
    if not on.use:
        return found
    counted, (_, group_of, _) = counted_drugs(record), hospital_groups(record.world)
    for name, column in FLOWS.items():
        by_group = np.zeros((len(record.world.drugs), len(record.groups)))
        np.add.at(by_group.T, group_of, twin.flows[name])
        engine = record.fates[:, :, column]
        off = np.abs(engine - by_group) > 1e-9 * np.maximum(1.0, np.abs(by_group))
        found[f"flow {name}"] = int(off[counted].sum())
    return found


def check_worlds(seeds: range) -> None:
    for seed in seeds:
        found, _ = differences(load_scenario(random_world(seed)))
        assert not found, f"random world {seed}: {found}"


def test_engine_and_twin_give_the_same_dates_in_random_worlds_with_every_switch_drawn():
    check_worlds(range(25))


MANY = range(25, 225)


@pytest.mark.slow
@pytest.mark.parametrize("first", MANY[::25])  # in eight parts, for the cores to share
def test_engine_and_twin_agree_in_200_random_worlds(first):
    check_worlds(range(first, first + 25))


@pytest.mark.slow
def test_every_state_is_reached_in_these_200_random_worlds():
    states = np.zeros(len(STATES), int)
    for seed in MANY:
        record = replicate(load_scenario(random_world(seed)), 0, pairs=True)
        states += np.bincount(record.pairs.state.ravel(), minlength=len(STATES))
    print(dict(zip(STATES, states.tolist(), strict=True)))
    assert (states > 0).all()


def test_engine_and_twin_bring_the_same_projects_to_approval():
    kinds = {"pipeline": 0, "drugs": 0, "indications": 0}
    for seed in range(400, 440):
        scenario = load_scenario(with_pipeline(random_world(seed), seed))
        found, _ = differences(scenario)
        assert not found, f"random pipeline {seed}: {found}"
        record = replicate(scenario, 0)
        kinds["pipeline"] += int(record.pipeline.served.sum())
        kinds["drugs"] += len(record.world.drugs)
        kinds["indications"] += int(np.isfinite(record.indications).sum())
    assert min(kinds.values()) > 100, kinds  # places taken, drugs approved, indications gained


def test_engine_and_twin_agree_in_random_worlds_with_provinces():
    seen = {"differ": 0, "one listed alone": 0, "stocked": 0, "own limit": 0}
    for seed in range(600, 612):
        scenario = load_scenario(with_provinces(random_world(seed), seed))
        record = replicate(scenario, 0, pairs=True)
        found, _ = compared(plain.run(build_world(scenario, 0)), record)
        assert not found, f"random world with provinces {seed}: {found}"
        listed = record.listing.listed
        seen["differ"] += int((listed.min(axis=0) < listed.max(axis=0)).sum())
        seen["one listed alone"] += int(((listed < scenario.horizon).sum(axis=0) == 1).sum())
        seen["stocked"] += int((record.pairs.stock < scenario.horizon).sum())
        seen["own limit"] += sum(x is not None for x in record.world.provinces.limits)
    assert min(seen.values()) > 5, seen


@pytest.mark.slow
def test_engine_and_twin_agree_in_100_random_worlds_with_provinces():
    for seed in range(612, 712):
        found, _ = differences(load_scenario(with_provinces(random_world(seed), seed)))
        assert not found, f"random world with provinces {seed}: {found}"


def check_communities(seeds: range) -> dict[str, int]:
    """Engine and twin compared; how often each way for a member to come by a drug was seen."""
    seen = dict.fromkeys(("taken over", "unasked", "before it learned", "after asking", "by its own committee"), 0)
    for seed in seeds:
        world = with_communities(random_world(seed), seed)
        scenario = load_scenario(with_provinces(world, seed) if seed % 4 == 0 else world)
        record = replicate(scenario, 0, pairs=True)
        found, _ = compared(plain.run(build_world(scenario, 0)), record)
        assert not found, f"random world with communities {seed}: {found}"
        p, members = record.pairs, np.flatnonzero(record.world.leads >= 0)
        stock, asked, heard = (x[members] for x in (p.stock, p.first_ask, p.first_heard))
        lag = scenario.parameters.committee.community_lag
        due = p.stock[record.world.leads[members]] + lag
        due = np.ceil(due) if scenario.calendar.kind == "china" else due
        there = stock < scenario.horizon
        taken = there & (stock == due) & (p.passed[members] == stock)
        ways = (
            taken, taken & np.isinf(asked), taken & (stock < p.aware[members]), taken & (asked < stock),
            there & (heard < stock) & (stock < due),
        )  # fmt: skip
        for name, pairs in zip(seen, ways, strict=True):
            seen[name] += int(pairs.sum())
        outside = p.state[members] == STATES.index("out_of_target")
        assert (outside | (p.passed[members] <= due) | (due >= scenario.horizon)).all(), seed
    return seen


def test_engine_and_twin_agree_in_random_worlds_with_medical_communities():
    seen = check_communities(range(820, 850))
    assert min(seen.values()) > 3, seen


@pytest.mark.slow
def test_engine_and_twin_agree_in_200_random_worlds_with_medical_communities():
    check_communities(range(850, 1050))


def test_engine_and_twin_bring_the_same_products_by_special_routes():
    seen = 0
    for seed in range(500, 520):
        scenario = load_scenario(with_routes(random_world(seed), seed))
        world = build_world(scenario, 0)
        p = special_routes(world)
        engine = {int(i): (a, b) for i, a, b in zip(p.drugs.ids, p.requested, p.supplied, strict=True)}
        assert engine == routes.products(world), seed
        seen += len(engine)
    assert seen > 100


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["sichuan", "chongqing"])
def test_engine_and_twin_agree_at_province_size(policy):
    """In a process of its own: there the twin holds 1.3 GB, which a worker would add to its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        apart.submit(check_province, policy).result()


def check_province(policy: str) -> None:
    """Dates, counts and patients of engine and twin at the size of a province."""
    scenario = benchmark_scenario("province", policy)
    model = plain.Model(build_world(scenario, 0))
    record = replicate(scenario, 0, pairs=True)
    found, _ = compared(model.run(), record)
    assert not found, found
    check_patients(model, record)


def check_patients(model: plain.Model, record: Record) -> None:
    """Expected patients, those sampled about them, and the twin's drawn one by one: within 4 standard errors (Poisson)."""
    g, drawn, counted = np.random.default_rng(20240229), dict.fromkeys(FATE_NAMES, 0), counted_drugs(record)
    for of_drug, counts in zip(model.patients(), counted, strict=True):
        for patients in of_drug if counts else ():
            flows = patients.draw(g)
            for name in FATE_NAMES:
                drawn[name] += getattr(flows, name)
    sampled = sample_counts(record)
    for k, name in enumerate(FATE_NAMES, FATE["unseen"]):
        expected, whole = record.fates[counted, :, k].sum(), int(sampled[name][counted].sum())
        print(f"{name}: expected {expected:.1f}, sampled {whole}, one by one {drawn[name]}")
        assert expected > 10 or (name == "study" and expected == whole == drawn[name] == 0), name
        assert abs(whole - expected) <= 4 * np.sqrt(expected), name
        assert abs(drawn[name] - expected) <= 4 * np.sqrt(expected), name


def test_the_comparison_sees_a_decision_that_the_engine_takes_differently(monkeypatch):
    """Planted bug: the twin's world asks sooner than the engine's."""
    scenario = load_scenario(random_world(0))
    other = load_scenario(
        {**random_world(0), "parameters": {**random_world(0)["parameters"], "purchase": {"time": "1 days"}}}
    )
    twin = plain.run(build_world(other, 0))
    record = replicate(scenario, 0, pairs=True)
    assert (twin.stock != record.pairs.stock).any()
