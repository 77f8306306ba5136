"""Tables in lines for a terminal: what one stage costs, and who pays. In English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import nan

import pandas as pd

from simlib.core.numerals import grouped
from simlib.experiments.bottleneck import HOW, INSTANT, MEASURES, Bottleneck
from simlib.experiments.budget import ALL, BudgetImpact, first_day
from simlib.experiments.obedience_curve import ObedienceCurve
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.flow import STAGES
from simlib.words import words
from simlib.words.names import indicator_name, policy_name
from simlib.words.values import number, unit_name, with_interval
from simlib.words.wrap import width, wrapped


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with columns under one another; a Chinese character takes two places."""
    widths = [max(width(r[i]) for r in rows) for i in range(len(rows[0]))]
    return ["  ".join(c + " " * (n - width(c)) for c, n in zip(r, widths, strict=True)).rstrip() for r in rows]


def bottleneck_text(found: Bottleneck, language: str = "en") -> str:
    """The table of `Bottleneck`, a line a stage, then what the measures are and what instant means."""
    w, table = words(language), found.table()
    shown = [m for m in MEASURES if (table["indicator"] == m).any()]
    rows = [[w["col_stage_name"], *shown]]
    for stage, part in table.groupby("stage", sort=False):
        part = part.set_index("indicator")
        cells = [with_interval(m, tuple(part.loc[m, ["difference", "low", "high"]]), w, True) for m in shown]
        rows.append([getattr(STAGES[stage], language), *cells])
    lines = [w["bottleneck_title"], "", *columns(rows), ""]
    for m in shown:
        unit = w["point_short"] if INDICATORS[m].is_share else unit_name(m, w)
        title = w.say("with_unit", name=indicator_name(m, language), unit=unit)
        lines.append(f"  {m}  {title}")
    lines += ["", w["bottleneck_how"]]
    for stage in INSTANT:
        how = HOW[stage][language == "zh"] if stage in found.instant else w["bottleneck_none"]
        colon = "：" if language == "zh" else ": "
        lines += wrapped(f"{getattr(STAGES[stage], language)}{colon}{how}", language, "  ", "    ")
    return "\n".join(lines)


def obedience_text(found: ObedienceCurve, language: str = "en") -> str:
    """The table of `ObedienceCurve`, a line a share, then what the shares are, and which gives half of the full gain."""
    w, table = words(language), found.table()
    shown = list(table["indicator"].unique())
    rows = [[w["col_share"], "", *shown]]
    for share, part in table.groupby("share"):
        part = part.set_index("indicator")
        cells = [with_interval(m, tuple(part.loc[m, ["difference", "low", "high"]]), w, True) for m in shown]
        degree = part["degree"].iloc[0]
        rows.append([f"{100 * share:g}%", w[f"obedience_{degree}"] if degree else "", *cells])
    base = found.baseline.policy
    lines = [w.say("obey_title", baseline=policy_name(base.name, w, base)), "", *columns(rows), ""]
    lines += [f"  {m}  {indicator_name(m, language)}" for m in shown]
    half = found.needed()
    notes = [w["obey_columns"], w["unmeasured_short"]]
    notes += [w.say("obey_half", share=number(100 * half, 0))] if half == half else []
    return "\n".join([*lines, "", *(line for note in notes for line in wrapped(note, language))])


def budget_text(found: BudgetImpact, language: str = "en", lengthened: bool = False) -> str:
    """The table of `BudgetImpact`, a line a year and payer, then prices and what is left out."""
    w, table = words(language), found.table()
    rows = [[w["col_year"], w["col_payer"], w["col_mean"], w["col_before"], w["col_difference"]]]
    for r in table.to_dict("records"):
        name = f"{r['payer']}_million"
        difference = with_interval(name, (r["difference"], r["difference_low"], r["difference_high"]), w, True)
        year = w["budget_all"] if r["year"] == ALL else r["year"]
        mean = with_interval(name, (r["mean"], r["low"], r["high"]), w)
        rows.append([year, r[language], mean, with_interval(name, (r["baseline"], nan, nan), w), difference])
    lines = [w["budget_title"], "", *columns(rows), ""]
    for note in notes(found, table, language, lengthened):
        lines += wrapped(note, language)
    return "\n".join(lines)


def notes(found: BudgetImpact, table: pd.DataFrame, language: str = "en", lengthened: bool = False) -> list[str]:
    """What a reader of the bills must know: the calendar, prices, and which drugs and years are in."""
    w, s = words(language), found.result.scenario
    end = s.calendar.start + timedelta(days=int(s.horizon) - 1)
    provisional = s.calendar.status(s.horizon) == "provisional"
    out = []
    if lengthened:
        out.append(w.say("budget_provisional" if provisional else "budget_longer", end=end))
    elif provisional:
        out.append(w["provisional"])
    cost = grouped(f"{s.parameters.drugs.median_daily_cost_yuan:g}")
    out.append(w.say("budget_price", cost=cost, year=first_day(s).year))
    last = found.last_year_of_drugs
    if last is not None and last < end.year:
        out.append(w.say("budget_drugs", year=last))
    if found.part_of_a_year:
        out.append(w["budget_part"])
    if found.baseline is None:
        out.append(w["budget_no_base"])
    return out


__all__ = ["bottleneck_text", "budget_text", "columns", "notes", "obedience_text"]
