"""What stands beside the picture, as small HTML: the numbers with their intervals, and what was changed."""

from __future__ import annotations

import html

from simlib.experiments.run import interval
from simlib.explore.engine import Runs
from simlib.explore.measures import rows
from simlib.explore.other import other_rows
from simlib.explore.picture import paired
from simlib.explore.session import Session
from simlib.outcomes.dictionary import INDICATORS
from simlib.report.names import group_name, indicator_name
from simlib.report.words import Words

_UNIT = {"share": "per_cent", "days": "days_unit", "months": "months_unit", "million yuan": "million_unit"}
STYLE = (
    "<style>.simlib-table{border-collapse:collapse;font-size:12.5px;line-height:1.35}"
    ".simlib-table th{text-align:left;border-bottom:1.5px solid #999;padding:2px 8px;font-weight:600}"
    ".simlib-table td{border-bottom:1px solid #e3e3e3;padding:2px 8px;vertical-align:top}"
    ".simlib-table td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".simlib-table td:first-child{min-width:170px}"
    ".simlib-moved{background:#fff4e0;border-left:3px solid #E69F00}"
    ".simlib-stale{opacity:.3;filter:grayscale(1)}"
    ".simlib-refused{background:#fde3e1;border-left:3px solid #c0392b;padding:1px 6px}"
    ".simlib-rule .widget-html-content{white-space:normal;line-height:1.25;font-size:13px}</style>"
)


def numbers(now: Runs, base: Runs, base_name: str, w: Words) -> str:
    """A table of headline measures: the baseline, now, and the paired difference with its interval."""
    n = min(len(now), len(base))
    found = []
    for key in rows(now.values[0]):
        indicator = INDICATORS[key[0]]
        factor = 100.0 if indicator.is_share else 1.0
        here, there = (interval(factor * runs.sample(key, n))[0] for runs in (now, base))
        if here != here and there != there:
            continue
        unit = w[_UNIT[indicator.unit]]
        points = w["points_unit"] if indicator.is_share else unit
        mean, low, high = paired(now, base, key, factor)
        difference = f"{mean:+.1f}" + (f" [{low:+.1f}, {high:+.1f}]" if low == low else "") + f" {points}"
        label = (
            f"{indicator_name(key[0], w.language)}{'：' if w.language == 'zh' else ', '}{group_name(key[1], key[2], w)}"
        )
        found.append([label, *(_number(x, unit) for x in (there, here)), difference if mean == mean else "–"])
    head = [w["col_measure"], base_name, w["col_now"], w["col_difference"]]
    return table(head, found, numeric=True) + f"<p>{html.escape(w['simulated'])}</p>"


def _number(x: float, unit: str) -> str:
    return "–" if x != x else f"{x:.1f}{'' if unit == '%' else ' '}{unit}"


def changed(session: Session, w: Words) -> str:
    """What the changes do to the rules, and other changes, as a table."""
    n = w.language
    found = [
        [r[f"title_{n}"], "\n".join(r[f"a_{n}"]) or w["no_rule"], "\n".join(r[f"b_{n}"]) or w["no_rule"]]
        for r in session.diff().to_dict("records")
    ]
    found += other_rows(session, w)
    if not found:
        return f"<p>{html.escape(w['nothing_changed'])}</p>"
    return table([w["col_rule"], w["col_was"], w["col_is"]], found)


def table(head: list[str], rows: list[list[str]], numeric: bool = False) -> str:
    """An HTML table; the cells are text."""
    top = "".join(f"<th>{html.escape(h)}</th>" for h in head)
    body = ""
    for row in rows:
        cells = (html.escape(c).replace("\n", "<br>") for c in row)
        body += (
            "<tr>"
            + "".join(f'<td class="{"n" if numeric and i else ""}">{c}</td>' for i, c in enumerate(cells))
            + "</tr>"
        )
    return f'<table class="simlib-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
