"""What the laws on patients, pharmacies and payment are tried on: random worlds, what is read of them, and comparisons."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib import load_scenario
from simlib.model.model import Run
from simlib.model.record import Record
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.patients import FATE
from simlib.scenario.world import build_world
from tests.behaviour.random_worlds import changed, random_world

# dates do not depend on patients or money: no peers, and nothing of stages 9 to 11 weighs in a committee
DATES_HELD = {
    "asking.beta_peers": 0, "dual_channel.replaces": 0, "payment.b_loss": 0, "payment.b_slow": 0,
    "asking.patients_half": 0, "decision.relevance_log_sd": 0, "use.remove_share": 0, "barriers.total_budget": 0, "barriers.drug_share": 0,
}  # fmt: skip
# one pair's patients do not change another's: budgets that new drugs do not dent, experts who hear every case
APART = {
    "payment.budget_per_bed": 1e15, "payment.budget_used_mean": 0, "payment.budget_used_sd": 0,
    "payment.review_background": 0, "payment.review_cap": 1, "payment.discharges_per_bed": 1e6,
}  # fmt: skip
TOLERANCE = 1e-9  # of a number's size: rounding
REAL = 1e-6  # of a number's size: from here on a difference counts as one


def use_world(number: int, **keys: Any) -> dict:
    """World `number`, the same for all laws, with dates held and pairs apart; then more keys (`__` for a dot)."""
    world = changed(random_world(number, "use"), {**DATES_HELD, **APART})
    return changed(world, {k.replace("__", "."): v for k, v in keys.items()})


def with_rules(world: dict, rules: dict[str, Any], strength: str = "must") -> dict:
    """The world with more rules on top of its policy, for every drug and hospital."""
    given = {lever: {"value": v, "strength": strength, "clause": "toy", "kind": "stated"} for lever, v in rules.items()}
    policy = {"format": 1, "name": "toy-rules", "title": {"en": "More rules", "zh": "另加规则"}, "document": "toy",
              "place": "toy", "on": world["policy"], "rules": given}  # fmt: skip
    return changed(world, {"policy": policy})


@dataclass(frozen=True)
class Lived:
    """A world lived through. served, wait: special review by month, as the engine read it (float64, J)."""

    record: Record
    served: np.ndarray
    wait: np.ndarray


def live(world: dict) -> Lived:
    """One replication, with what `replicate` does not keep."""
    run = Run(build_world(load_scenario(world), 0))
    run.through()
    lived = Lived(run.record(True), run.arrays.served.copy(), run.arrays.wait.copy())
    run.release()
    return lived


@functools.lru_cache(maxsize=500)
def _remembered(text: str) -> Lived:
    return live(json.loads(text, object_hook=_whole_years))


def _whole_years(tree: dict) -> dict:
    return {int(k) if k.isdecimal() else k: v for k, v in tree.items()}


def baseline(world: dict) -> Lived:
    """A world that many laws start from, lived through once."""
    return _remembered(json.dumps(world))


# ---- what is read of a world


Measure = Callable[[Lived], np.ndarray]


def flows(x: Lived) -> np.ndarray:
    """Patients and days of counted drugs by drug, home hospital's group and fate (D, G, 13)."""
    return x.record.fates[counted_drugs(x.record)]


def at_home(x: Lived) -> np.ndarray:
    """Patients treated at home, by drug, group and place: hospital, pharmacy, temporary supply, study (D, G, 4)."""
    return flows(x)[..., FATE["hospital"] : FATE["study"] + 1]


def home(x: Lived) -> np.ndarray:
    """Patients treated at home (D, G)."""
    return at_home(x).sum(axis=-1)


def treated(x: Lived) -> np.ndarray:
    """Patients treated at home or elsewhere (D, G)."""
    return home(x) + flows(x)[..., FATE["travelled"]]


def fate(number: int) -> Measure:
    """One fate (D, G)."""
    return lambda x: flows(x)[..., number]


def by_fate(x: Lived) -> np.ndarray:
    """Patients by fate, arrivals first (D, G, 9)."""
    return flows(x)[..., : FATE["waiting"] + 1]


def pay(name: str) -> Measure:
    """One column of the payers' tables (C, J, D)."""
    return lambda x: x.record.payers.pay[name]


def money(kind: str) -> Measure:
    """Patient-days of one kind, by class, month and drug."""
    return lambda x: x.record.money[kind]


def loss(x: Lived) -> np.ndarray:
    """Loss of a hospital on a case, in payment standards, by class, month and drug (`docs/semantics-payment.md`, section 11.7)."""
    p, q = x.record.payers, x.record.world.p.payment
    heard = (x.served * (1.0 - q.review_discount * x.wait))[: p.pay.shape[1], None]
    return np.clip(-(p.pay["effect"] + p.pay["gain"] * heard) / p.standard, 0.0, 3.0)


# ---- comparisons: where a sentence about (before, after) is broken


Relation = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _off(a: np.ndarray, b: np.ndarray, part: float) -> np.ndarray:
    return part * (np.abs(a) + np.abs(b) + 1.0)


def never_less(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return b < a - _off(a, b, TOLERANCE)


def never_more(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return b > a + _off(a, b, TOLERANCE)


def same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(b - a) > _off(a, b, TOLERANCE)


def times(factor: float, tolerance: float = TOLERANCE) -> Relation:
    """After is just so many times before."""
    return lambda a, b: np.abs(b - factor * a) > _off(a, b, tolerance)


def differ(measure: Measure, a: Lived, b: Lived) -> bool:
    """Whether two worlds really differ."""
    x, y = measure(a), measure(b)
    return bool((np.abs(y - x) > _off(x, y, REAL)).any())


@dataclass(frozen=True)
class Law:
    """A sentence: worlds of a number (before, after), or one world twice; what may not be broken; what should differ.

    claims: (measure, relation) pairs. seen: whether the sentence was put to the test; by default the first measure differs.
    held: no date of availability may differ.
    """

    worlds: Callable[[int], tuple[dict, dict]]
    claims: tuple[tuple[Measure, Relation], ...]
    seen: Callable[[Lived, Lived], bool] | None = None
    held: bool = True


def check(law: Law, worlds: int, seen: int, fresh: bool = False) -> None:
    """The law holds in so many worlds and is put to the test in at least `seen`; `fresh`: nothing is remembered."""
    tested = 0
    for number in range(worlds):
        before, after = law.worlds(number)
        a = live(before) if fresh else baseline(before)
        b = a if after is before else live(after)
        if law.held:
            _same_dates(number, a, b)
        for measure, broken in law.claims:
            x, y = measure(a), measure(b)
            bad = np.argwhere(broken(x, y))
            assert not len(bad), (
                f"world {number}: {x[tuple(bad[0])]} -> {y[tuple(bad[0])]} at {bad[0]} and {len(bad) - 1} more"
            )
        tested += law.seen(a, b) if law.seen else differ(law.claims[0][0], a, b)
    assert tested >= seen, f"put to the test in {tested} of {worlds} worlds"


def _same_dates(number: int, a: Lived, b: Lived) -> None:
    for name in ("aware", "first_ask", "passed", "stock", "temporary_first"):
        x, y = getattr(a.record.pairs, name), getattr(b.record.pairs, name)
        assert (x == y).all(), f"world {number}: the dates of {name} moved"


# ---- what many laws compare and claim


Worlds = Callable[[int], tuple[dict, dict]]
TREATED = ((treated, never_less),)
AT_HOME = ((home, never_less), (treated, never_less))


def keys(before: dict[str, Any], after: dict[str, Any]) -> Worlds:
    """World `number` with some keys, and the same with others on top."""

    def worlds(number: int) -> tuple[dict, dict]:
        world = use_world(number, **before)
        return world, changed(world, after)

    return worlds


def rule(lever: str, value: Any, before: dict[str, Any] | None = None, **toy: Any) -> Worlds:
    """World `number` (with some keys and rules), and the same with one rule more."""

    def worlds(number: int) -> tuple[dict, dict]:
        world, had = use_world(number, **toy), before or {}
        return (with_rules(world, had) if had else world), with_rules(world, {**had, lever: value})

    return worlds
