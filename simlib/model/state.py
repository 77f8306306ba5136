"""The one state that the compiled stages share: flat arrays, laid out so that a meeting touches one row.

A pair (hospital, drug) that has not asked yet is two numbers (`x`, `slot`); a pair that has asked gets a case.
Nothing is stored that a keyed draw can tell again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simlib.core.compiled import is_plain
from simlib.core.distributions import pack
from simlib.core.workdays import Table
from simlib.model.state_use import USE_NUMBERS
from simlib.policy.levers import BARRIERS
from simlib.scenario.world import World

# states of a pair, in the order of the flow
(
    NOT_LISTED,
    NOT_AWARE,
    NOT_ASKED,
    WAITING,
    DEFERRED,
    REFUSED,
    WAITING_FOR_ROOM,
    BEING_BOUGHT,
    STOCKED,
    TEMPORARY,
    REMOVED,
    OUT_OF_TARGET,
) = range(12)
STATES = (
    "not_listed", "not_aware", "not_asked", "waiting", "deferred", "refused", "waiting_for_room", "being_bought",
    "stocked", "temporary", "removed", "out_of_target",
)  # fmt: skip

# values of `slot` below a case's number
OUTSIDE, UNAWARE, SILENT = -9, -1, -2
# bits of a hospital's `pushed`: the duties that it could ever obey (of entry on approval as of listing)
BY_LISTING, BY_CATALOGUE, BY_LIST = 1, 2, 4

DRUG = np.dtype(
    [("id", "i8"), ("approval", "f8"), ("listed", "f8"), ("entered", "f8"), ("commercial", "f8"), ("list_entry", "f8"),
     ("duty_entered", "f8"), ("duty_commercial", "f8"), ("duty_list", "f8"), ("recorded", "f8"),
     ("value", "f8"), ("price", "f8"), ("appeal", "f8"), ("breadth", "f8"), ("patients", "f8"), ("channels", "f8"),
     ("approval_12", "f8"), ("approval_24", "f8"), ("entered_12", "f8"), ("entered_24", "f8"),
     ("area", "i4"), ("tcm", "i4"), ("dear", "i4"), ("two", "i4"), ("counted", "i4")]
)  # fmt: skip

HOSPITAL = np.dtype(
    [("id", "i8"), ("size", "f8"), ("catchment", "f8"), ("own", "f8"), ("x", "f8"), ("star", "f8"), ("turn", "f8"),
     ("last", "f8"), ("level", "i4"), ("type", "i4"), ("area", "i4"), ("group", "i4"), ("places", "i4"), ("month", "i4"),
     ("targets", "i4"), ("line", "i4"), ("woken", "i4"), ("backlog", "i4"), ("over_share", "i4"), ("over_cost", "i4"), ("monitored", "i4"),
     ("pushed", "i4"), ("direct", "i4"), ("leading", "i4"), ("linkable", "i4"), ("studies", "i4")]
)  # fmt: skip

CASE = np.dtype(
    [("h", "i4"), ("d", "i4"), ("state", "i4"), ("asks", "i4"), ("hearings", "i4"), ("needs", "i4"), ("refusals", "i4"),
     ("temporaries", "i4"), ("missed", "i4"), ("reason", "i4"), ("temporary", "i1"), ("lifted", "i1"), ("in_line", "i1"), ("flags", "i1"),
     ("first_missed", "i4"),
     ("since", "f8"), ("request", "f8"), ("waiting_from", "f8"), ("until", "f8"), ("need", "f8"), ("direct", "f8"),
     ("supply_from", "f8"), ("supply_to", "f8"), ("passed", "f8"), ("room", "f8"), ("stock", "f8"),
     ("first_ask", "f8"), ("first_heard", "f8"), ("temporary_first", "f8"), ("specialty", "f8"), ("weight", "f8"),
     ("removed", "f8"), ("due", "f8"), ("recorded_from", "f8"), ("recorded_to", "f8"), ("supplies", "i4"), ("behind", "i4")]
)  # fmt: skip

# one event of the log (`simlib.model.log`); rule: place in `rules`, -1 for none
LOG = np.dtype(
    [("h", "i4"), ("d", "i4"), ("t", "f8"), ("until", "f8"), ("event", "i2"), ("detail", "i2"), ("rule", "i4")]
)

# what is counted by hospital group (rows) in `tally`
TALLY = (
    "hospitals", "meetings", "duty_meetings", "overloaded", "load", "hearings", "passes", "deferrals", "refusals", "lapses",
    "direct", "temporaries", "purchases_limited", "purchases_in_time", "purchases",
    "reason_leaning", "reason_value", "reason_relevance", "reason_price", "reason_view",
    *(f"reason_{b}" for b in BARRIERS), *(f"active_{b}" for b in BARRIERS), *(f"decisive_{b}" for b in BARRIERS),
)  # fmt: skip
T_HOSPITALS = TALLY.index("hospitals")
T_MEETINGS = TALLY.index("meetings")
T_DUTY = TALLY.index("duty_meetings")
T_OVERLOADED = TALLY.index("overloaded")
T_LOAD = TALLY.index("load")
T_HEARINGS = TALLY.index("hearings")
T_PASSES = TALLY.index("passes")
T_DEFERRALS = TALLY.index("deferrals")
T_REFUSALS = TALLY.index("refusals")
T_LAPSES = TALLY.index("lapses")
T_DIRECT = TALLY.index("direct")
T_TEMPORARIES = TALLY.index("temporaries")
T_LIMITED = TALLY.index("purchases_limited")
T_IN_TIME = TALLY.index("purchases_in_time")
T_PURCHASES = TALLY.index("purchases")
T_REASON = TALLY.index("reason_leaning")  # and so on in the order of log.GROUNDS
T_ACTIVE = TALLY.index(f"active_{BARRIERS[0]}")  # these two in the order of BARRIERS
T_DECISIVE = TALLY.index(f"decisive_{BARRIERS[0]}")

# what is summed by drug and hospital group in `cube`
CUBE = (
    "targets", "stocked_12", "stocked_24", "provided_12", "provided_24", "stocked_12_catalogue", "stocked_24_catalogue",
    "provided_12_catalogue", "provided_24_catalogue", "months_observed_24", "months_unstocked_24", "stocked_end",
    "asked", "heard", "passed", "ever_temporary", "wait_days", "waits", "heard_at_first", "stock_days", "stocks",
    *(f"days_{s}" for s in STATES),
)  # fmt: skip
C_DAYS = CUBE.index(f"days_{STATES[0]}")  # and so on in the order of STATES

# places of distributions in `dist`
D_TEMPORARY, D_PURCHASE, D_AWARE = 0, 1, 2  # D_AWARE + level - 1

NUMBER = (
    "policy_from", "horizon", "count_from", "count_until", "lambda0", "beta", "before_catalogue", "plateau", "half_life", "push",
    "recheck", "specialty_sd", "size_sd", "match", "tcm_match", "tcm_other", "level_1", "level_2", "level_3", "b0_1", "b0_2", "b0_3",
    "b_value", "b_relevance", "b_catalogue", "b_price", "b_duty", "b_all_due", "b_target", "b_temporary", "delta", "spread",
    "rho_root", "rest_root", "lock_out", "unheard", "order", "background_1", "background_2", "background_3", "guideline",
    "guideline_delay", "standard_factor", "tight", "tight_month", "relaxation", "in_need", "temporary_ends", "fixed", "fixed_pass",
    "fixed_defer", "fixed_return", "all_before", "obedience", "committee", "room", "temporary", "purchase", "every_day", "max_duty", "aware_at_once", "all_targets",
    "learn_listed", "pro_rata", "moved", "recorded_in_need", "recorded_ends",
    *(f"beta_{b}" for b in BARRIERS[:7]), *USE_NUMBERS,
)  # fmt: skip
NUM = np.dtype([(n, "f8") for n in NUMBER])


class Arrays(NamedTuple):
    """All arrays of one replication; the docstring of each dtype above tells the fields.

    D drugs, H hospitals, K knots, G hospital groups. x: float64 (H, D), the date of learning while unaware, the
    threshold of asking while silent. slot: int32 (H, D). c, rate: float64 (K, D, 3). bins: int32 (firsts + 1, D, 3), pairs stocked
    by each first of a month since the one before. stocked, targets: int32 (D, 3). late: float64 (2, n), key and start
    of the duties that set a clock for what lies before them (reading A7; else n is 0). Of stages 9 to 11: edges: (J + 1).
    klass, city: (H). pay: PAY (C, J, D). profile: PROFILE (C, J + 1, D). decay, more: (J, D). window, designated, weight,
    arrive, standard: (D). first_city: (cities, D), first stock. used: (J, H), part of the year's plan used at the edges.
    plan: (H) yuan. spent: int64 (H) fen. year: int64 (J). change: int8 (J), whether a rule begins or ends since the edge before.
    served, wait: (J) of the last special review. queue: int64 (J), millionths of a case put up. reviewed: (J), their gain
    in yuan. fates: (D, G, len(FATES)). money: (C, J, D, 3). uses, supplies: USE, SUPPLY, as many as `counts` says;
    its third number is how often a pair was looked at.
    """

    key: tuple
    table: Table
    num: np.ndarray
    dist: np.ndarray
    pool: np.ndarray
    drug: np.ndarray
    hospital: np.ndarray
    rules: np.ndarray
    first: np.ndarray
    shifts: np.ndarray
    later: np.ndarray  # rules that replace others, see `rulebook.Packed`
    since: np.ndarray
    where: np.ndarray
    obey_u: np.ndarray
    other_u: np.ndarray
    x: np.ndarray
    slot: np.ndarray
    knots: np.ndarray
    firsts: np.ndarray
    rounds: np.ndarray
    late: np.ndarray
    c: np.ndarray
    rate: np.ndarray
    bins: np.ndarray
    stocked: np.ndarray
    targets: np.ndarray
    tally: np.ndarray
    cube: np.ndarray
    kind: np.ndarray  # of each hospital: those of one kind are in the scopes of the same rules
    lean_at: np.ndarray  # float64 (D, B), increasing: when oversight of a drug can change
    lean: np.ndarray  # float64 (kinds, D, B + 1): sums of shifts between those dates, NaN until asked for
    indications: np.ndarray  # dates of later indications, float64 (D, 3), inf for none
    years: np.ndarray  # first days of the calendar's years, to tell the year of a date
    edges: np.ndarray
    klass: np.ndarray
    city: np.ndarray
    pay: np.ndarray
    profile: np.ndarray
    decay: np.ndarray
    fade: np.ndarray  # float64 (J): patients still on the drug after a whole month
    more: np.ndarray
    window: np.ndarray
    designated: np.ndarray
    weight: np.ndarray
    arrive: np.ndarray
    standard: np.ndarray
    first_city: np.ndarray
    used: np.ndarray
    plan: np.ndarray
    spent: np.ndarray
    year: np.ndarray
    change: np.ndarray
    differs: (
        np.ndarray
    )  # int8 (J, D), whether what a hospital's rules about the drug rest on changed since the edge before
    served: np.ndarray
    wait: np.ndarray
    queue: np.ndarray
    reviewed: np.ndarray
    fates: np.ndarray
    money: np.ndarray
    uses: np.ndarray
    supplies: np.ndarray
    counts: np.ndarray
    spend: np.ndarray  # float64 (2): what a pair's month brought, see `use.stretch`
    so_far: np.ndarray  # PROFILE (1) and
    unstocked: np.ndarray  # USE (1): scratch
    cases: np.ndarray  # CASE, the pairs that asked, as many as
    count: np.ndarray  # says
    queue_key: np.ndarray  # `queues`: dates or thresholds, with
    queue_item: np.ndarray  # the drug or hospital of each; queue q has room
    queue_start: np.ndarray  # from its start to the next one's, for as many entries as
    queue_size: np.ndarray  # says
    learners: np.ndarray  # pairs (h * D + d) that learn of a listing, those of knot k from
    learners_from: np.ndarray  # [k] on
    wake_at: np.ndarray  # dates on which a duty may push who is silent, increasing, and
    wake_drug: np.ndarray  # the drug that each concerns, or what kind of date it is (`pairs`)
    seen: np.ndarray  # int64 (D + 1): in which round of calls each drug was called last, and the present round
    called: np.ndarray  # drugs called up
    agenda: np.ndarray  # cases that wait
    held: np.ndarray  # float64 (keys from K_LATE on): what `use_rules.read_held` found last
    log: np.ndarray  # events on request, of length 0 where nobody asks
    noted: np.ndarray  # how many were noted, room or not


def numbers(world: World) -> np.ndarray:
    """The scalars of a scenario as one record of NUM (shape (1,))."""
    p, s = world.p, world.scenario
    d, a, c, b = p.decision, p.asking, p.committee, p.barriers
    by_level = {f"level_{i}": a.level_factor.of(i) for i in (1, 2, 3)}
    by_level |= {f"b0_{i}": d.b0.of(i) for i in (1, 2, 3)} | {
        f"background_{i}": c.background_items.of(i) for i in (1, 2, 3)
    }
    values = by_level | {
        "policy_from": s.policy_from, "horizon": s.horizon, "count_from": s.policy_from, "count_until": s.count_until,
        "lambda0": a.lambda0, "beta": a.beta_peers, "before_catalogue": a.before_catalogue, "plateau": a.plateau,
        "half_life": a.half_life, "push": a.push_exposure, "recheck": a.push_recheck, "specialty_sd": a.specialty_log_sd,
        "size_sd": a.size_log_sd, "match": a.specialty_match, "tcm_match": a.tcm_match, "tcm_other": a.tcm_other,
        "b_value": d.b_value, "b_relevance": d.b_relevance, "b_catalogue": d.b_catalogue, "b_price": d.b_price,
        "b_duty": d.b_duty, "b_all_due": d.b_duty_all_due, "b_target": d.b_target, "b_temporary": d.b_temporary,
        "delta": d.delta, "spread": d.spread, "rho_root": d.rho**0.5, "rest_root": (1 - d.rho) ** 0.5, "lock_out": d.lock_out_months,
        "unheard": c.unheard_leaves_after_months or 0.0, "order": float(c.order == "need"), "guideline": c.guideline_weight,
        "guideline_delay": c.guideline_delay, "standard_factor": c.standard_procedure_defer_factor, "tight": b.tight_budgets,
        "tight_month": b.tight_from_month, "relaxation": p.room.relaxation, "in_need": p.temporary.share_in_need,
        "temporary_ends": p.temporary.ends_after_refusal_months, "recorded_in_need": p.temporary.recorded_in_need,
        "recorded_ends": p.temporary.recorded_ends_months, "fixed": float(d.fixed is not None),
        "fixed_pass": d.fixed.pass_ if d.fixed else 0.0, "fixed_defer": d.fixed.defer if d.fixed else 0.0,
        "fixed_return": d.fixed.return_ if d.fixed else 0.0, "all_before": float(a.all_before_committee or not p.stages.asking),
        "obedience": {"none": 0.0, "default": 1.0, "full": 2.0}[s.obedience], "committee": float(p.stages.committee),
        "room": float(p.stages.room), "temporary": float(p.stages.temporary), "purchase": float(p.stages.purchase),
        "every_day": float(world.calendar.kind == "every_day"), "max_duty": float(c.max_duty_meetings_a_year), "aware_at_once": float(not p.stages.awareness),
        "all_targets": float(a.all_before_committee), "learn_listed": float(p.clocks.listing == "listed"),
        "pro_rata": float(p.clocks.minimum == "pro_rata"),
        "moved": float(p.clocks.catalogue_day == "force" or p.clocks.catalogue_lag > 0),  # duties begin on no publication
        **{f"beta_{n}": getattr(b, n) for n in BARRIERS[:7]}, **_use_numbers(world),
    }  # fmt: skip
    out = np.zeros(1, NUM)
    for name, value in values.items():
        out[name] = value
    return out


def _use_numbers(world: World) -> dict[str, float]:
    """The scalars of stages 9 to 11."""
    u, q, d, on = world.p.use, world.p.payment, world.p.dual_channel, world.p.stages
    return {
        "use": float(on.use), "payment": float(on.payment), "dual": float(on.dual_channel), "remove_share": u.remove_share,
        "ramp_start": u.ramp_start, "ramp_months": u.ramp_months, "training": u.training_factor, "prescribe": u.prescribe,
        "evidence": u.evidence_added, "evidence_delay": u.evidence_delay, "evaluation": u.evaluation_added,
        "study_share": u.study_share, "study_days": u.study_months * 30.4375, "temporary_share": u.temporary_share,
        "city_travel": u.city_travel, "capital_travel": u.capital_travel, "therapy": u.therapy_days,
        "share_factor": u.drug_share_factor, "loss_weight": u.loss_weight, "linked": d.linked,
        "duty_share": d.share_added["duty_to_prescribe"], "replaces": d.replaces, "b_loss": q.b_loss, "b_slow": q.b_slow,
        "loss_norm": q.loss_norm, "days_norm": q.days, "contract": q.contract_days, "direct_days": q.direct_days,
        "faster": q.faster_factor, "discount": q.review_discount, "pool_years": u.pool_years, "cases": q.cases_per_year,
        "any_drug": float(d.any_drug),
    }  # fmt: skip


def distributions(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Packed durations that compiled stages draw from, in the order of the D_ constants."""
    p = world.p
    return pack([p.temporary.time, p.purchase.time, *p.awareness.lag.all()])


def share(arrays: Arrays) -> Any:
    """What compiled functions take for S: one pointer to the arrays; where nothing is compiled the arrays themselves.

    As a tuple every call would pass 200 words, and compiling took six times as long.
    """
    if is_plain():
        return arrays
    from simlib.model.pointer import Pointer

    return Pointer(arrays)
