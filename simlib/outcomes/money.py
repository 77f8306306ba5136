"""Money: who pays for the drugs by year, what cases do to hospitals, and when firms are paid. Yuan of the list prices' year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.core.workdays import YEAR
from simlib.model.record import Record
from simlib.outcomes.groups import Key

PAYERS = ("fund", "commercial", "charity", "patient")
MILLION = 1e6


def bills(record: Record) -> dict[str, np.ndarray]:
    """Spending on the drugs by payer (yuan, float64 (J, D)); the payers' parts add up to `total`."""
    p, money = record.payers, record.money
    total = p.pay["price"] / YEAR * (money["hospital"] + money["pharmacy"])
    out = {name: (total * getattr(p, name)).sum(axis=0) for name in PAYERS[:-1]}
    out["patient"] = total.sum(axis=0) - sum(out.values())
    out["total"] = total.sum(axis=0)
    return out


def money(record: Record) -> Iterator[tuple[Key, float]]:
    """Indicators of money from policy_from on, and by calendar year (every drug of the cohort, old and new)."""
    if not (record.world.p.stages.use and record.world.p.stages.payment):
        return
    starts = record.payers.edges[:-1]
    now = starts >= record.world.scenario.policy_from
    spent = bills(record)
    total = spent["total"][now].sum()
    for name in PAYERS:
        yield (f"{name}_share", "all", "all"), float(spent[name][now].sum() / total) if total > 0 else np.nan
    yield ("firm_revenue_yuan", "all", "all"), float(total)
    yield from _by_year(record, spent, now)
    yield from _hospitals(record, now)
    yield from _settlement(record, now)
    yield from _reviews(record)
    days = (record.money["hospital"] + record.money["pharmacy"]).sum(axis=0)[now]
    outside = starts[now, None] < record.catalogues.effective
    yield (
        ("outside_catalogue_share", "all", "all"),
        float(days[outside].sum() / days.sum()) if days.sum() > 0 else np.nan,
    )
    insured = record.payers.insured[:, now]
    yield ("insured_share", "all", "all"), float(insured.mean()) if insured.size else np.nan
    used = record.used[:, now]
    yield ("budget_full", "all", "all"), float((used > 0.95).mean()) if used.size else np.nan


def _by_year(record: Record, spent: dict[str, np.ndarray], now: np.ndarray) -> Iterator[tuple[Key, float]]:
    """The budget impact table: million yuan a calendar year by payer; the fund also net of the therapy replaced."""
    years = np.array([_year(record, t) for t in record.payers.edges[:-1]])
    replaced = _replaced(record)
    for year in np.unique(years[now]):
        here = years == year
        for name in (*PAYERS, "total"):
            yield (f"{name}_million", "year", str(year)), float(spent[name][here].sum() / MILLION)
        net = spent["fund"][here].sum() - replaced[here].sum()
        yield ("fund_net_million", "year", str(year)), float(net / MILLION)


def _year(record: Record, t: float) -> int:
    c = record.world.calendar
    return int(t // YEAR) if c.kind == "every_day" else c.date(t).year


def _replaced(record: Record) -> np.ndarray:
    """What the fund would have paid for the inpatient therapy that the drugs replace (yuan, (J, D))."""
    q, d = record.world.p.payment, record.world.drugs
    cost = np.where(d.outpatient, 0.0, (1.0 - q.other_share) * d.standard * q.cases_per_year)
    return (record.money["hospital"].sum(axis=0) / YEAR) * cost * q.basic_inpatient


def _hospitals(record: Record, now: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Result of a case with the drug less result with the therapy replaced (yuan a case), special review apart and with it."""
    p, d, q = record.payers, record.world.drugs, record.world.p.payment
    cases = record.money["hospital"] / YEAR * q.cases_per_year * ~d.outpatient
    cases = cases[:, now]
    total = cases.sum()
    plain = float((cases * p.pay["effect"][:, now]).sum())
    since = (
        record.sittings[record.sittings[:, 0] >= record.world.scenario.policy_from] if len(record.sittings) else None
    )
    paid = float(since[:, 2].sum()) if since is not None else 0.0
    yield ("hospital_result_yuan", "all", "all"), (plain + paid) / total if total > 0 else np.nan
    yield ("hospital_loss_million", "all", "all"), -(plain + paid) / MILLION


def _settlement(record: Record, now: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Days from sale to the firm's money, weighted by what hospitals buy; and what firms wait for (million yuan) at any time."""
    price = record.payers.pay["price"][:, now] / YEAR
    bought = float((price * record.money["hospital"][:, now]).sum())
    owed = float((price * record.money["owed"][:, now]).sum())
    days = record.world.horizon - record.world.scenario.policy_from
    yield ("days_to_payment", "all", "all"), owed / bought if bought > 0 else np.nan
    yield ("receivables_million", "all", "all"), owed / days / MILLION


def _reviews(record: Record) -> Iterator[tuple[Key, float]]:
    """Special case review of cases with new drugs from policy_from on."""
    if not len(record.sittings):
        return
    s = record.sittings[record.sittings[:, 0] >= record.world.scenario.policy_from]
    passed = s[:, 1].sum() * record.world.p.payment.review_pass
    yield ("review_cases", "all", "all"), float(s[:, 1].sum())
    yield ("review_yuan", "all", "all"), float(s[:, 2].sum() / passed) if passed > 0 else np.nan
    yield ("review_served", "all", "all"), float(s[:, 3].mean()) if len(s) else np.nan


__all__ = ["PAYERS", "bills", "money"]
