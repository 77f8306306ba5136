"""Where a rulebook with deadlines made something worse, and what moved with it.

Compared are paired differences of access measures in every group; so many are looked at that some would be worse by
chance, so what is claimed is corrected for their number (Holm's method, 5% for all of them together).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import special

from simlib.experiments.study import KEY, Study
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.rules import Policy
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, group_name, indicator_name, policy_name
from simlib.words.nodes import Node, Strong, Text, table
from simlib.words.values import digits, number, scaled, with_interval

ALPHA = 0.05
FEWEST = 3  # replications below which nothing can be called worse
ACCESS = (
    "stocked_12m", "stocked_24m", "provided_12m", "provided_24m", "stocked_12m_catalogue", "stocked_24m_catalogue",
    "provided_12m_catalogue", "months_without_24m", "months_unstocked_24m", "listed_days", "first_hospital_days",
    "hospital_days", "back_book_stocked", "gap_levels", "gap_city_county",
)  # fmt: skip
WHY = {  # explanation: (indicator, points or not, grouped by level or over all)
    "why_refused": ("state_refused", True),
    "why_agenda": ("agenda_load", True),
    "why_overloaded": ("overloaded", True),
    "why_room": ("state_waiting_for_room", True),
    "why_waiting": ("state_waiting", True),
    "why_catalogue": ("reason_nrdl_membership", True),
    "why_listing": ("listed_days", False),
}
UNITS = ("share", "percentage points", "months", "days")  # of access measures and gaps, in the order of the page
GAPS = {"gap_levels": ("level", ("3", "2")), "gap_city_county": ("place", ("city", "county"))}
COLUMNS = [
    "scenario", "against", "region", "policy", "obedience", *KEY, "unit", "difference", "low", "high", "p", "p_holm", "why",
]  # fmt: skip


@dataclass(frozen=True)
class Search:
    """What was found. worse: rows worse after correction. compared: number looked at. raw: worse without correction."""

    worse: pd.DataFrame
    compared: int
    raw: int
    closest: pd.Series | None


def has_deadline(policy: Policy) -> bool:
    """Whether any rule of a policy is a time limit."""
    return any(r.definition.kind == "limit" for r in policy.rules)


def _pairs(study: Study) -> Iterator[tuple]:
    """(cell, name of what it is compared with): before the reforms, and the rulebook that a local one stands on."""
    for cell in study.cells:
        policy = study.rulebooks[cell.policy]
        if cell.policy == study.baseline or not has_deadline(policy):
            continue
        yield cell, cell.baseline
        below = (layer.name for layer in policy.layers[-2::-1] if layer.name != study.baseline)
        if lower := next(filter(None, (study.cell(cell.region, name, cell.obedience) for name in below)), None):
            yield cell, lower.name


@lru_cache(maxsize=4)
def search(study: Study) -> Search:
    """Look at every pair, access measure and group."""
    found, tables = [], {}
    for cell, against in _pairs(study):
        effect = study.paired(cell.name, against)
        if effect is None:
            continue
        table = effect.table()
        tables[cell.name, against] = table.set_index(KEY)  # every loss of the pair is explained from it
        rows = table[table["indicator"].isin(ACCESS) & (table["replications"] >= FEWEST)]
        rows = rows.assign(
            scenario=cell.name, against=against, region=cell.region, policy=cell.policy, obedience=cell.obedience
        )
        found.append(rows)
    if not found:
        return Search(pd.DataFrame(columns=COLUMNS), 0, 0, None)
    rows = _with_p(pd.concat(found, ignore_index=True))
    worse = rows[rows["p_holm"] < ALPHA].sort_values(["p", "scenario"])
    worse = worse.assign(why=[_explained(tables, r) for _, r in worse.iterrows()])[COLUMNS]
    worst = rows.loc[rows["p"].idxmin()] if rows["p"].notna().any() else None
    return Search(worse.reset_index(drop=True), len(rows), int((rows["p"] < 0.025).sum()), worst)


def _with_p(rows: pd.DataFrame) -> pd.DataFrame:
    """One-sided p of "worse", and Holm's correction of it."""
    sign = np.array([1.0 if INDICATORS[i].better == "less" else -1.0 for i in rows["indicator"]])
    harm = sign * rows["difference"].to_numpy(float)
    error = rows["sd"].to_numpy(float) / np.sqrt(rows["replications"])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 0, harm / error, np.where(harm > 0, np.inf, 0.0))
    p = special.stdtr(rows["replications"].to_numpy() - 1, -t)  # upper tail of Student's t, as scipy.stats.t.sf
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    holm = np.empty(len(p))
    holm[order] = np.minimum(steps, 1.0)
    return rows.assign(p=p, p_holm=holm)


def _explained(tables: dict[tuple[str, str], pd.DataFrame], row: pd.Series) -> str:
    group = row["group"] if row["by"] == "level" else "3"
    return explanation(tables[row["scenario"], row["against"]], group, row["indicator"])


def explanation(rows: pd.DataFrame, group: str, indicator: str = "") -> str:
    """What moved beyond chance with it, as "key=change" pairs, the clearest first; of a gap, both of its sides.

    rows: an effect's table, indexed by indicator, by and group.
    """
    if indicator in GAPS:
        by, sides = GAPS[indicator]
        changes = {g: ("stocked_24m", by, g) for g in sides}
        found = {g: rows.loc[k] for g, k in changes.items() if k in rows.index}
        parts = [f"why_gap_{g}={100 * r['difference']:.2f}" for g, r in found.items()]
        if len(found) == 2 and all(found[sides[1]][k] > 0 for k in ("baseline", "mean")):
            before, after = (found[sides[0]][k] / found[sides[1]][k] for k in ("baseline", "mean"))
            parts.append(f"why_ratio_{by}={before:.2f}>{after:.2f}")
        return ";".join(parts)
    moved = []
    for key, (indicator, by_level) in WHY.items():
        where = (indicator, "level", group) if by_level else (indicator, "all", "all")
        if where in rows.index:
            r = rows.loc[where]
            if r["low"] > 0 and r["sd"] > 0:
                moved.append((r["difference"] / r["sd"], f"{key}={scaled(indicator, r['difference']):.2f}"))
    return ";".join(text for _, text in sorted(moved, reverse=True)[:3])


def why_words(why: str, w: Words) -> str:
    """An explanation in words."""
    parts = [p.split("=") for p in why.split(";") if p]
    return w["semicolon"].join(_why_part(key, d, w) for key, d in parts) if parts else w["why_nothing"]


def _why_part(key: str, d: str, w: Words) -> str:
    if ">" not in d:
        return w.say(key, d=number(float(d), 1 if abs(float(d)) >= 0.1 else 2, sign=True))
    before, after = (float(x) for x in d.split(">"))
    return w.say(key, before=number(before), after=number(after), way=w["narrower" if after < before else "wider"])


def largest(worse: pd.DataFrame) -> pd.DataFrame:
    """One row a place, rulebook and measure: at default obedience if it is worse there, and of those the largest.

    Access measures stand before gaps, then percentage points before months and days, each the largest first. What a
    page would round to nothing is left out. found: how many differences of that place, rulebook and measure were worse.
    """
    key = ["region", "policy", "indicator"]
    rows = worse.assign(found=worse.groupby(key)["p"].transform("size"), gap=worse["indicator"].isin(GAPS))
    rows = rows[~rounded_away(rows)]
    rows = rows.assign(
        elsewhere=rows["obedience"] != "default",
        kind=[UNITS.index(INDICATORS[i].unit) for i in rows["indicator"]],
        size=[-abs(scaled(i, d)) for i, d in zip(rows["indicator"], rows["difference"], strict=True)],
    )
    rows = rows.sort_values(["elsewhere", "gap", "kind", "size", "scenario"], kind="stable").drop_duplicates(key)
    return rows.drop(columns=["elsewhere", "gap", "kind", "size"]).reset_index(drop=True)


def rounded_away(worse: pd.DataFrame) -> np.ndarray:
    """Of each row, whether its difference is beyond luck and yet written as zero."""
    return np.array(
        [
            not number(scaled(i, d), digits(i)).strip("−0.")
            for i, d in zip(worse["indicator"], worse["difference"], strict=True)
        ],
        bool,
    )


def worse_nodes(study: Study, w: Words, most: int = 20) -> list[Node]:
    """The finding for readers: what is worse and why, or that nothing was found and what came closest."""
    s = search(study)
    if not s.compared:
        return [Text(w.say("worse_few", n=FEWEST))]
    looked = Text(w.say("worse_text", count=s.compared, baseline=baseline_name(study, w)))
    if not len(s.worse):
        return [looked, _nothing(study, s, w)]
    best = largest(s.worse)
    shown = best.head(most)
    keys = ["region", "policy", "indicator", "group", "obedience", "against", "difference", "why", "found"]
    if (shown["by"] == "all").all():
        keys.remove("group")
    rows = [[cells[k] for k in keys] for cells in (_row(study, r, w) for _, r in shown.iterrows())]
    text = w.say(
        "worse_largest", count=len(s.worse), rows=len(best), shown=len(shown), small=int(rounded_away(s.worse).sum())
    )
    only = s.worse["indicator"].isin(GAPS).all()
    found = Text((f"{text} ", Strong(w["worse_only_gaps"]))) if only else Text(text)
    return [looked, found, *([table([w[f"col_{k}"] for k in keys], rows, look="small")] if rows else [])]


def _nothing(study: Study, s: Search, w: Words) -> Text:
    """That nothing is worse beyond luck, and what came closest to it."""
    said = w.say("worse_suggestive", count=s.raw, total=s.compared, expected=round(0.025 * s.compared))
    closest = f" {_closest(study, s.closest, w)}" if s.raw and s.closest is not None else ""
    return Text((Strong(w["worse_none"]), f" {said}{closest}"))


def _row(study: Study, r: pd.Series, w: Words) -> dict[str, object]:
    against = study.experiment.cell(r["against"]).policy
    name = lambda p: policy_name(p, w, study.rulebooks.get(p))  # noqa: E731
    d = with_interval(r["indicator"], (r["difference"], r["low"], r["high"]), w, True, units=True)
    return {
        "region": place_of(study, r["region"], w), "policy": name(r["policy"]), "obedience": w[f"obedience_{r['obedience']}"],
        "against": name(against), "indicator": indicator_name(r["indicator"], w.language),
        "group": group_name(r["by"], r["group"], w), "difference": d, "why": why_words(r["why"], w), "found": r["found"],
    }  # fmt: skip


def _closest(study: Study, r: pd.Series, w: Words) -> str:
    low, high = (number(scaled(r["indicator"], r[k]), 1, sign=True) for k in ("low", "high"))
    return w.say(
        "worse_closest", indicator=indicator_name(r["indicator"], w.language), group=group_name(r["by"], r["group"], w),
        policy=policy_name(r["policy"], w), region=place_of(study, r["region"], w), obedience=w[f"obedience_{r['obedience']}"],
        difference=number(scaled(r["indicator"], r["difference"]), 1, sign=True), low=low, high=high,
    )  # fmt: skip
