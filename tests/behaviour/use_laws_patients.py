"""Laws of patients and pharmacies: which two worlds each compares, and what may not happen."""

from __future__ import annotations

from typing import Any

import numpy as np

from simlib.outcomes.money import bills
from simlib.outcomes.patients import FATE
from simlib.outcomes.sampled import sample_counts
from tests.behaviour.random_worlds import changed
from tests.behaviour.use_worlds import (
    AT_HOME,
    TREATED,
    Law,
    Lived,
    Worlds,
    at_home,
    by_fate,
    fate,
    flows,
    keys,
    never_less,
    never_more,
    rule,
    same,
    times,
    treated,
    use_world,
    with_rules,
)

# ---- patients


def twice_the_patients(number: int) -> tuple[dict, dict]:
    """Temporary supply begins with the patients in need, so that half the share of them keeps its dates."""
    world = use_world(number, temporary__share_in_need=0.25, temporary__recorded_in_need=0.01)
    more = {"temporary.share_in_need": 0.125, "temporary.recorded_in_need": 0.005}
    return world, changed(world, {"drugs.patients_per_100k_median": 40, **more})


def numbers(x: Lived) -> np.ndarray:
    """Patients and their days by drug, group and fate (D, G, 12)."""
    return flows(x)[..., : FATE["pharmacy_24"]]


def payers_bills(x: Lived) -> np.ndarray:
    """Yuan by payer, month and drug (5, J, D)."""
    return np.stack([*bills(x.record).values()])


def counted(x: Lived) -> np.ndarray:
    """Sampled patients treated at home by place, drug and group (4, D, G)."""
    found = sample_counts(x.record)
    return np.stack([found[name] for name in ("hospital", "pharmacy", "temporary", "study")]).astype(float)


SMALL = {  # drugs that are stocked early and hardly used
    "drugs__patients_per_100k_median": 0.02, "asking__lambda0": 20, "decision__b0__level_3": 3, "decision__b0__level_2": 3,
    "stages__room": False,
}  # fmt: skip
PATIENTS = {
    "twice the patients are twice the treated, and twice every payer's bill": Law(
        twice_the_patients, ((numbers, times(2)), (payers_bills, times(2)))),
    "a larger pool never lowers the treated": Law(keys({"use__pool_years": 0.5}, {"use.pool_years": 2}), AT_HOME),
    "whole patients, sampled, are never fewer where more are expected": Law(
        keys({"use__pool_years": 0.5}, {"use.pool_years": 2}), ((counted, never_less),)),
    "a longer window never lowers who is treated at any place at home": Law(
        keys({}, {"use.window_median": 400}), ((at_home, never_less),)),
    "doctors who learn faster never lower the treated": Law(keys({}, {"use.ramp_months": 4}), AT_HOME),
    "a higher start of doctors never lowers the treated": Law(keys({}, {"use.ramp_start": 0.6}), AT_HOME),
    "a higher prescribing share never lowers the treated": Law(keys({}, {"use.prescribe": 0.8}), TREATED),
    "public information never raises those who never come, nor lowers the treated": Law(
        rule("awareness.public_information", True), ((fate(FATE["unseen"]), never_more), (treated, never_less))),
    "more travel changes nobody who is treated at home, and never lowers the treated": Law(
        keys({}, {"use.city_travel": 0.4, "use.capital_travel": 0.2}),
        ((fate(FATE["travelled"]), never_less), (at_home, same), (lambda x: fate(FATE["travelled"])(x) + fate(FATE["lost"])(x), same))),
    "training never lowers the treated": Law(rule("use.training", True), AT_HOME),
    "evidence work never lowers the treated": Law(
        rule("use.evidence_generation", ["clinical_research", "guidelines"], use__evidence_added=0.1), AT_HOME),
    "clinical evaluation never lowers the treated": Law(
        rule("use.clinical_evaluation", True, use__evaluation_added=0.1), AT_HOME),
    "studies never lower the treated": Law(rule("use.post_market_studies", "any_hospital"), AT_HOME),
    "temporary supply that reaches more never lowers the treated": Law(
        keys({"use__temporary_share": 0.1}, {"use.temporary_share": 0.4}), AT_HOME),
    "a failing supply never raises the treated": Law(
        keys({"use__supply_failure": 0, "use__failure_after": 200}, {"use.supply_failure": 0.6}), ((treated, never_more),)),
    "unused drugs that leave never raise who is treated at the hospital, where places are not short": Law(
        keys(SMALL, {"use.remove_share": 0.9}), ((fate(FATE["hospital"]), never_more),)),
    "a longer therapy changes nobody's fate and never lowers days on the drug": Law(
        keys({}, {"use.therapy_days": 700}),
        ((lambda x: flows(x)[..., [FATE["therapy_days"], FATE["pharmacy_days"]]], never_less), (by_fate, same))),
}  # fmt: skip


# ---- pharmacies


OPEN = {"dual_channel.hospital_levels": "all"}
LINKED = {
    "dual_channel__self_pay_share__level_3": 0,
    "dual_channel__linked": 0.8,
    "dual_channel__share": 0.4,
    "drugs__outpatient_share": 0.9,
}


def with_pharmacies(number: int) -> tuple[dict, dict]:
    world = with_rules(use_world(number, **LINKED), OPEN)
    return changed(world, {"stages.dual_channel": False}), world


def some_designated(a: Lived, b: Lived) -> bool:
    """Whether pharmacies came to hold a drug that hospitals used."""
    used = b.record.fates[:, :, FATE["hospital"]].sum(axis=1) > 1
    return bool((used & (b.record.payers.designated < b.record.world.horizon)).any())


def linked(after: dict[str, Any]) -> Worlds:
    """A world with the channel open at all levels, and the same with some keys on top."""

    def worlds(number: int) -> tuple[dict, dict]:
        world = with_rules(use_world(number, **LINKED), OPEN)
        return world, changed(world, after)

    return worlds


def from_2019(world: dict) -> dict:
    """The world a year later if it begins in 2018: every catalogue it meets then takes effect on a first of a month."""
    if not world["start"].startswith("2018"):
        return world
    later = {k: f"{int(world[k][:4]) + 1}{world[k][4:]}" for k in ("start", "policy_from", "end")}
    counts = {year + 1: n for year, n in world["cohort"]["yearly_counts"].items()}
    return changed(world, {**later, "cohort": {"yearly_counts": counts}})


def pharmacies_shut(number: int) -> tuple[dict, dict]:
    """Pharmacies hold the drugs, but no hospital has opened the channel to its patients."""
    world = with_rules(use_world(number, **{**LINKED, "dual_channel__linked": 0}, policy="before-2021"), OPEN)
    return changed(world, {"stages.dual_channel": False}), world


def a_month_earlier(number: int) -> tuple[dict, dict]:
    """From a first of a month to the one before: on the day of designation itself everybody has one more chance."""
    world = from_2019(use_world(number, **LINKED, calendar="china", dual_channel__supply_lag_factor=1))
    late = {"dual_channel.designation": "31 days"}
    return with_rules(changed(world, late), OPEN), with_rules(
        changed(world, {"dual_channel.designation": "0 days"}), OPEN
    )


PHARMACIES = {
    "a pharmacy never lowers the treated where it does not replace stocking": Law(with_pharmacies, AT_HOME),
    "a pharmacy that no hospital opened the channel to changes nobody's fate": Law(
        pharmacies_shut, ((by_fate, same),), some_designated),
    "a better filled pharmacy never lowers the treated": Law(
        linked({"dual_channel.fill": 0.95, "dual_channel.fill_assured": 0.98}), AT_HOME),
    "a designation a month earlier, both on firsts of months, never lowers the treated": Law(a_month_earlier, AT_HOME),
    "electronic prescriptions never lower the treated": Law(
        rule("dual_channel.e_prescription", True, OPEN, **LINKED), AT_HOME),
    "a duty to prescribe never lowers the treated": Law(
        rule("dual_channel.duty_to_prescribe", "all_due", OPEN, **LINKED), AT_HOME),
    "more levels of hospitals in the channel never lower the treated": Law(
        rule("dual_channel.hospital_levels", "all", **LINKED), AT_HOME),
    "more hospitals that open the channel never lower the treated": Law(
        rule("dual_channel.hospital_coverage", 0.9, OPEN, **{**LINKED, "dual_channel__linked": 0.2}), AT_HOME),
}  # fmt: skip
