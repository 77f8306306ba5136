"""What stands beside the picture, as small HTML: the numbers with their intervals, and what was changed."""

from __future__ import annotations

import html

from simlib.experiments.run import interval
from simlib.outcomes.dictionary import INDICATORS
from simlib.words import Words
from simlib.words.names import group_name, indicator_name
from simlib.words.values import DASH, digits, number, scaled, unit_name, with_interval
from simlib.workbench.engine import Runs
from simlib.workbench.measures import Key, rows
from simlib.workbench.other import other_rows
from simlib.workbench.picture import paired
from simlib.workbench.session import Session

STYLE = (
    "<style>.simlib-table{border-collapse:collapse;font-size:12.5px;line-height:1.35}"
    ".simlib-table th{text-align:left;border-bottom:1.5px solid #999;padding:2px 8px;font-weight:600}"
    ".simlib-table td{border-bottom:1px solid #e3e3e3;padding:2px 8px;vertical-align:top}"
    ".simlib-table th.n{text-align:right}"
    ".simlib-table td.n{white-space:nowrap;text-align:right;font-variant-numeric:tabular-nums}"
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
        indicator = key[0]
        here, there = (interval(runs.sample(key, n))[0] for runs in (now, base))
        if here != here and there != there:
            continue
        values = (number(scaled(indicator, x, w), digits(indicator, w)) for x in (there, here))
        unit = "%" if INDICATORS[indicator].is_share else ""
        found.append([
            _label(key, w), *(x if x == DASH else x + unit for x in values),
            with_interval(indicator, paired(now, base, key), w, difference=True),
        ])  # fmt: skip
    head = [w["col_measure"], base_name, w["col_now"], w["col_difference"]]
    return table(head, found, numeric=True) + f"<p>{html.escape(w['simulated'])}</p>"


def _label(key: Key, w: Words) -> str:
    """The measure, of whom, and its unit where the numbers do not carry it."""
    colon, brackets = ("：", "（{}）") if w.language == "zh" else (", ", " ({})")
    unit = "" if INDICATORS[key[0]].is_share else brackets.format(unit_name(key[0], w))
    return f"{indicator_name(key[0], w.language)}{colon}{group_name(key[1], key[2], w)}{unit}"


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
    right = [' class="n"' if numeric and i else "" for i in range(len(head))]
    top = "".join(f"<th{k}>{html.escape(h)}</th>" for k, h in zip(right, head, strict=True))
    body = ""
    for row in rows:
        cells = (html.escape(c).replace("\n", "<br>") for c in row)
        body += "<tr>" + "".join(f"<td{k}>{c}</td>" for k, c in zip(right, cells, strict=True)) + "</tr>"
    return f'<table class="simlib-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
