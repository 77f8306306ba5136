"""What experts said, and what follows from it, in lines for a terminal (simlib elicit)."""

from __future__ import annotations

import pandas as pd

from simlib.core.numerals import grouped
from simlib.experiments.elicitation import POOL, Answers, Elicited
from simlib.experiments.elicited import Asked
from simlib.experiments.study import MAIN, PROVIDED
from simlib.report.lines import columns
from simlib.scenario.scenario import Scenario
from simlib.words import Words, words
from simlib.words.names import group_name
from simlib.words.values import digits, number, scaled, unit_name, with_interval
from simlib.words.wrap import wrapped


def said_text(answers: Answers, table: pd.DataFrame, language: str = "en") -> str:
    """What was said (`simlib.experiments.elicitation.said`): a block a number, a line for the pool and for each expert."""
    w = words(language, "elicitation")
    lines = wrapped(w["read_title"], language)
    for e in answers.experts:
        lines.append("  " + w.say("read_expert", name=e.name, n=len(e.judgements), all=len(answers.asked), file=e.file))
    for a in answers.asked:
        rows = table[table["path"] == a.path].to_dict("records")
        if not rows:
            continue
        lines += ["", *wrapped(f"{a.assumption.id}  {_title(a, language)}", language, later="  ")]
        head = ["", "5%", "50%", "95%", ""]
        body = [_row(a, r, w) for r in rows]
        now = [w["range_now"], *(shown(a, rows[0][f"{k}_now"]) for k in ("low", "value", "high")), ""]
        lines += [f"  {line}" for line in columns([head, *body, now])]
    if table["outside"].any():
        lines += ["", w["read_outside"]]
    if open_ids := [a.assumption.id for a in answers.asked if a.path not in set(table["path"])]:
        lines += ["", *wrapped(w.say("read_none", names=w["comma"].join(open_ids)), language)]
    return "\n".join(lines)


def _row(a: Asked, r: dict, w: Words) -> list[str]:
    return [r["who"] or w["pool"], *(shown(a, r[k]) for k in ("low", "median", "high")), "*" if r["outside"] else ""]


def _title(a: Asked, language: str) -> str:
    """What the number is; where experts were asked for something else, what they were asked."""
    if a.spread:
        return getattr(a.question, language)
    return words(language).say("with_unit", name=getattr(a.assumption.name, language), unit=a.unit(language))


def shown(a: Asked, x: float) -> str:
    """A number as it was asked for: a share in per cent, a count whole, another with three digits."""
    if a.is_share:
        return f"{number(100 * x)}%"
    return number(x, 0) if a.whole or abs(x) >= 1000 else grouped(f"{x:.3g}").replace("-", "−")


def run_text(found: Elicited, table: pd.DataFrame, language: str = "en", everything: bool = False) -> str:
    """What follows (`Elicited.table`): a line an indicator, group and expert; the headline alone where not everything."""
    w = words(language, "elicitation")
    pool = found.worlds[POOL]
    blanks = {"scenario": _named(found.scenario), "rows": len(pool.numbers), "again": len(pool.again.columns)}
    minus = {"baseline": _named(found.baseline)} if found.baseline else {}
    title = w.say("run_title_minus" if minus else "run_title", **blanks, **minus)
    names = ("col_indicator", "col_group", "run_who", "run_mean", "run_band", "run_luck", "run_numbers", "run_experts")
    kept = table if everything else headline(table)
    order = kept.groupby(["indicator", "by", "group"], sort=False)
    rows = [_line(r, w, bool(minus)) for _, part in order for r in part.to_dict("records")]
    lines = [
        *wrapped(title, language),
        "",
        *columns([[w[n] for n in names], *rows]),
        "",
        *wrapped(w["run_says"], language),
    ]
    if len(found.worlds) == 1:
        lines += wrapped(w.say("run_few", n=1), language)
    return "\n".join(lines)


def _named(scenario: Scenario) -> str:
    """A scenario's name, with that of its rulebook where a change may have set another one."""
    return f"{scenario.name} ({scenario.policy.name})" if scenario.changes else scenario.name


def headline(table: pd.DataFrame) -> pd.DataFrame:
    """The headline measures by level; the whole table where a world has none of them."""
    rows = table[table["indicator"].isin((MAIN, PROVIDED)) & table["by"].isin(("all", "level"))]
    rows = rows.sort_values("indicator", key=lambda names: names.map([MAIN, PROVIDED].index), kind="stable")
    return rows if len(rows) else table


def _line(r: dict, w: Words, difference: bool) -> list[str]:
    """One line: the mean, the middle of the worlds, and the parts of their spread."""
    i, nan = r["indicator"], float("nan")
    mean = with_interval(i, (r["mean"], nan, nan), w, difference, units=True)
    low, high = (number(scaled(i, r[k], w), digits(i, w), sign=difference) for k in ("low", "high"))
    unit = unit_name(i, w) if not difference or i not in (MAIN, PROVIDED) else w["point_short"]
    sd = [number(scaled(i, r[k], w), digits(i, w)) for k in ("luck", "numbers")]
    sd.append("" if r["who"] else number(scaled(i, r["experts"], w), digits(i, w)))
    band = w.say("to", low=low, high=high)
    return [i, group_name(r["by"], r["group"], w), r["who"] or w["pool"], mean, f"{band} {unit}", *sd]
