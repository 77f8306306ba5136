"""What must hold in every world, feedback and all: sums; and an every-day toy in slow motion."""

from __future__ import annotations

import json

import numpy as np

from simlib.outcomes.money import PAYERS, bills
from simlib.outcomes.patients import FATE
from simlib.outcomes.sampled import bills_in_fen
from tests.behaviour.random_worlds import changed, random_world
from tests.behaviour.use_worlds import Law, Lived, by_fate, differ, flows, home, times, treated, with_rules

# ---- sums that must hold in every world, feedback and all


def one_world(number: int) -> tuple[dict, dict]:
    world = random_world(number, "use-sums")
    return world, world


def unaccounted(x: Lived) -> np.ndarray:
    """By drug, group: arrivals less all who were treated, travelled, were lost, never came or wait, of the arrivals."""
    f = flows(x)
    return (f[..., FATE["arrivals"]] - f[..., FATE["unseen"] : FATE["waiting"] + 1].sum(axis=-1)) / np.maximum(
        1.0, f[..., FATE["arrivals"]]
    )


def nought(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(a) > 1e-9


def negative(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a < -1e-9


def parts(x: Lived) -> np.ndarray:
    """Each payer's part of the bill, by payer, month and drug (4, J, D)."""
    spent = bills(x.record)
    return np.stack([spent[name] for name in PAYERS]) / np.maximum(1.0, spent["total"])


def fen_left(x: Lived) -> np.ndarray:
    """Whole fen of the total that no payer pays (J, D)."""
    fen = bills_in_fen(x.record)
    return fen["total"] - sum(fen[name] for name in PAYERS)


def charity_unlike_promised(x: Lived) -> np.ndarray:
    """How far charity's part of what fund and plans leave is from either of the shares that it may be (C, J, D)."""
    p, q = x.record.payers, x.record.world.p.payment
    rest = 1.0 - p.fund - p.commercial
    given = np.divide(p.charity, rest, out=np.full(rest.shape, q.charity), where=rest > 1e-9)
    return np.minimum(np.abs(given - q.charity), np.abs(given - q.charity - q.charity_added))


def ledgers_apart(x: Lived) -> np.ndarray:
    """Patient-days of the bills less those of the patients, by drug, of their size (2, D)."""
    r = x.record
    billed = np.stack([r.money[kind].sum(axis=(0, 1)) for kind in ("hospital", "pharmacy")])
    lived = r.fates[..., [FATE["therapy_days"], FATE["pharmacy_days"]]].sum(axis=1).T
    return (billed - lived) / np.maximum(1.0, lived)


SUMS = {
    "nobody appears or vanishes, and no number of patients is negative": Law(
        one_world, ((unaccounted, nought), (flows, negative)), lambda a, b: bool(treated(a).sum() > 1)),
    "the payers' parts add up to the bill, and no part is negative": Law(
        one_world, ((parts, negative), (fen_left, nought), (charity_unlike_promised, nought), (ledgers_apart, nought)),
        lambda a, b: bool((parts(a).sum(axis=(1, 2)) > 0).all())),
}  # fmt: skip


# ---- time itself


TOY = json.loads("""{"stages": {"catalogue": false, "asking": false, "room": false, "temporary": false,
  "dual_channel": false, "payment": false},
  "asking": {"all_before_committee": true, "beta_peers": 0},
  "committee": {"background_items": {"level_3": 0, "level_2": 0, "level_1": 0}, "max_duty_meetings_a_year": 1000},
  "barriers": {"tight_budgets": 0}, "drugs": {"patients_per_100k_median": 20},
  "use": {"ramp_start": 1, "remove_share": 0, "city_travel": 0, "capital_travel": 0, "referral": {"level_3": 0, "level_2": 0, "level_1": 0},
          "self_pay_factor": 1,
          "substitute_share": 0, "drug_share_factor": 1, "supply_failure": 0}}""")


def slow_motion(number: int) -> tuple[dict, dict]:
    """An every-day toy, and the same with every duration, limit, rhythm and rate of waiting stretched to twice its length.

    Nothing in it hangs on months or years (no room, catalogue, budget, travel, learning of doctors); rates a year halve.
    """
    base = random_world(number, "slow-motion")
    rng = np.random.default_rng([number, 7])
    days = rng.integers(0, 500, 12).tolist()
    n = {k: int(rng.integers(a, b)) for k, (a, b) in {
        "ready": (5, 60), "stand": (10, 80), "correct": (5, 20), "work": (2, 9), "known": (10, 90), "buy": (20, 120),
        "lock": (1, 7), "lag": (5, 40), "rhythm": (40, 200), "limit": (15, 60), "review": (20, 60), "window": (60, 300),
        "therapy": (100, 700), "other": (0, 80)}.items()}  # fmt: skip

    def at(pace: int) -> dict:
        given = lambda name: f"{pace * n[name]} days"  # noqa: E731
        lever = {"procurement.purchase_within": given("limit"), "listing.review_limit": given("review")}
        levels = ("level_3", "level_2", "level_1")
        world = {
            **base, "calendar": "every_day", "cohort": {"days": [pace * d for d in days]}, "policy": "before-2021",
            "policy_from": pace * 100, "horizon_days": pace * 900, "rounds": None,
        }  # fmt: skip
        del world["end"]
        p = {**TOY, "decision": base["parameters"]["decision"] | {"lock_out_months": pace * n["lock"]}}
        world = changed({**world, "parameters": p}, {
            "readiness.time": given("ready"), "readiness.later_province_lag": given("lag"),
            "readiness.quality_evaluation": pace * 5, "readiness.choice_scale": pace * 30,
            "readiness.national_listing": pace * 90, "listing.window_interval": pace * 30, "listing.standing": given("stand"), "listing.work": given("work"),
            "listing.correction": given("correct"), "listing.customary_limit": pace * 60,
            "listing.background_per_year": n["other"] / pace, "listing.reviewers": 1 + number % 3,
            "awareness.lag": dict.fromkeys(levels, given("known")), "purchase.time": given("buy"),
            "committee.meetings": {"every": dict.fromkeys(levels, pace * n["rhythm"])},
            "committee.unheard_leaves_after_months": pace * 6, "use.window_median": pace * n["window"],
            "use.therapy_days": pace * n["therapy"], "use.pool_years": pace * 0.5,
            "drugs.patients_per_100k_median": 20 / pace, "decision.relevance_patients": dict.fromkeys(levels, 60 / pace),
            "stages.preapproval": False, "stages.routes": False,
        })  # fmt: skip
        world = with_rules(world, lever)
        if number % 2:
            duty = {"within": given("rhythm"), "strength": "must", "clause": "toy", "kind": "stated"}
            world["policy"]["rules"]["committee.duty"] = {"listing": duty}
        return world

    return at(1), at(2)


def dates(x: Lived) -> np.ndarray:
    """Every date of every pair (5, H, D); 0 for never."""
    found = np.stack([getattr(x.record.pairs, n) for n in ("aware", "first_ask", "first_heard", "passed", "stock")])
    return np.where(np.isfinite(found), found, 0.0)


GRID = 1e-5  # times are kept on a grid of 2**-20 day: what is stretched is not rounded alike


def in_days(x: Lived) -> np.ndarray:
    """Days of waiting and on the drug (D, G, 2)."""
    return flows(x)[..., [FATE["wait_days"], FATE["therapy_days"]]]


TIME = {
    "twice as long in everything takes twice as long, and treats the same patients": Law(
        slow_motion, ((dates, times(2, GRID)), (in_days, times(2, GRID)), (by_fate, times(1, GRID))),
        lambda a, b: differ(dates, a, b) and home(a).sum() > 1, held=False),
}  # fmt: skip
