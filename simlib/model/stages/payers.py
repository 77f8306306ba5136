"""Stages 9 and 11: what payers do, for all drugs and months at once: price, shares, a case's result, pharmacies' terms.

Follows `docs/semantics-payment.md`. Rules that bind payers change on few dates, and nothing later feeds back to them, so that
they are laid out as tables before the clock starts; hospitals that no such rule tells apart share one table (a class).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.core.streams import Q_DESIGNATED, Q_SELF_PAY, Q_SUPPLY, exponentials, uniforms
from simlib.core.workdays import INF, YEAR
from simlib.model.rules import Others
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import Listing
from simlib.model.stages.payers_case import Case, case_tables
from simlib.model.stages.payers_cover import cover_tables
from simlib.model.use_records import Pay
from simlib.model.vectors import add_each, sample_each, up_each
from simlib.scenario.world import World

_GROUPS = ("payment", "settlement", "dual_channel", "commercial", "catalogue", "awareness")


@dataclass(frozen=True)
class Payers:
    """Tables by class, month and drug. edges: float64 (J + 1). classes: int (H). pay: Pay (C, J, D).

    fund, commercial, charity, insured: shares (C, J, D). designated: dates from which pharmacies hold the drug (D).
    sold: dates from which self-pay pharmacies do (D).
    more: factor on arrivals by later indications (J, D). standard: payment standard of a case (yuan, D).
    """

    edges: np.ndarray
    classes: np.ndarray
    pay: np.ndarray
    fund: np.ndarray
    commercial: np.ndarray
    charity: np.ndarray
    insured: np.ndarray
    designated: np.ndarray
    sold: np.ndarray
    more: np.ndarray
    standard: np.ndarray


def months(world: World) -> np.ndarray:
    """Edges of the months: 0, the firsts of months inside the run, the horizon (float64, J + 1).

    Where stages 9 to 11 are off nobody reads the tables: one month holds the whole run, which may be long.
    """
    on = world.p.stages
    if not (on.dual_channel or on.use or on.payment):
        return np.array([0.0, world.horizon])
    return np.concatenate([[0.0], world.firsts, [world.horizon]])


def first_edge(edges: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The first edge at or after each time, the horizon not counted; inf for none."""
    starts = np.append(edges[:-1], INF)
    return starts[np.minimum(np.searchsorted(starts, t), len(starts) - 1)]


def hospital_classes(world: World) -> np.ndarray:
    """Number of each hospital's class: told apart by no payer's rule nor by income, in the order of first occurrence (int, H)."""
    masks = [
        r.hospitals
        for r in world.rules
        if r.rule.definition.group in _GROUPS or r.rule.lever == "oversight.fund_supervision"
    ]
    own = np.array(world.provinces.incomes)
    masks += [own[world.hospitals.province] == income for income in np.unique(own)[1:]]
    kinds = np.stack([world.hospitals.designated, *masks], axis=1) if len(world.hospitals) else np.zeros((0, 1), bool)
    _, first, inverse = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[inverse.reshape(-1)]


def pay_tables(
    world: World, others: Others, catalogues: Catalogues, listing: Listing, indications: np.ndarray
) -> Payers:
    """All tables of one replication. indications: dates of later indications (float64, (D, n), inf for none)."""
    edges, n = months(world), len(world.drugs)
    classes = hospital_classes(world)
    supply = _Supply.of(world, others, catalogues, edges)
    first = [int(np.flatnonzero(classes == c)[0]) for c in range(classes.max(initial=-1) + 1)] or [None]
    shape = len(first), len(edges) - 1, n
    pay = Pay.zeros(*shape)
    cover = {k: np.zeros(shape) for k in ("fund", "commercial", "charity", "insured")}
    for c, hospital in enumerate(first):
        others.at = hospital
        designated = hospital is None or bool(world.hospitals.designated[hospital])
        income = 1.0 if hospital is None else world.provinces.incomes[world.hospitals.province[hospital]]
        inside = _inside(world, others, catalogues, edges, supply)
        found = cover_tables(world, others, catalogues, edges[:-1, None], inside, designated, income)
        for name in cover:
            cover[name][c] = getattr(found, name)
        case = case_tables(world, others, catalogues, listing, edges[:-1, None], found)
        _fill(world, others, edges[:-1, None], pay[c], found, case, inside, supply)
    others.at = None
    designated = _designated(world, others, catalogues, edges)
    more = 1.0 + world.p.use.indication_patients * (indications[None] <= edges[:-1, None, None]).sum(axis=2)
    return Payers(
        edges, classes, pay, **cover, designated=designated, sold=_sold(world), more=more, standard=world.drugs.standard
    )


@dataclass(frozen=True)
class _Supply:
    """Firms that fail to supply: from which edge on (D), and from which date on their drug is out of the catalogue (D)."""

    fails: np.ndarray
    leaves: np.ndarray

    @classmethod
    def of(cls, world: World, others: Others, catalogues: Catalogues, edges: np.ndarray) -> _Supply:
        """Draw who fails, and when; a rule that removes failing drugs deters some and removes the others."""
        p, ids = world.p.use, world.drugs.ids
        u = uniforms(world.key, Q_SUPPLY, drugs=ids)
        when = catalogues.effective + p.failure_after * exponentials(world.key, Q_SUPPLY, drugs=ids, attempt=1)
        edge = first_edge(edges, when)
        watched = np.isfinite(edge) & others.flag("catalogue.removal_if_not_supplied", edge)
        fails = np.isfinite(edge) & (u < np.where(watched, p.supply_failure * p.failure_deterred, p.supply_failure))
        gone = first_edge(edges, _next_year(world, when, fails))
        return cls(np.where(fails, edge, INF), np.where(fails & watched, gone, INF))


def _next_year(world: World, t: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """1 January after each time (every-day worlds: 365.25 days later), where wanted; else inf."""
    if world.calendar.kind == "every_day":
        return np.where(wanted, t + YEAR, INF)
    from datetime import date

    out = np.full(len(t), INF)
    for i in np.flatnonzero(wanted & (t < world.horizon)):
        out[i] = world.calendar.index(date(world.calendar.date(t[i]).year + 1, 1, 1))
    return out


def _inside(world: World, others: Others, catalogues: Catalogues, edges: np.ndarray, supply: _Supply) -> np.ndarray:
    """Whether each drug is paid and priced as in the basic catalogue, by month (bool, (J, D))."""
    effective = catalogues.effective
    paid = effective + world.p.payment.adoption_lag
    rules, obeyed = others.limits("catalogue.local_adoption_lag", first_edge(edges, effective))
    safe = np.where(np.isfinite(effective), effective, 0.0)
    for r, now in rules:
        number, unit = r.rule.value
        lag = np.full(len(safe), float(number))
        when = safe + lag if unit == "days" else add_each(world.table, safe, lag, unit)
        paid = np.where(now & obeyed & np.isfinite(effective), np.minimum(paid, when), paid)
    t = edges[:-1, None]
    return (paid <= t) & (t < supply.leaves)


def _designated(world: World, others: Others, catalogues: Catalogues, edges: np.ndarray) -> np.ndarray:
    """Date from which dual-channel pharmacies hold each drug; inf for never (float64, D)."""
    p, d = world.p.dual_channel, world.drugs
    if not world.p.stages.dual_channel:
        return np.full(len(d), INF)
    start = d.approval if p.any_drug else np.where(d.outpatient, catalogues.effective, INF)
    x = sample_each(world.key, Q_DESIGNATED, d.ids, p.designation)
    edge = edges[:-1][
        np.maximum(np.searchsorted(edges[:-1], np.where(np.isfinite(start), start, 0.0), side="right") - 1, 0)
    ]
    x = np.where(others.flag("dual_channel.supply_assurance", edge), x * p.supply_lag_factor, x)
    safe = np.where(np.isfinite(start), start, 0.0)
    return np.where(np.isfinite(start), up_each(world.table, add_each(world.table, safe, x, p.designation.unit)), INF)


def _sold(world: World) -> np.ndarray:
    """Date from which self-pay pharmacies sell each drug of outpatients; inf for never (float64, D)."""
    p, d = world.p.dual_channel, world.drugs
    if not world.p.stages.dual_channel:
        return np.full(len(d), INF)
    lag = sample_each(world.key, Q_SELF_PAY, d.ids, p.self_pay_lag)
    return np.where(
        d.outpatient, up_each(world.table, add_each(world.table, d.approval, lag, p.self_pay_lag.unit)), INF
    )


def _fill(world, others, t, pay, cover, case: Case, inside, supply: _Supply) -> None:
    """Write one class's Pay records (J, D)."""
    p, on = world.p, world.p.stages
    pay["price"], pay["afford"] = cover.price, cover.afford
    pay["effect"], pay["up"], pay["gain"] = case.effect, case.up, case.gain
    pay["damp"] = _damp(world, others, t, inside, supply)
    pay["share"], pay["fill"] = _pharmacy(world, others, t)
    pay["come"] = np.where(others.flag("awareness.public_information", t), p.use.come_informed, p.use.come)
    pay["exempt"] = others.flag("payment.total_budget_exempt", t)
    days = np.full(pay.shape, float(p.payment.days))
    pay["direct"] = 0.0
    if on.payment:
        days = np.where(others.flag("settlement.prepayment", t), days * p.payment.prepayment_factor, days)
        days = np.where(others.flag("settlement.instant", t), days * p.payment.instant_factor, days)
        pay["direct"] = _direct(others, t)
    pay["days"] = days


def _damp(world: World, others: Others, t: np.ndarray, inside: np.ndarray, supply: _Supply) -> np.ndarray:
    """damp' of the page: what restrains prescribing whatever the hospital (float64, (J, D))."""
    p = world.p.use
    out = np.ones(inside.shape)
    counts = ~inside & ~others.has("payment.indicator_exclusions", "self_pay_ratio", t)
    out = np.where(counts, out * p.self_pay_factor, out)
    watched = world.drugs.substitute & ~others.has("payment.indicator_exclusions", "vbp_substitute_monitoring", t)
    out = np.where(watched, out * p.substitute_factor, out)
    supervised = others.count_words("oversight.fund_supervision", t) > 0
    out = np.where(supervised, out * p.supervision_factor, out)
    return np.where(supply.fails <= t, out * p.failure_factor, out)


def _pharmacy(world: World, others: Others, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(share of patients who would go to a pharmacy, without the hospital's own part; prescriptions filled), (J, D) each."""
    p = world.p.dual_channel
    share = np.full((len(t), len(world.drugs)), p.share)
    for word in ("e_prescription", "cross_city", "online_settlement", "separate_payment"):
        share = np.where(others.flag(f"dual_channel.{word}", t), share + p.share_added[word], share)
    return share, np.where(others.flag("dual_channel.supply_assurance", t), p.fill_assured, p.fill)


def _direct(others: Others, t: np.ndarray) -> np.ndarray:
    """Share of hospitals in whose place the fund pays, rising over 730 days from the start of its rules (reading B7)."""
    reached = others.most("settlement.direct_by_fund", t)
    start = np.full(np.broadcast(reached, t).shape, INF)
    for r in others.world.of("settlement.direct_by_fund"):
        start = np.where(others.in_force(r, t), np.minimum(start, r.start), start)
    grown = np.clip(np.where(np.isfinite(start), (t - np.where(np.isfinite(start), start, 0.0)) / 730.0, 1.0), 0.0, 1.0)
    return np.where(np.isfinite(reached), np.where(np.isfinite(reached), reached, 0.0) * grown, 0.0)
