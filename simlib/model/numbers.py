"""The numbers and switches of a scenario that functions of the stages read: `S.num`, one record a replication."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from simlib.core.records import Record, f8, flag, i4
from simlib.policy.levers import BARRIERS
from simlib.scenario.world import World

_LEVELS = ("level_1", "level_2", "level_3")
BARRIERS_HEARD = BARRIERS[:7]  # those that weigh in a hearing; the size of the formulary does when a place is sought


class Obedience(IntEnum):
    """Whether hospitals obey: nobody, each by its own draw, what is ordered, whatever is asked or hoped for."""

    NONE = 0
    DEFAULT = 1
    FULL = 2
    HOPED = 3


class Numbers(Record):
    """The scalars of a scenario; `docs/assumptions.md` says where each number comes from."""

    policy_from: float = f8("day", "the policy holds from here on, and counting begins")
    horizon: float = f8("day", "end of the run")
    obedience: int = i4("Obedience", "whether hospitals obey")
    # which stages are played
    committee: bool = flag("committees meet")
    room: bool = flag("a drug needs a place in the formulary")
    temporary: bool = flag("patients in need bring temporary purchases")
    purchase: bool = flag("buying takes time")
    use: bool = flag("patients are treated")
    payment: bool = flag("payment weighs on committees and doctors")
    dual: bool = flag("dual-channel pharmacies supply")
    every_day: bool = flag("no calendar: all days are alike")
    # learning and asking
    aware_at_once: bool = flag("hospitals learn of a listing on its day")
    learn_listed: bool = flag("a hospital that obeys the duty after listing learns of it on its day (reading B1)")
    all_targets: bool = flag("every hospital treats every disease")
    all_before: bool = flag("every department asks on the day of learning")
    lambda0: float = f8("1/year", "rate of asking of a drug in the catalogue at a hospital of factor 1")
    level_factor: float = f8("1", "factor on asking by level", _LEVELS)
    beta: float = f8("1", "how much the rate grows if all peers stock the drug")
    site_share: float = f8("share", "leading hospitals that took part in a drug's trials, of its targets")
    before_catalogue: float = f8("1", "factor on asking before the drug is in the catalogue")
    plateau: float = f8("years", "after listing, for which interest lasts in full")
    half_life: float = f8("years", "in which interest halves from then on")
    push: float = f8("years", "of interest that a canvass by duty adds")
    recheck: float = f8("share", "of that which a canvass of a later round adds")
    specialty_sd: float = f8("1", "standard deviation of the log of specialty")
    patients_half: float = f8("patients/year", "at which a hospital asks half as eagerly as with very many")
    match: float = f8("share", "specialist hospitals of the drug's area that treat its disease")
    tcm_match: float = f8("share", "hospitals of Chinese medicine that treat the disease of a drug of Chinese medicine")
    tcm_other: float = f8("1", "factor on breadth at hospitals of Chinese medicine for other drugs")
    orphan_match: float = f8("share", "members of the network for rare diseases that treat a drug's")
    # meetings and agendas
    max_duty: float = f8("count", "meetings a year that duties may add")
    pro_rata: bool = flag("a minimum of meetings that begins within a year holds for the rest of it (reading E2)")
    unheard: float = f8("months", "after which a request that waits is dropped; 0: never")
    by_need: bool = flag("the agenda is in order of need, else of the date of the request")
    community_lag: float = f8("days", "from a lead hospital's stock to that of its community's members")
    background: float = f8("items", "mean number of other items on an agenda, by level", _LEVELS)
    # decisions
    fixed: bool = flag("outcomes are drawn with fixed chances")
    fixed_pass: float = f8("share", "fixed chance of passing")
    fixed_defer: float = f8("share", "fixed chance of being put off")
    fixed_return: float = f8("share", "of refused drugs that may be asked for again")
    b0: float = f8("log-odds", "leaning of committees by level", _LEVELS)
    b_value: float = f8("log-odds", "of a standard deviation of clinical value")
    b_relevance: float = f8("log-odds", "of a standard deviation of relevance to the hospital")
    relevance_patients: float = f8("patients/year", "with which relevance is 0 at mean specialty, by level", _LEVELS)
    relevance_sd: float = f8(
        "1", "logarithm of patients x specialty that one unit of relevance is worth; 0: relevance is 0"
    )
    b_catalogue: float = f8("log-odds", "of being in the catalogue")
    b_price: float = f8("log-odds", "of a standard deviation of price, taken off")
    b_duty: float = f8("log-odds", "of a duty to stock")
    b_all_due: float = f8("log-odds", "on top, of a duty to stock all that is due")
    b_target: float = f8("log-odds", "of a target of provision")
    b_temporary: float = f8("log-odds", "of having been bought temporarily")
    beta_barrier: float = f8(
        "log-odds", "that a barrier takes off, by barrier", tuple(f"beta_{b}" for b in BARRIERS_HEARD)
    )
    delta: float = f8("log-odds", "below zero within which a drug is put off")
    standard_factor: float = f8("1", "factor on delta where a standard procedure holds")
    spread: float = f8("log-odds", "standard deviation of what committees see differently")
    rho_root: float = f8("1", "square root of the share of that which a pair keeps from hearing to hearing")
    rest_root: float = f8("1", "square root of the rest")
    guideline: float = f8("log-odds", "of a city's written guide for the way into hospitals")
    guideline_delay: float = f8("days", "until the guide is written")
    tight: float = f8("share", "hospitals whose budget is tight late in the year, where payment is not played")
    tight_month: float = f8("month", "of the year from which it is")
    lock_out: float = f8("months", "from a refusal until a drug may be asked for again")
    # room, purchase, temporary purchase
    relaxation: float = f8("years", "in which free places return to their target")
    in_need: float = f8("share", "of a pair's new patients for whom a temporary purchase is sought")
    temporary_ends: float = f8("months", "for which a temporary supply goes on after a refusal or lapse")
    recorded_in_need: float = f8("share", "of a pair's new patients for whom a purchase on filing is sought")
    recorded_ends: float = f8("months", "for which purchasing on filing goes on after listing")
    moved: bool = flag("duties after a catalogue begin on another day than its publication")
    # patients
    pool_years: float = f8("years", "of new patients who wait for a drug on the day of its approval")
    prescribe: float = f8("share", "patients whose doctors would prescribe a new drug")
    evidence: float = f8("share", "added by evidence, by how widely it is gathered")
    evidence_delay: float = f8("days", "until evidence bears fruit")
    evaluation: float = f8("share", "added by clinical evaluation")
    ramp_start: float = f8("share", "of full use on the first day of stock")
    ramp_months: float = f8("months", "until full use")
    training: float = f8("1", "factor of training on that time")
    therapy: float = f8("days", "mean time on the drug")
    study_share: float = f8("share", "waiting patients whom a study takes in a month")
    study_days: float = f8("days", "after approval for which studies run")
    temporary_share: float = f8("share", "waiting patients whom temporary supply reaches in a month")
    city_travel: float = f8(
        "share",
        "treated elsewhere at the end of their wait if the city stocks the drug, by level of the home hospital",
        _LEVELS,
    )
    capital_travel: float = f8(
        "share", "treated elsewhere if only the capital does, by level of the home hospital", _LEVELS
    )
    remove_share: float = f8("share", "unused drugs that leave the formulary at a check")
    share_factor: float = f8("1", "factor on prescribing where the share of drugs in revenue is over its target")
    cases: float = f8("cases/year", "discharges of a patient on the drug")
    # pharmacies and payment
    linked: float = f8("share", "hospitals that have opened the dual channel")
    any_drug: bool = flag("every drug may go to pharmacies")
    duty_share: float = f8("share", "added to patients who go to a pharmacy by a duty to prescribe")
    replaces: float = f8("log-odds", "that supply by pharmacies takes off a hearing")
    b_loss: float = f8("log-odds", "that a loss of one payment standard a case takes off")
    b_slow: float = f8("log-odds", "that 100 days to payment take off")
    loss_norm: float = f8("payment standards", "loss a case that committees are used to")
    days_norm: float = f8("days", "to payment that committees are used to")
    loss_weight: float = f8("1", "how strongly doctors prescribe less for a loss a case")
    discount: float = f8("1/month", "what a month's wait for special review takes off its worth")
    contract: float = f8("days", "to payment where hospitals pay on contract")
    direct_days: float = f8("days", "to payment where the fund pays")
    faster: float = f8("1", "factor on days to payment of hospitals told to pay faster")


_AWAY = ("city_travel", "capital_travel")  # of one's own accord; those who would not may be referred


def numbers(world: World) -> np.ndarray:
    """The numbers of a scenario: Numbers, shape ()."""
    out = Numbers.zeros()
    for values in (_clock(world), _asking(world), _committee(world), _decision(world), _supply(world), _use(world)):
        for name, value in values.items():
            out[name] = value
    return out


def _levels(by_level: Any) -> list[float]:
    return [by_level.of(level) for level in (1, 2, 3)]


def _clock(world: World) -> dict[str, Any]:
    """Dates, obedience and which stages are played."""
    s, on = world.scenario, world.p.stages
    stages = {name: getattr(on, name) for name in ("committee", "room", "temporary", "purchase", "use", "payment")}
    return stages | {
        "policy_from": s.policy_from, "horizon": s.horizon, "obedience": Obedience[s.degree.upper()],
        "dual": on.dual_channel, "every_day": world.calendar.kind == "every_day",
    }  # fmt: skip


def _asking(world: World) -> dict[str, Any]:
    """Learning and asking."""
    a, on, clocks = world.p.asking, world.p.stages, world.p.clocks
    return {
        "aware_at_once": not on.awareness, "learn_listed": clocks.listing == "listed", "all_targets": a.all_before_committee,
        "all_before": a.all_before_committee or not on.asking, "lambda0": a.lambda0, "level_factor": _levels(a.level_factor),
        "beta": a.beta_peers, "before_catalogue": a.before_catalogue, "plateau": a.plateau, "half_life": a.half_life,
        "push": a.push_exposure, "recheck": a.push_recheck, "specialty_sd": a.specialty_log_sd, "patients_half": a.patients_half,
        "match": a.specialty_match, "site_share": a.site_share, "tcm_match": a.tcm_match, "tcm_other": a.tcm_other,
        "orphan_match": a.orphan_match,
        "moved": clocks.catalogue_day == "force" or clocks.catalogue_lag > 0,
    }  # fmt: skip


def _committee(world: World) -> dict[str, Any]:
    """Meetings and agendas."""
    c = world.p.committee
    return {
        "max_duty": c.max_duty_meetings_a_year, "pro_rata": world.p.clocks.minimum == "pro_rata",
        "unheard": c.unheard_leaves_after_months or 0.0, "by_need": c.order == "need",
        "background": _levels(c.background_items), "guideline": c.guideline_weight, "guideline_delay": c.guideline_delay,
        "standard_factor": c.standard_procedure_defer_factor, "community_lag": c.community_lag,
    }  # fmt: skip


def _decision(world: World) -> dict[str, Any]:
    """What weighs in a hearing."""
    d, b = world.p.decision, world.p.barriers
    fixed = {"fixed": d.fixed is not None}
    if d.fixed:
        fixed |= {"fixed_pass": d.fixed.pass_, "fixed_defer": d.fixed.defer, "fixed_return": d.fixed.return_}
    return fixed | {
        "b0": _levels(d.b0), "b_value": d.b_value, "b_relevance": d.b_relevance,
        "relevance_patients": _levels(d.relevance_patients), "relevance_sd": d.relevance_log_sd, "b_catalogue": d.b_catalogue,
        "b_price": d.b_price, "b_duty": d.b_duty, "b_all_due": d.b_duty_all_due, "b_target": d.b_target,
        "b_temporary": d.b_temporary, "beta_barrier": [getattr(b, name) for name in BARRIERS_HEARD], "delta": d.delta,
        "spread": d.spread, "rho_root": d.rho**0.5, "rest_root": (1 - d.rho) ** 0.5, "tight": b.tight_budgets,
        "tight_month": b.tight_from_month, "lock_out": d.lock_out_months,
    }  # fmt: skip


def _supply(world: World) -> dict[str, Any]:
    """Room and temporary purchase."""
    t = world.p.temporary
    return {
        "relaxation": world.p.room.relaxation, "in_need": t.share_in_need, "temporary_ends": t.ends_after_refusal_months,
        "recorded_in_need": t.recorded_in_need, "recorded_ends": t.recorded_ends_months,
    }  # fmt: skip


def _use(world: World) -> dict[str, Any]:
    """Patients, pharmacies and payment."""
    u, q, d = world.p.use, world.p.payment, world.p.dual_channel
    same = (
        "pool_years", "prescribe", "evidence_delay", "ramp_start", "ramp_months", "study_share", "temporary_share",
        "remove_share", "loss_weight",
    )  # fmt: skip
    away = {k: [x + (1 - x) * r for r in _levels(u.referral)] for k in _AWAY for x in (getattr(u, k),)}
    return {name: getattr(u, name) for name in same} | away | {
        "evidence": u.evidence_added, "evaluation": u.evaluation_added, "training": u.training_factor,
        "therapy": u.therapy_days, "study_days": u.study_months * 30.4375, "share_factor": u.drug_share_factor,
        "cases": q.cases_per_year, "linked": d.linked, "any_drug": d.any_drug, "duty_share": d.share_added["duty_to_prescribe"],
        "replaces": d.replaces, "b_loss": q.b_loss, "b_slow": q.b_slow, "loss_norm": q.loss_norm, "days_norm": q.days,
        "discount": q.review_discount, "contract": q.contract_days, "direct_days": q.direct_days, "faster": q.faster_factor,
    }  # fmt: skip
