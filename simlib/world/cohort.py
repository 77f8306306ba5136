"""Drugs: a list of real approvals, synthetic ones to a yearly count, plain dates, a Poisson stream, or projects.

What a file lacks about a drug (price, clinical value, appeal, breadth, ...) is assumed and drawn, keyed by drug id
and replication. A synthetic drug says so in `origin_of_row`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field, PrivateAttr, model_validator
from scipy import special

from simlib.core.distributions import finite
from simlib.core.files import InputError
from simlib.core.streams import (
    FIXED,
    Q_APPEAL,
    Q_APPLICATION,
    Q_APPROVAL,
    Q_AREA,
    Q_ARRIVAL,
    Q_BREADTH,
    Q_CLASS,
    Q_EFFORT,
    Q_HK_MACAU,
    Q_INNOVATION_LIST,
    Q_LOCAL,
    Q_NEW_TECHNOLOGY,
    Q_ORIGIN,
    Q_PATIENTS,
    Q_PRICE,
    Q_SETTING,
    Q_STANDARD,
    Q_SUBSTITUTE,
    Q_TWO_SPECIFICATIONS,
    Q_VALUE,
    Q_WINDOW,
    check_unique,
    normals,
    numbered_ids,
    stable_id,
    uniforms,
)  # fmt: skip
from simlib.core.strict import Day, Many, Strict, Year
from simlib.core.sums import in_turn
from simlib.core.workdays import YEAR, Calendar
from simlib.policy.rules import Title
from simlib.world.arrivals import DEFAULT_MIX, Mix, Poisson, Time
from simlib.world.parameters import Parameters
from simlib.world.pipeline import Pipeline
from simlib.world.region import AREAS

CLASSES = ("chem_1", "biologic_1", "tcm_1", "other")
RARE = AREAS.index("rare")
ROUTES = ("regular", "urgent_import", "rare_whitelist", "import_added", "hk_macau")


class Listed(NamedTuple):
    """The drugs of a list, one entry each; klass, area and foreign are -1 where the list leaves them open.

    chinese: names to show in Chinese. digest: hash of the file, which stands for the drugs in a scenario's `spec`.
    """

    names: tuple[str, ...]
    chinese: tuple[str, ...]
    approved: tuple[date, ...]
    klass: tuple[int, ...]
    area: tuple[int, ...]
    foreign: tuple[int, ...]
    digest: str


class Cohort(Strict):
    """A cohort file: exactly one of `list` (with `yearly_counts`), `yearly_counts`, `dates`, `days`, `poisson`,
    `pipeline` (projects whose approvals become the drugs; stage 13 makes them).

    list: a CSV or XLSX, path relative to the file; loading a scenario reads it (`simlib.world.lists_drugs`).
    """

    format: Literal[1] = 1
    name: str
    title: Title | None = None
    list: str | None = None
    yearly_counts: dict[Year, Annotated[int, Field(ge=0, le=100_000)]] | None = None
    dates: Many[Day] | None = None
    days: Many[Time] | None = None
    poisson: Poisson | None = None
    pipeline: Pipeline | None = None
    mix: Mix = DEFAULT_MIX
    sources: dict[str, str] = {}
    _listed: Listed | None = PrivateAttr(None)

    @property
    def listed(self) -> Listed | None:
        """The drugs of `list`, once they are read."""
        return self._listed

    def with_listed(self, listed: Listed) -> Cohort:
        """The same cohort with its list read."""
        copy = self.model_copy()
        copy._listed = listed
        return copy

    @model_validator(mode="after")
    def _one(self) -> Cohort:
        kinds = ("list", "dates", "days", "poisson", "pipeline", "yearly_counts")
        given = [n for n in kinds if getattr(self, n) is not None]
        if len(given) != 1 and given != ["list", "yearly_counts"]:
            said = f" (given: {', '.join(given)})" if given else ""
            raise ValueError(f"give one of list, yearly_counts, dates, days, poisson, pipeline{said}")
        return self


@dataclass(frozen=True)
class Drugs:
    """The drugs of one replication in order of approval (arrays of one length D).

    approval: days from the start. klass, area: indices into CLASSES, AREAS. value, price: standard normal attributes
    (clinical value; log price). appeal, effort of the firm's people: mean 1. breadth: share of tertiary hospitals that treat the disease.
    patients: eligible a year and 100,000 people. synthetic: not a real drug. route: index into ROUTES. window: mean days
    in which a patient can still be helped. standard: payment standard of a case (yuan). yearly: list price of a year's
    use (yuan). substitute: watched as a substitute of volume-based winners. (docs/semantics.md, section 0.10)
    """

    ids: np.ndarray
    names: list[str]
    approval: np.ndarray
    klass: np.ndarray
    area: np.ndarray
    foreign: np.ndarray
    local: np.ndarray
    innovation_listed: np.ndarray
    value: np.ndarray
    price: np.ndarray
    dear: np.ndarray
    appeal: np.ndarray
    effort: np.ndarray
    breadth: np.ndarray
    two_specifications: np.ndarray
    patients: np.ndarray
    synthetic: np.ndarray
    outpatient: np.ndarray
    window: np.ndarray
    standard: np.ndarray
    yearly: np.ndarray
    substitute: np.ndarray
    new_technology: np.ndarray
    hk_macau: np.ndarray
    route: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, which: np.ndarray, approval: np.ndarray) -> Drugs:
        """Some of the drugs, by place (int, n), with other dates of approval (float64, n), in order of approval."""
        order = np.lexsort((self.ids[which], approval))
        which = np.asarray(which, int)[order]
        columns = {f.name: getattr(self, f.name)[which] for f in fields(self) if f.name != "names"}
        return replace(self, **columns | {"names": [self.names[i] for i in which], "approval": approval[order]})


def build_drugs(cohort: Cohort, calendar: Calendar, horizon: float, p: Parameters, key: tuple[int, int]) -> Drugs:
    """The cohort's drugs as of one replication; attributes that the file lacks are drawn with `key`."""
    table = _columns(cohort, calendar, horizon, key)
    inside = (table["approval"] >= 0) & (table["approval"] < horizon)
    return described({k: v[inside] for k, v in table.items()}, p, key, f"cohort {cohort.name}")


Table = dict[str, np.ndarray]  # columns: id, name, approval, klass, area, foreign, synthetic

_fixed: list[tuple[Cohort, Calendar, int, dict[str, np.ndarray]]] = []  # the last cohort that replications share


def _columns(cohort: Cohort, calendar: Calendar, horizon: float, key: tuple[int, int]) -> dict[str, np.ndarray]:
    """The cohort's columns. Only a Poisson stream differs by replication: others are laid out once for all (a fifth of the
    time of a small world's replication went into tables that were the same each time)."""
    if cohort.poisson is not None:
        return _poisson(cohort, horizon, key)
    if not (_fixed and _fixed[0][0] is cohort and _fixed[0][1] is calendar and _fixed[0][2] == key[0]):
        _fixed[:] = [(cohort, calendar, key[0], _table(cohort, calendar, key))]
    return _fixed[0][3]


def build_projects(cohort: Cohort, horizon: float, p: Parameters, key: tuple[int, int]) -> Drugs:
    """The projects of a pipeline; `approval` is the moment at which each is ready to apply for its first trial.

    The stream runs so fast that `per_year` of them apply where nothing helps (`preapproval.go_on.preclinical`).
    """
    pipeline, lead = cohort.pipeline, cohort.pipeline.lead
    if pipeline.days is not None:
        ids, when = numbered_ids(len(pipeline.days), cohort.name), np.array(pipeline.days, float)
    else:
        per_day = pipeline.per_year / max(p.preapproval.go_on["preclinical"], 1e-6) / YEAR
        expected = (horizon + lead) * per_day
        ids = numbered_ids(int(expected + 12 * np.sqrt(expected + 1) + 20), cohort.name)
        gaps = -np.log(uniforms(key, Q_APPLICATION, drugs=ids)) / per_day
        when = np.floor(np.cumsum(gaps) * 2**20 + 0.5) / 2**20 - lead
    inside = when < horizon
    return described(_synthetic(cohort, ids[inside], when[inside], "project"), p, key, f"cohort {cohort.name}")


def described(table: Mapping[Hashable, Any], p: Parameters, key: tuple[int, int], what: str) -> Drugs:
    """Drugs of some columns (id, name, approval, klass, area, foreign, synthetic; route if not regular), the rest drawn."""
    order = np.lexsort((np.asarray(table["id"], np.int64), np.asarray(table["approval"], float)))

    def column(name: str, kind: type) -> np.ndarray:
        return np.asarray(table[name])[order].astype(kind)

    ids, names = column("id", np.int64), column("name", object).tolist()
    check_unique(ids, names, what)
    a, d = p.asking, p.drugs
    price = normals(key, Q_PRICE, drugs=ids)
    u = lambda q: uniforms(key, q, drugs=ids)  # noqa: E731
    drugs = Drugs(
        ids=ids,
        names=names,
        approval=column("approval", float),
        klass=column("klass", int),
        area=column("area", int),
        foreign=column("foreign", bool),
        local=u(Q_LOCAL) < d.local_share,
        innovation_listed=u(Q_INNOVATION_LIST) < d.innovation_list_share,
        value=normals(key, Q_VALUE, drugs=ids),
        price=price,
        dear=price > d.price_log_sd / 2,  # above the mean of a lognormal price
        appeal=np.exp(a.appeal_log_sd * normals(key, Q_APPEAL, drugs=ids) - a.appeal_log_sd**2 / 2),
        effort=np.exp(d.effort_log_sd * normals(key, Q_EFFORT, drugs=ids) - d.effort_log_sd**2 / 2),
        breadth=special.betaincinv(a.breadth_a, a.breadth_b, u(Q_BREADTH)),
        two_specifications=u(Q_TWO_SPECIFICATIONS) < p.barriers.two_specification_drugs,
        patients=d.patients_per_100k_median
        * np.exp(d.patients_log_sd * normals(key, Q_PATIENTS, drugs=ids))
        * np.where(column("area", int) == RARE, d.orphan_patients_factor, 1.0),
        synthetic=column("synthetic", bool),
        route=column("route", int) if "route" in table else np.zeros(len(ids), int),
        outpatient=u(Q_SETTING) < d.outpatient_share,
        window=p.use.window_median * np.exp(p.use.window_log_sd * normals(key, Q_WINDOW, drugs=ids)),
        standard=p.payment.standard_median * np.exp(p.payment.standard_log_sd * normals(key, Q_STANDARD, drugs=ids)),
        yearly=YEAR * d.median_daily_cost_yuan * np.exp(d.price_log_sd * price),
        substitute=u(Q_SUBSTITUTE) < p.use.substitute_share,
        new_technology=u(Q_NEW_TECHNOLOGY) < p.payment.new_technology_share,
        hk_macau=u(Q_HK_MACAU) < d.hk_macau_share,
    )
    for name, numbers in _DRAWN_BY.items():
        finite(getattr(drugs, name), numbers)
    return drugs


_DRAWN_BY = {  # columns of Drugs, and the assumed numbers by which they are drawn
    "appeal": "asking.appeal_log_sd",
    "effort": "drugs.effort_log_sd",
    "breadth": "asking.breadth_a, asking.breadth_b",
    "patients": "drugs.patients_per_100k_median, drugs.patients_log_sd, drugs.orphan_patients_factor",
    "window": "use.window_median, use.window_log_sd",
    "standard": "payment.standard_median, payment.standard_log_sd",
    "yearly": "drugs.median_daily_cost_yuan, drugs.price_log_sd",
}


def _table(cohort: Cohort, calendar: Calendar, key: tuple[int, int]) -> Table:
    """The columns of a cohort that is the same in every replication."""
    if cohort.dates is not None or cohort.days is not None:
        days = [calendar.index(d) for d in cohort.dates] if cohort.dates is not None else list(cohort.days or ())
        return _synthetic(cohort, numbered_ids(len(days), cohort.name), np.array(days, float), "drug")
    parts = [_real(cohort, calendar)] if cohort.list else []
    listed = [d.year for d in cohort.listed.approved] if cohort.listed else []
    for year, count in sorted((cohort.yearly_counts or {}).items()):
        missing = max(0, count - listed.count(year))
        ids = numbered_ids(missing, cohort.name, year)
        first, days = calendar.index(date(year, 1, 1)), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        when = first + np.floor(uniforms((key[0], FIXED), Q_APPROVAL, drugs=ids) * days)
        parts.append(_synthetic(cohort, ids, when, f"synthetic-{year}"))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _poisson(cohort: Cohort, horizon: float, key: tuple[int, int]) -> Table:
    """The columns of a stream of approvals."""
    stream = cohort.poisson
    last = min(horizon, stream.last if stream.last is not None else horizon)
    expected = max(0.0, last - stream.first) * stream.per_day
    count = int(expected + 12 * np.sqrt(expected + 1) + 20)  # enough for any luck: 12 standard deviations
    ids = numbered_ids(count, cohort.name)
    gaps = -np.log(uniforms(key, Q_ARRIVAL, drugs=ids)) / stream.per_day
    when = np.floor((stream.first + np.cumsum(gaps)) * 2**20 + 0.5) / 2**20
    inside = when < last
    return _synthetic(cohort, ids[inside], when[inside], "drug")


def _synthetic(cohort: Cohort, ids: np.ndarray, when: np.ndarray, stem: str) -> Table:
    """Made-up drugs of the cohort's mix."""
    names = np.array([f"{stem}-{i + 1}" for i in range(len(ids))], object)
    made_up = np.ones(len(ids), bool)
    return {"id": ids, "name": names, "approval": when} | _mixed(cohort, ids) | {"synthetic": made_up}


def _mixed(cohort: Cohort, ids: np.ndarray) -> dict[str, np.ndarray]:
    """Class, area and origin from the cohort's mix; they belong to the drug, not to the replication."""
    key = (stable_id("mix", cohort.name), FIXED)

    def pick(quantity: int, shares: dict[str, float], order: tuple[str, ...]) -> np.ndarray:
        edges = np.cumsum([shares[k] for k in shares]) / in_turn(shares.values())
        index = np.array([order.index(k) for k in shares])
        place = np.searchsorted(edges, uniforms(key, quantity, drugs=ids), side="right")
        return index[np.minimum(place, len(index) - 1)]

    return {
        "klass": pick(Q_CLASS, cohort.mix.classes, CLASSES) if len(ids) else np.zeros(0, int),
        "area": pick(Q_AREA, cohort.mix.areas, AREAS) if len(ids) else np.zeros(0, int),
        "foreign": uniforms(key, Q_ORIGIN, drugs=ids) < cohort.mix.foreign,
    }


def _real(cohort: Cohort, calendar: Calendar) -> Table:
    """The drugs of the cohort's list; what it leaves open is drawn from the mix."""
    rows = cohort.listed
    if rows is None:
        raise InputError(f"cohort {cohort.name}: list: {cohort.list} was not read")
    ids = np.array([stable_id("drug", name) for name in rows.names], np.int64)
    mixed = _mixed(cohort, ids)

    def given(values: tuple[int, ...], drawn: np.ndarray) -> np.ndarray:
        stated = np.array(values)
        return np.where(stated < 0, drawn, stated).astype(drawn.dtype)

    stated = {name: given(getattr(rows, name), mixed[name]) for name in ("klass", "area", "foreign")}
    approval = np.array([calendar.index(d) for d in rows.approved], float)
    return (
        {"id": ids, "name": np.array(rows.names, object), "approval": approval}
        | stated
        | {"synthetic": np.zeros(len(ids), bool)}
    )
