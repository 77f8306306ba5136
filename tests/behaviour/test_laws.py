"""Laws that hold exactly, pair by pair on the same draws, and laws that hold on average.

Every exact law is tried on 100 random worlds (a quarter of them in each run of the tests), must make a real difference
in at least 30 of 100, and fails on a named planted bug. Peers are off: what one hospital decides does not change what
another asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import simlib.model.begin as begin_module
import simlib.model.rules as rulebook_module
import simlib.model.stages.listing as listing_module
from simlib import load_scenario
from simlib.model.model import replicate
from tests.behaviour.random_worlds import (
    CONSTANT_ODDS,
    NO_LISTING_LIMIT,
    NOTHING_SHORT,
    PEERS_OFF,
    changed,
    random_world,
    with_rule,
)

WORLDS, FEW = 100, 25  # FEW: in each run of the tests; every kind of change to a world is among them
SEEN = 30  # of WORLDS: in so many a law must make a real difference


def dates(world: dict, *names: str) -> list[np.ndarray]:
    """Dates by pair, or by drug for `listed`."""
    record = replicate(load_scenario(world), 0, pairs=True)
    return [record.listing.listed if n == "listed" else getattr(record.pairs, n) for n in names]


def check(law: Callable[[int], tuple[dict, dict]], *names: str, worlds: int = WORLDS) -> None:
    """The second world of each pair is never later than the first, in any of the named dates, and is earlier in some."""
    seen = 0
    for number in range(worlds):
        worse, better = law(number)
        for name, late, early in zip(names, dates(worse, *names), dates(better, *names), strict=True):
            worst = np.unravel_index(np.argmax(early > late), late.shape)
            assert (early <= late).all(), f"world {number}: {name} at {worst}: {late[worst]} -> {early[worst]}"
        seen += bool((early < late).any())
    assert seen >= SEEN * worlds / WORLDS, f"a difference in {seen} of {worlds} worlds"


# ---- the laws: number -> (world, world in which nothing may be later)


def shorter_purchase_limit(number: int) -> tuple[dict, dict]:
    world = changed(random_world(number, "purchase"), PEERS_OFF)
    limits = (("3 months", "1 month"), ("60 days", "20 days"), ("60 working_days", "15 working_days"))[number % 3]
    return tuple(with_rule(world, "procurement.purchase_within", limit) for limit in limits)


def more_obedience_to_a_purchase_limit(number: int) -> tuple[dict, dict]:
    world = changed(random_world(number, "obey"), {**PEERS_OFF, "obedience": "default"})
    strengths = (("explore", "declared"), ("encouraged", "must"), ("explore", "must"))[number % 3]
    return tuple(with_rule(world, "procurement.purchase_within", "15 days", s) for s in strengths)


def more_reviewers(number: int) -> tuple[dict, dict]:
    world = changed(random_world(number, "reviewers", NO_LISTING_LIMIT), PEERS_OFF)
    n = world["parameters"]["listing"]["reviewers"]
    return world, changed(world, {"listing.reviewers": "unlimited" if number % 10 == 0 else n + 1})


def free(number: int, law: str) -> dict:
    """A world with unlimited agendas and room, odds constant in time, and no temporary purchase."""
    world = random_world(number, law)
    return changed(world, {**PEERS_OFF, **CONSTANT_ODDS, **NOTHING_SHORT, "stages.temporary": False, "policy_from": 0})


def longer_exposure(number: int) -> tuple[dict, dict]:
    world = changed(free(number, "exposure"), {"policy": ("sichuan", "guangzhou", "chongqing")[number % 3]})
    world = with_rule(world, "committee.enter_on_approval", True) if number % 2 else world
    exposure = world["parameters"]["asking"]["push_exposure"]
    return world, changed(world, {"asking.push_exposure": exposure * 2})


def a_removed_barrier(number: int) -> tuple[dict, dict]:
    barriers = ("drug_share", "cost_per_visit", "self_pay_ratio", "nrdl_membership", "performance_monitoring")
    world = free(number, "barrier")
    return world, with_rule(world, "committee.barriers_removed", list(barriers[number % 5 :]), "declared")


def higher_odds(number: int) -> tuple[dict, dict]:
    world = free(number, "odds")
    b0 = {level: value + 0.4 for level, value in world["parameters"]["decision"]["b0"].items()}
    return world, changed(world, {"decision.b0": b0})


def more_places(number: int) -> tuple[dict, dict]:
    world = free(number, "places")
    tight = random_world(number, "places")["parameters"]["committee"]["places"]
    decision = {"pass": (1, 0.7)[number % 2], "defer": 0, "return": 0}
    world = changed(world, {"decision.fixed": decision, "committee.places": tight, "stages.temporary": number % 4 == 0})
    return world, changed(world, {"committee.places": {level: n + 1 + number % 3 for level, n in tight.items()}})


LAWS = {
    "a shorter purchase limit never delays stock": (shorter_purchase_limit, ("stock",)),
    "more obedience to a purchase limit never delays stock": (more_obedience_to_a_purchase_limit, ("stock",)),
    "more reviewers never delay a listing": (more_reviewers, ("listed",)),
    "a longer push exposure never delays": (longer_exposure, ("first_ask", "passed", "stock")),
    "a removed barrier never delays": (a_removed_barrier, ("passed", "stock")),
    "higher odds never delay": (higher_odds, ("passed", "stock")),
    "more agenda places never delay": (more_places, ("passed", "stock")),
}


@pytest.mark.parametrize("law", LAWS)
def test_an_exact_law_holds_pair_by_pair_in_a_few_worlds(law: str):
    check(LAWS[law][0], *LAWS[law][1], worlds=FEW)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_an_exact_law_holds_pair_by_pair(law: str):
    check(LAWS[law][0], *LAWS[law][1])


# ---- planted bugs: each must be found out by its law


def limit_read_upside_down(patch: pytest.MonkeyPatch) -> None:
    number = rulebook_module._number

    def wrong(rule, key):
        value, unit = number(rule, key)
        return (200 - value if rule.rule.lever == "procurement.purchase_within" else value), unit

    patch.setattr(rulebook_module, "_number", wrong)


def strength_read_upside_down(patch: pytest.MonkeyPatch) -> None:
    pack = begin_module.pack_rules

    def wrong(world, others):
        packed = pack(world, others)
        packed.rules["logit"] *= -1
        return packed

    patch.setattr(begin_module, "pack_rules", wrong)


def last_come_first_reviewed(patch: pytest.MonkeyPatch) -> None:
    review = listing_module._review
    patch.setattr(listing_module, "_review", lambda t, o, arrival, due, *rest: review(t, o, arrival, -due, *rest))


def number_negated(*names: str) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        numbers = begin_module.numbers

        def wrong(world):
            out = numbers(world)
            for name in names:
                out[name] *= -1
            return out

        patch.setattr(begin_module, "numbers", wrong)

    return plant


def places_counted_down(patch: pytest.MonkeyPatch) -> None:
    hospitals = begin_module._hospitals

    def wrong(world, group_of):
        out = hospitals(world, group_of)
        out["places"] = 12 - out["places"]
        return out

    patch.setattr(begin_module, "_hospitals", wrong)


BARRIERS = ("drug_share", "cost_per_visit", "self_pay_ratio", "nrdl_membership", "performance_monitoring")
BUGS = {
    "a limit read upside down": ("a shorter purchase limit never delays stock", limit_read_upside_down),
    "a strength read upside down": (
        "more obedience to a purchase limit never delays stock", strength_read_upside_down),
    "last come, first reviewed": ("more reviewers never delay a listing", last_come_first_reviewed),
    "a canvass that raises the threshold": ("a longer push exposure never delays", number_negated("push")),
    "a barrier that counts in favour": (
        "a removed barrier never delays", number_negated("beta_barrier")),
    "a leaning with the wrong sign": ("higher odds never delay", number_negated("b0")),
    "agenda places counted down": ("more agenda places never delay", places_counted_down),
}  # fmt: skip


@pytest.mark.parametrize("bug", BUGS)
def test_a_law_finds_its_planted_bug(bug: str, monkeypatch: pytest.MonkeyPatch):
    law, plant = BUGS[bug]
    plant(monkeypatch)
    with pytest.raises(AssertionError, match="world"):
        check(LAWS[law][0], *LAWS[law][1])


@pytest.mark.parametrize("worlds", [15, pytest.param(60, marks=pytest.mark.slow)])
def test_higher_odds_never_delay_where_a_lock_out_ends_before_the_next_meeting(worlds: int):
    """A deferral then comes later than a refusal would have come back: the draws of asking must belong to hearings."""

    def short_lock_outs(number: int) -> tuple[dict, dict]:
        world, better = higher_odds(number)
        b0 = {level: value - 0.5 for level, value in world["parameters"]["decision"]["b0"].items()}
        keys = {"end": "2029-12-31", "asking.lambda0": 6, "asking.plateau": 9, "decision.b0": b0, "decision.delta": 1,
                "decision.rho": 0.2, "decision.lock_out_months": 1, "committee.meetings": {"grid": 250}}  # fmt: skip
        for stratum in world["region"]["strata"]:
            stratum["count"] = 12
        world = changed(world, keys)
        return world, changed(world, {"decision.b0": {level: value + 0.4 for level, value in b0.items()}})

    check(short_lock_outs, "passed", "stock", worlds=worlds)


# ---- on average, in the full model

REPLICATIONS = 200
LOOKS = {20: 4, 50: 2}  # replications after which a gain of more than so many standard errors needs no more
QUARTERS = [range(i, WORLDS, 4) for i in range(4)]  # so that cores share the worlds; one kind of more capacity in each
EXPLAINED: dict[str, str] = {}  # violators that are findings: name of the world and law, and why


def more_capacity(number: int) -> tuple[str, dict, dict]:
    world = random_world(number, "average")
    p = world["parameters"]
    kind, change = [
        ("reviewers", {"listing.reviewers": p["listing"]["reviewers"] + 2}),
        ("agenda places", {"committee.places": {level: n + 4 for level, n in p["committee"]["places"].items()}}),
        ("free room at the start", {"room.target_mean": p["room"]["target_mean"] + 10}),
        ("a larger formulary", {"room.formulary": {level: n * 2 for level, n in p["room"]["formulary"].items()}}),
    ][number % 4]  # fmt: skip
    return kind, world, changed(world, change)


def fewer_barriers(number: int) -> tuple[str, dict, dict]:
    world = random_world(number, "average")
    barriers = ("drug_share", "cost_per_visit", "self_pay_ratio", "nrdl_membership", "performance_monitoring",
                "total_budget", "formulary_size")  # fmt: skip
    gone = [barriers[number % 7], barriers[(number + 3) % 7]]
    return " and ".join(gone), world, with_rule(world, "committee.barriers_removed", gone)


def days_stocked(scenario, replication: int) -> float:
    """Mean days of regular stock over target pairs, by the end."""
    record = replicate(scenario, replication, pairs=True)
    days = record.world.horizon - np.minimum(record.pairs.stock, record.world.horizon)
    return float(days.sum()) / max(1, int(record.targets.sum()))


def gains(before, *after) -> list[np.ndarray]:
    """Paired gains in days of stock, by replication, of each world over the first; fewer of them where the gain is plain."""
    base: list[float] = []

    def gain(world, numbers: range) -> list[float]:
        base.extend(days_stocked(before, r) for r in range(len(base), numbers.stop))
        return [days_stocked(world, r) - base[r] for r in numbers]

    out = []
    for world in after:
        found: list[float] = []
        for until, errors in (*LOOKS.items(), (REPLICATIONS, 0)):
            found += gain(world, range(len(found), until))
            if np.mean(found) > errors * np.std(found, ddof=1) / math.sqrt(until):
                break
        out.append(np.array(found))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("numbers", QUARTERS, ids=["reviewers", "agenda places", "free room", "larger formulary"])
def test_more_capacity_and_fewer_barriers_never_hurt_on_average(numbers: range):
    laws = (more_capacity, fewer_barriers)
    seen, violators = [0, 0], []
    for two in ([law(number) for law in laws] for number in numbers):
        both = gains(*(load_scenario(w) for w in (two[0][1], two[0][2], two[1][2])))
        for i, (law, (kind, world, _), gain) in enumerate(zip(laws, two, both, strict=True)):
            error = gain.std(ddof=1) / math.sqrt(len(gain))
            seen[i] += bool(gain.any())
            if gain.mean() < -3 * error and f"{law.__name__} {world['name']}" not in EXPLAINED:
                violators.append(f"{law.__name__} {world['name']} ({kind}): {gain.mean():.3f} +- {error:.3f} days")
    assert not violators, "\n".join(violators)
    assert min(seen) >= SEEN / WORLDS * len(numbers), f"a difference in {seen} of {len(numbers)} worlds"
