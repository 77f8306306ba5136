"""Catalogues: the national rounds, the local application list, and what may be bought on filing.

Follows `docs/semantics-listing.md`, section 3. Rounds are played before the clock starts, because some
firms file for listing by them. They set dates of the drugs: entered and effective (basic
catalogue), commercial and commercial_effective, list_entry (application list), recorded.
"""

from __future__ import annotations

from simlib.core import streams as q
from simlib.scenario.scenario import Round
from simlib.scenario.world import logit
from simlib.world.region import AREAS
from twin.dates import NEVER, YEAR
from twin.draws import sigma
from twin.rule import Rule
from twin.setting import Setting
from twin.world import Drug

CANCER = (AREAS.index("oncology"), AREAS.index("haematology"))


def play_rounds(setting: Setting) -> None:
    """Play the yearly rounds of the basic and the commercial catalogue.

    The attempt of a drug's log-odds is the number of earlier rounds in which it was eligible for the basic catalogue.
    """
    attempts = dict.fromkeys((d.id for d in setting.drugs), 0)
    for round_ in setting.world.scenario.rounds:
        for drug in setting.drugs:
            if not _in_window(setting, round_, drug):
                continue
            t = round_.cut_off
            if (
                setting.rules.others("catalogue.nrdl.cycle", drug, t, deciding=True) == "regular"
                and drug.entered == NEVER
            ):
                _negotiate(setting, round_, drug, attempt=attempts[drug.id])
                attempts[drug.id] += 1
            _apply_to_commercial(setting, round_, drug)


def _negotiate(setting: Setting, round_: Round, drug: Drug, attempt: int) -> None:
    x = _basic_log_odds(setting, drug, round_.cut_off, attempt)
    if setting.draws.uniform(q.Q_CATALOGUE, round_.year, 0, drug.id) < sigma(x):
        drug.entered, drug.effective = round_.published, round_.effective


def _apply_to_commercial(setting: Setting, round_: Round, drug: Drug) -> None:
    t, dear = round_.cut_off, drug.price > setting.p.catalogue.commercial_price_above
    wanted = drug.entered == NEVER and drug.commercial == NEVER and dear
    if wanted and setting.rules.others("catalogue.commercial.enabled", drug, t, deciding=True):
        y = _commercial_log_odds(setting, drug, t)
        if setting.draws.uniform(q.Q_COMMERCIAL, round_.year, 0, drug.id) < sigma(y):
            drug.commercial, drug.commercial_effective = round_.published, round_.effective


def _in_window(setting: Setting, round_: Round, drug: Drug) -> bool:
    return round_.cut_off - setting.p.catalogue.look_back_years * YEAR < drug.approval <= round_.cut_off


def _basic_log_odds(setting: Setting, drug: Drug, t: float, attempt: int) -> float:
    c = setting.p.catalogue
    has = lambda lever: setting.rules.others(lever, drug, t, deciding=True)  # noqa: E731
    x = logit(c.first_success if attempt == 0 else c.later_success)
    x = x + c.value_weight * drug.value - c.price_weight * drug.price + c.foreign_weight * drug.foreign
    x += c.cancer_weight * (attempt == 0 and drug.area in CANCER)
    x += c.support_weight * bool(has("catalogue.admission_support"))
    guided = has("readiness.guidance_from") and "catalogue_admission" in (has("readiness.guidance_scope") or ())
    x += c.support_weight * bool(guided)
    x += c.value_price_weight * (bool(has("catalogue.nrdl.value_based_price")) - 1)
    x += c.evidence_weight * ("admission" in (has("catalogue.real_world_evidence") or ()))
    x += c.renewal_weight * (has("catalogue.nrdl.renewal_cut_cap") == "simple_renewal_rate")
    x += c.transition_weight * bool(drug.commercial <= t and has("catalogue.commercial.nrdl_link"))
    return x


def _commercial_log_odds(setting: Setting, drug: Drug, t: float) -> float:
    c = setting.p.catalogue
    has = lambda lever: setting.rules.others(lever, drug, t, deciding=True)  # noqa: E731
    y = logit(c.commercial_success) + c.value_weight * drug.value
    y += c.agreed_price_weight * (has("catalogue.commercial.settlement_price") == "agreed")
    y += c.confidentiality_weight * (has("catalogue.commercial.price_confidentiality") == "strict")
    return y


def recorded_from(setting: Setting, drug: Drug) -> float:
    """The first date, approved, on which the platform lets the drug be bought on filing before it is listed."""
    lever, rules = "listing.other_routes", setting.rules
    for t in sorted(r.from_(drug, drug.approval) for r in rules.by_lever.get(lever, ())):
        if t < NEVER and "recorded" in (rules.others(lever, drug, t) or ()):
            return t
    return NEVER


def application_list(setting: Setting, drug: Drug) -> tuple[float, bool]:
    """(the date on which the local application list takes the drug in, is that the first date of the list).

    SEMANTICS: each rule gives an entry of its own, if it is in force then, not "none", and obeyed then (with the
    strongest of the rules in force); the earliest counts. The first date is that of the rule by which the drug enters
    (of any of them, if several do that day).
    SEMANTICS: "periodic" dates are up(add_months(...)), the up for intervals that are no whole number of months.
    """
    lever, rules, share = "catalogue.application_list.update", setting.rules, setting.p.catalogue.list_membership
    if not (drug.local or setting.draws.uniform(q.Q_LIST_MEMBER, 0, 0, drug.id) < share):
        return NEVER, False
    entries = []
    for rule in rules.by_lever.get(lever, ()):
        if rule.value != "none":
            entry, opening = _list_entry(setting, drug, rule)
            if entry < NEVER and rule.holds(drug, entry, None):
                if rules.other_obeys(lever, drug, rules.in_force(lever, drug, entry)):
                    entries.append((entry, entry == opening))
    entry = min((e for e, _ in entries), default=NEVER)
    return entry, (entry, True) in entries


def _list_entry(setting: Setting, drug: Drug, rule: Rule) -> tuple[float, float]:
    """(the date on which a rule's list takes the drug in, the first date of that list)."""
    c, dates = setting.p.catalogue, setting.dates
    opened = max(rule.start, setting.world.scenario.policy_from)
    opening = dates.up(opened + c.list_open)
    first = max(opened, drug.approval) + c.list_open
    if rule.value == "continuous":
        return dates.up(first), opening
    k, entry = 0, opening
    while entry < first:
        k += 1
        entry = dates.months(opening, k * c.list_interval_months)
    return entry, opening
