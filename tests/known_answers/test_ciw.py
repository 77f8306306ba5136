"""The parts of the engine that are queues, beside the same queues in Ciw, which shares no line and no random number with it.

The platforms' reviewers and the committee's agenda are simulated twice, each by a package of its own from the same
numbers. A replication gives one mean wait and one upper quantile; the two packages agree where these means over replications
differ by no more than FAR standard errors of the difference, and that has to be a narrow band (`tolerance`) to say
anything. Seeds are fixed: what holds today holds tomorrow.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import ciw
import numpy as np
import pytest

import simlib
from simlib.experiments.intervals import interval
from simlib.model.model import replicate
from simlib.model.record import Record

FAR = 4.0  # standard errors
QUANTILE = 0.9
WARM_UP, COOL_DOWN = 2000.0, 1000.0  # days at either end that fill and empty the queue; their arrivals are not counted
LONGER = 3  # how many times as long, and as often, the long version looks

Waits = tuple[np.ndarray, np.ndarray]  # (days of arrival, days waited), one a customer


# ---- the engine


def reviews(record: Record) -> Waits:
    """Complete dossiers and their wait for a reviewer."""
    listing = record.listing
    return listing.arrival[0], listing.start[0] - listing.arrival[0]


def hearings(record: Record) -> Waits:
    """Requests and their wait for a first hearing."""
    assert record.pairs is not None
    return record.pairs.first_ask[0], record.pairs.first_heard[0] - record.pairs.first_ask[0]


def passes(record: Record) -> Waits:
    """Requests and their wait for the hearing that passes them."""
    assert record.pairs is not None
    return record.pairs.first_ask[0], record.pairs.passed[0] - record.pairs.first_ask[0]


# ---- the same in Ciw


def run(seed: int, horizon: float, customer: str = "Customer", **network: Any) -> Waits:
    """Customers of a class and how long each waited before its last service began."""
    ciw.seed(seed)
    simulation = ciw.Simulation(ciw.create_network(**network))
    simulation.simulate_until_max_time(horizon)
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for r in simulation.get_all_records():
        if r.original_customer_class == customer or r.id_number in first:
            first[r.id_number] = min(first.get(r.id_number, np.inf), r.arrival_date)
            last[r.id_number] = max(last.get(r.id_number, 0.0), r.service_start_date)
    arrivals = np.array(list(first.values()))
    return arrivals, np.array(list(last.values())) - arrivals


def desk(
    rate: float, work: Any, reviewers: int, line: Callable = ciw.disciplines.FIFO
) -> Callable[[int, float], Waits]:
    """Dossiers at a constant rate a day, in one line for all reviewers."""
    return lambda seed, horizon: run(
        seed, horizon, arrival_distributions=[ciw.dists.Exponential(rate)], service_distributions=[work],
        number_of_servers=[reviewers], service_disciplines=[line],
    )  # fmt: skip


def desk_with_limits(
    rates: Mapping[str, float], work: Any, reviewers: int, limits: Mapping[str, float]
) -> Callable[[int, float], Waits]:
    """Drugs and other dossiers, each with a limit of so many days: whoever's limit ends first is next."""

    def soonest(waiting: list, t: float) -> Any:
        return min(waiting, key=lambda i: i.arrival_date + limits[i.customer_class])

    return lambda seed, horizon: run(
        seed, horizon, customer="Drug",
        arrival_distributions={k: [ciw.dists.Exponential(r)] for k, r in rates.items()},
        service_distributions=dict.fromkeys(rates, [work]), number_of_servers=[reviewers], service_disciplines=[soonest],
    )  # fmt: skip


def agenda(rate: float, places: int, background: float = 0.0) -> Callable[[int, float], Waits]:
    """A meeting every 30 days that hears the first in line, as many as other items leave places for."""

    def line(seed: int, horizon: float) -> Waits:
        days = [30.0 * (k + 1) for k in range(int(horizon / 30))]
        others = np.random.default_rng(seed).poisson(background, len(days))
        sizes = [int(n) for n in np.maximum(0, places - others)]
        return run(
            seed, horizon, arrival_distributions=[ciw.dists.Exponential(rate)],
            service_distributions=[ciw.dists.Deterministic(0.0)],
            number_of_servers=[ciw.Slotted(slots=days, slot_sizes=sizes)],
        )  # fmt: skip

    return line


def agenda_with_returns(rate: float, places: int, deferred: float) -> Callable[[int, float], Waits]:
    """The same; a part is put off at each hearing and comes before whoever asked later."""
    nothing = [ciw.dists.Deterministic(0.0)]
    outcome = {"New": 0.0, "Deferred": deferred, "Passed": 1.0 - deferred}
    return lambda seed, horizon: run(
        seed, horizon, customer="New",
        arrival_distributions={"New": [ciw.dists.Exponential(rate)], "Deferred": [None], "Passed": [None]},
        service_distributions=dict.fromkeys(outcome, nothing),
        number_of_servers=[ciw.Slotted(slots=[30.0], slot_sizes=[places])],
        class_change_matrices=[dict.fromkeys(outcome, outcome)],
        priority_classes={"Deferred": 0, "Passed": 0, "New": 1},
        routing={"New": [[0.0]], "Deferred": [[1.0]], "Passed": [[0.0]]},
    )  # fmt: skip


# ---- what is compared


@dataclass(frozen=True)
class Queue:
    """A toy with what is changed in it, what is read of it, and the same queue in Ciw.

    days: how long one replication is. replications: how many on either side. tolerance: how wide the band of agreement may be,
    as part of the engine's value.
    """

    toy: str
    read: Callable[[Record], Waits]
    other: Callable[[int, float], Waits]
    days: float
    changes: Mapping[str, Any] = field(default_factory=dict)
    replications: int = 12
    tolerance: float = 0.5


LIMITED_RATES = {"Drug": 0.1, "Other": 0.12}  # a day
LIMITED = {
    "cohort": {"poisson": {"per_day": 0.1}}, "listing.reviewers": 3, "listing.work": {"exponential": {"mean": 10}},
    "listing.background_per_year": 0.12 * 365.25, "listing.customary_limit": 45,
    "listing.review_limit": {"value": "15 working days", "scope": "all", "strength": "must"},
}  # fmt: skip
QUEUES = {
    "eight reviewers": Queue("queue-8", reviews, desk(0.4, ciw.dists.Exponential(1 / 15), 8), 9_000),
    "reviews of one length": Queue("queue-md1", reviews, desk(0.06, ciw.dists.Deterministic(10.0), 1), 20_000),
    "reviews of five to fifteen days": Queue("queue-mg1", reviews, desk(0.06, ciw.dists.Uniform(5.0, 15.0), 1), 20_000),
    "drugs with a limit before other dossiers": Queue(
        "queue-8", reviews,
        desk_with_limits(LIMITED_RATES, ciw.dists.Exponential(0.1), 3, {"Drug": 15.0, "Other": 45.0}),
        12_000, LIMITED,
    ),
    "an agenda": Queue(
        "agenda-5", hearings, agenda(0.13, 5), 12_000, {"cohort": {"poisson": {"per_day": 0.13}}}
    ),
    "an agenda with other items": Queue(
        "agenda-5", hearings, agenda(0.08, 5, 2.0), 20_000,
        {"cohort": {"poisson": {"per_day": 0.08}}, "committee.background_items": {"level_3": 2, "level_2": 2, "level_1": 2}},
    ),
    "an agenda to which drugs return": Queue(
        "agenda-5", passes, agenda_with_returns(0.09, 5, 0.3), 14_000,
        {"cohort": {"poisson": {"per_day": 0.09}}, "decision.fixed": {"pass": 0.7, "defer": 0.3, "return": 0}},
    ),
}  # fmt: skip


def measured(waits: Waits, days: float) -> tuple[float, float]:
    """(mean, upper quantile) of the waits of those who came between warm-up and cool-down."""
    came, waited = waits
    inside = waited[(came >= WARM_UP) & (came < days - COOL_DOWN)]
    assert np.isfinite(inside).all()
    return float(inside.mean()), float(np.quantile(inside, QUANTILE))


def engine(q: Queue, times: int = 1) -> np.ndarray:
    """(replications, 2): what the engine measures."""
    days = q.days * times
    scenario = simlib.load_scenario(
        q.toy, {"horizon_days": int(days), "count_until": int(days), "policy_from": 0, **q.changes}
    )
    records = (replicate(scenario, k, pairs=q.read is not reviews) for k in range(q.replications * times))
    return np.array([measured(q.read(r), days) for r in records])


def in_ciw(q: Queue, times: int = 1) -> np.ndarray:
    """(replications, 2): what Ciw measures."""
    days = q.days * times
    return np.array([measured(q.other(k, days), days) for k in range(q.replications * times)])


def apart(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(difference of means, FAR standard errors of it), for mean and quantile; the replication is the unit."""
    error = np.sqrt(sum(x.var(axis=0, ddof=1) / len(x) for x in (first, second)))
    return second.mean(axis=0) - first.mean(axis=0), FAR * error


def with_interval(values: np.ndarray) -> str:
    """The mean over replications with its 95% interval."""
    return "{:.4g} ({:.4g} to {:.4g})".format(*interval(values))


@functools.cache
def at_first(name: str) -> np.ndarray:
    """What the engine measures of a queue at a first look."""
    return engine(QUEUES[name])


def check(name: str, here: np.ndarray, there: np.ndarray, tolerance: float) -> None:
    """Both packages measure the same, and well enough."""
    difference, band = apart(here, there)
    for i, what in enumerate(("mean", "quantile")):
        value = here[:, i].mean()
        said = f"{name}: {what} wait {with_interval(here[:, i])} in the engine, {with_interval(there[:, i])} in Ciw"
        assert abs(difference[i]) <= band[i] + 1e-9, f"{said}, apart by more than {band[i]:.2g}"
        assert band[i] <= tolerance * value, f"{said}: the band {band[i]:.2g} is too wide to say so"


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_of_the_engine_waits_as_long_in_ciw(name: str):
    check(name, at_first(name), in_ciw(QUEUES[name]), QUEUES[name].tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_of_the_engine_waits_as_long_in_ciw_when_looked_at_for_long(name: str):
    q = QUEUES[name]
    check(name, engine(q, LONGER), in_ciw(q, LONGER), q.tolerance / 3)


WRONG = {
    "the last come first": ("eight reviewers", desk(0.4, ciw.dists.Exponential(1 / 15), 8, ciw.disciplines.LIFO)),
    "a place more": ("an agenda", agenda(0.13, 6)),
    "nobody has a limit": (
        "drugs with a limit before other dossiers",
        desk_with_limits(LIMITED_RATES, ciw.dists.Exponential(0.1), 3, {"Drug": 45.0, "Other": 45.0}),
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_queue_with_another_rule_is_told_apart(wrong: str):
    name, other = WRONG[wrong]
    with pytest.raises(AssertionError, match="apart by more than"):
        check(name, at_first(name), in_ciw(replace(QUEUES[name], other=other)), QUEUES[name].tolerance)
