"""Worlds whose answer is known from theory, through the public API: within 4 standard errors, and precisely enough.

Each file of `scenarios/toys/` states its answer; here every answer is worked out anew. A first look takes a few of a toy's
replications; all of them, and the bound on precision, are the slow tests'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

import simlib
from simlib.core.files import scenarios

TOYS = sorted(p.stem for p in (scenarios() / "toys").glob("*.yaml"))
YEAR = 365.25


# ---- theory


def erlang_wait(servers: int, rate: float, mean: float) -> float:
    """Mean wait in M/M/c (Erlang C, by the recursion of Erlang B)."""
    load, blocked = rate * mean, 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    waits = blocked / (1 - load / servers * (1 - blocked))
    return waits * mean / (servers - load)


def pollaczek_khinchine(rate: float, mean: float, variance: float) -> float:
    """Mean wait in M/G/1."""
    return rate * (mean**2 + variance) / (2 * (1 - rate * mean))


def agenda(places: int, requests: float) -> tuple[float, float]:
    """(mean wait in intervals, share heard at the first meeting): first come first served, Poisson requests."""
    size = 300
    arrivals = stats.poisson.pmf(np.arange(80), requests)
    step = np.zeros((size, size))  # from i requests left behind by a meeting to j by the next
    for i in range(size):
        np.add.at(step[i], np.clip(i + np.arange(80) - places, 0, size - 1), arrivals)
    left = np.linalg.matrix_power(step, 4096)[0]
    mean_left = np.arange(size) @ left
    # the tagged request comes evenly within the interval, after Poisson(requests * u) others
    ahead = [stats.poisson.pmf(k, requests * (np.arange(1000) + 0.5) / 1000).mean() for k in range(places)]
    first = sum(left[i] * ahead[k] for i in range(places) for k in range(places - i))
    return 0.5 + mean_left / requests, first


def renewal(mean: float, variance: float) -> float:
    """Mean wait for the next of independent intervals, for one who comes at random."""
    return (mean**2 + variance) / (2 * mean)


def phi(x: float) -> float:
    """Standard normal distribution."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


def gone(exposure: float) -> float:
    """Share of Exp(1) thresholds below an exposure."""
    return 1 - math.exp(-exposure)


# ---- answers


@dataclass(frozen=True)
class Answer:
    """What an indicator of a toy must come to; `stated` is how the file's comment writes it."""

    indicator: str
    value: float
    stated: str
    half_width: float | None = 0.02  # of the answer; None: no bound
    by: str = "all"
    group: str = "all"


STEPS = sum(k * p for k, p in ((1, 2 / 3), (2, 2 / 3), (3, 1 / 3), (4, 1 / 3), (5, 1 / 3)))
AGENDA = agenda(5, 4.5)
ANSWERS = {
    "queue-8": [Answer("review_wait_days", erlang_wait(8, 0.4, 15), "2.677")],
    "queue-8-busy": [Answer("review_wait_days", erlang_wait(8, 0.5, 15), "24.22", 0.05)],
    "queue-md1": [Answer("review_wait_days", pollaczek_khinchine(0.06, 10, 0), "7.5")],
    "queue-mg1": [Answer("review_wait_days", pollaczek_khinchine(0.06, 10, 10**2 / 12), "8.125")],
    "queue-dates": [Answer("review_wait_days", erlang_wait(3, 0.18, 10), "2.956")],
    "meetings-90": [Answer("wait_days", 45, "45")],
    "meetings-90-duty": [
        Answer("wait_days", 2 / 3 * 30 + 1 / 3 * 15, "25"),
        Answer("duty_meetings_per_year", 2 / 3 / (1000 / YEAR), "0.2435"),
    ],
    "agenda-5": [Answer("wait_days", 30 * AGENDA[0], "38.30"), Answer("heard_at_first", AGENDA[1], "50.15%")],
    "chain": [
        Answer("stock_days_survivors", 21 + 45 + 0.4 / 0.6 * 90 + 30, "156"),
        Answer("hospital_days_median", 21 + 0.5 / 0.6 * 90 + 30, "126"),
    ],
    "renewal-uniform": [Answer("wait_days", renewal(90, 60**2 / 12), "46.667")],
    "renewal-exponential": [Answer("wait_days", renewal(90, 90**2), "90")],
    "renewal-gamma": [Answer("wait_days", renewal(90, 45**2), "56.25")],
    "renewal-weibull": [Answer("wait_days", renewal(90, 60**2), "65")],
    "renewal-empirical": [Answer("wait_days", 10 + 30 * STEPS / (10 / 3), "64")],
    "grid-jitter": [Answer("wait_days", renewal(90, 2 * 40**2 / 12), "46.481")],
    "backlog": [Answer("wait_days", 45 + 4 * 90 - 20, "385")],
    "lock-out": [
        Answer("passed", 0.5 / (1 - 0.2 - 0.3 * 0.5), "0.76923"),
        Answer("stock_days_survivors", 45 + (0.2 * 90 + 0.15 * 270) / (1 - 0.35) + 30, "165"),
        Answer("pass_rate", 0.5, "0.5"),
        Answer("defer_rate", 0.2, "0.2", None),
        Answer("refusal_rate", 0.3, "0.3", None),
    ],
    "odds": [
        Answer("pass_rate", phi(-0.3 / 1.8), "0.43382"),
        Answer("defer_rate", phi(0.3 / 1.8) - phi(-0.3 / 1.8), "0.13237", None),
        Answer("refusal_rate", phi(-0.3 / 1.8), "0.43382"),
    ],
    "durations": [Answer("review_days", 20 + 40, "60"), Answer("stock_days_survivors", 60 + 30 + 6, "96")],
    "stages": [Answer("stock_days_survivors", 10 + 50 + 7 + 30 + 45 + 36.525 + 30, "208.525")],
    "first": [Answer("stock_days_survivors", (0 + 17 + 34 + 0) / 4 + 20 + 7 + 30 + 45 + 0.4 / 0.6 * 90 + 30, "204.75")],
    "nothing": [Answer("stock_days_survivors", 0, "0"), Answer("stocked_12m", 1, "1")],
    "catalogue-off": [Answer("stocked_12m", gone(0.6), "0.45119"), Answer("stocked_24m", gone(1.2), "0.69881")],
    "catalogue-on": [
        Answer("stocked_12m", gone((0.6 * 331 + 2 * 34.25) / YEAR), "0.51871"),
        Answer("stocked_12m_catalogue", gone(0.6 * 331 / YEAR + 2), "0.92143"),
    ],
    "catalogue-entry": [Answer("entered_same_year", 0.75 * 181 / 366, "0.37090", 0.02, "year", "2020")],
    "push": [Answer("stocked_12m", gone(1.2), "0.69881"), Answer("stocked_24m", gone(1.8), "0.83470")],
    "temporary": [
        Answer("provided_12m", gone((YEAR - 7) / YEAR), "0.62500"),
        Answer("stocked_12m", 0, "0"),
    ],
    "trial-sequence": [
        Answer("approval_days", 60 + 20 + 30 + 90 + 10 + 600 + 100 + 200, "1110"),
        Answer("approvals_per_year", YEAR / 2000, "0.182625"),
    ],
    "trial-parallel": [Answer("approval_days", max(60, 20, 30, 90) + 10 + 600 + 100 + 200, "1000")],
    "startup-limit": [Answer("approval_days", 60 + 14 * 7 + 600 + 100 + 200, "1058")],
    "service-place": [Answer("approval_days", 1110 - 50 / 2, "1085")],
    "after-approval": [Answer("later_indications", 0.5 * 3, "1.5"), Answer("supplement_days", 60, "60")],
    "route": [Answer("route_products", 6 / (731 / YEAR), "2.99795"), Answer("route_days", 20 + 30 + 7 + 2, "59")],
}  # fmt: skip
FIRST_LOOK = 8  # replications
LOOKS = {"queue-8": 20, "agenda-5": 6}  # the same where a replication is short, or long
ROUNDED = {  # how far a stated answer may be rounded
    name: 0.5 * 10 ** -len(name.rstrip("%").partition(".")[2]) * (0.01 if name.endswith("%") else 1)
    for answers in ANSWERS.values() for name in (a.stated for a in answers)
}  # fmt: skip


def check(name: str, result: simlib.Result, precise: bool = True) -> None:
    """Every answer of a toy: near in standard errors, and measured well enough."""
    for answer in ANSWERS[name]:
        row = result.value(answer.indicator, answer.by, answer.group)
        error = row["sd"] / math.sqrt(row["replications"])
        near = abs(row["mean"] - answer.value) <= 4 * error + 1e-9
        assert near, f"{name}: {answer.indicator} {row['mean']:.5g} +- {error:.2g}, expected {answer.value:.5g}"
        if precise and answer.half_width:
            half = (row["high"] - row["low"]) / 2
            assert half <= answer.half_width * answer.value + 1e-9, f"{name}: {answer.indicator} half-width {half:.3g}"


def test_every_toy_has_an_answer_and_every_answer_a_toy():
    elsewhere = {"patients-availability", "patients-pharmacy"}  # tests/known_answers/test_patients.py
    assert set(TOYS) - elsewhere == set(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_comment_of_a_toy_states_its_answer(name: str):
    text = (scenarios() / "toys" / f"{name}.yaml").read_text(encoding="utf-8")
    comment = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    for answer in ANSWERS[name]:
        assert answer.stated in comment
        given = float(answer.stated.rstrip("%")) / (100 if answer.stated.endswith("%") else 1)
        assert given == pytest.approx(answer.value, abs=ROUNDED[answer.stated] * 1.0001)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_toy_gives_its_known_answer_at_a_first_look(name: str):
    scenario = simlib.load_scenario(name)
    few = min(LOOKS.get(name, FIRST_LOOK), scenario.replications)
    check(name, simlib.simulate(scenario, few, workers=1, progress=False), precise=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_toy_gives_its_known_answer_precisely(name: str):
    check(name, simlib.simulate(simlib.load_scenario(name), workers=1, progress=False))


PARTS = {"readiness": 10, "listing": 50, "catalogue": 0, "awareness": 7, "asking": 30, "committee": 45, "room": 36.525,
         "temporary": 0, "purchase": 30}  # fmt: skip


@pytest.mark.parametrize("stage", PARTS)
def test_a_stage_that_is_off_takes_its_part_away(stage: str):
    scenario = simlib.load_scenario("stages", {f"stages.{stage}": False})
    row = simlib.simulate(scenario, 6, workers=1, progress=False).value("stock_days_survivors")
    expected = sum(PARTS.values()) - PARTS[stage]
    assert row["mean"] == pytest.approx(expected, abs=4 * row["sd"] / math.sqrt(row["replications"]) + 1e-3)


@pytest.mark.parametrize(("limit", "days"), [("27 weeks", -7), ("28 weeks", 0), ("29 weeks", 0)])
def test_a_target_for_start_up_acts_only_under_the_mean_that_there_is(limit: str, days: int):
    scenario = simlib.load_scenario("startup-limit", {"preapproval.trial_startup_limit": limit})
    row = simlib.simulate(scenario, 1, workers=1, progress=False).value("approval_days")
    assert row["mean"] == pytest.approx(1156 + days, abs=1e-4)


KINDS = {
    "constant": ({"constant": 12}, 12),
    "uniform": ({"uniform": {"low": 4, "high": 20}}, 12),
    "exponential": ({"exponential": {"mean": 12}}, 12),
    "lognormal by mean": ({"lognormal": {"mean": 12, "sd": 6}}, 12),
    "lognormal by median": ({"lognormal": {"median": 12, "sigma": 0.5}}, 12 * math.exp(0.125)),
    "gamma": ({"gamma": {"mean": 12, "sd": 6}}, 12),
    "weibull": ({"weibull": {"mean": 12, "sd": 6}}, 12),
    "empirical": ({"empirical": [6, 12, 18]}, 12),
    "months": ({"constant": 2, "unit": "months"}, 2 * 30.4375),
    "working days": ({"exponential": {"mean": 12}, "unit": "working_days"}, 12),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_purchase_takes_the_mean_of_its_distribution(kind: str):
    duration, mean = KINDS[kind]
    scenario = simlib.load_scenario(
        "nothing",
        {"stages.purchase": True, "purchase.time": duration, "cohort": {"poisson": {"per_day": 1, "last": 300}}},
    )
    row = simlib.simulate(scenario, 10, workers=1, progress=False).value("stock_days_survivors")
    assert row["mean"] == pytest.approx(mean, abs=4 * row["sd"] / math.sqrt(row["replications"]) + 1e-6)


WRONG = {  # one number of each toy changed a little: its test must see that
    "queue-md1": {"listing.work": "11 days"},
    "queue-mg1": {"listing.work": {"uniform": {"low": 0, "high": 20}}},
    "queue-dates": {"listing.reviewers": 4},
    "meetings-90": {"committee.meetings": {"grid": 93}},
    "meetings-90-duty": {"obedience": "default"},
    "chain": {"decision.fixed": {"pass": 0.57, "defer": 0.43, "return": 0}},
    "renewal-uniform": {"committee.meetings": {"intervals": "90 days"}},
    "renewal-exponential": {"committee.meetings": {"intervals": {"exponential": {"mean": 85}}}},
    "renewal-gamma": {"committee.meetings": {"intervals": {"gamma": {"mean": 90, "sd": 60}}}},
    "renewal-weibull": {"committee.meetings": {"intervals": {"weibull": {"mean": 90, "sd": 45}}}},
    "renewal-empirical": {"committee.meetings": {"intervals": {"empirical": [60, 90, 150]}}},
    "grid-jitter": {"committee.meetings": {"grid": 90, "jitter": 44}},
    "backlog": {"committee.backlog": 19},
    "lock-out": {"decision.lock_out_months": 10},
    "odds": {"decision.delta": 0.9},
    "durations": {"listing.work": {"gamma": {"mean": 22, "sd": 10}}},
    "stages": {"readiness.time": "14 days"},
    "first": {"listing.reviewers": 2},
    "nothing": {"stages.listing": True},
    "catalogue-off": {"asking.before_catalogue": 0.33},
    "catalogue-on": {"asking.before_catalogue": 0.36},
    "catalogue-entry": {"catalogue.first_success": 0.72},
    "push": {"asking.push_exposure": 0.9},
    "temporary": {"temporary.time": "21 days"},
    "trial-sequence": {"preapproval.contract_review": "91 days"},
    "trial-parallel": {"preapproval.contract_review": "91 days"},
    "startup-limit": {"preapproval.trial_startup_limit": "15 weeks"},
    "service-place": {"preapproval.early_service_slots": 2},
    "after-approval": {"preapproval.indication_factor": 2.8},
    "route": {"routes.assumed_number.urgent_import": 3},
}


def test_every_short_toy_has_a_wrong_number():
    assert set(ANSWERS) - set(WRONG) == {"queue-8", "queue-8-busy", "agenda-5"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_toy_with_a_wrong_number_is_found_out(name: str):
    with pytest.raises(AssertionError, match=name):
        check(name, simlib.simulate(simlib.load_scenario(name, WRONG[name]), workers=1, progress=False))
