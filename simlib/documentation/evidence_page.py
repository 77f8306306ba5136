"""Published figures beside the model as a Markdown page, and the same table for a terminal.

The page holds results, so `simlib evidence --write` makes it and not `simlib docs`. Beside them stands what an earlier
version gave (`scenarios/figures_before.csv`).
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence

from simlib.core.files import scenarios
from simlib.core.numerals import grouped
from simlib.documentation.blocks import paragraph, table
from simlib.documentation.markdown import page
from simlib.documentation.register import numbers
from simlib.documentation.register_page import codes, evidence_link
from simlib.documentation.rows_logic import TITLE
from simlib.documentation.words import Words
from simlib.experiments.evidence import Seen
from simlib.experiments.targets import Figure
from simlib.words.nodes import Heading, Link, Node, Said
from simlib.words.values import DASH, number

PLACES = {"days": 0, "yuan": 0, "ratio": 2, "correlation": 2}  # decimals by unit; others have one
SUFFIX = {"%": "%", "ratio": "", "correlation": ""}  # what follows a number; others have a word of their own


def evidence_markdown(found: Sequence[Seen], w: Words) -> str:
    """The whole page."""
    counts = {v: sum(s.verdict == v for s in found) for v in ("inside", "below", "above", "none")}
    keys = ("figure", "published_figure", "before_figure", "model_figure", "judged", "set_from", "differs")
    nodes: list[Node] = [
        Heading(w["evidence_title"], 1),
        paragraph(w["evidence_made"]),
        paragraph(w.say("evidence_intro", replications=max(len(s.values) for s in found))),
        paragraph(w.say("evidence_counts", total=len(found), **counts)),
        paragraph(w.say("evidence_set", **independence(found, w))),
        table([w[f"col_{k}"] for k in keys], [_row(s, w) for s in found]),
    ]
    return page(nodes)


def independence(found: Sequence[Seen], w: Words) -> dict[str, int]:
    """How many of the figures that the model meets had a number set from them, and how it stands with the others."""
    met = [s for s in found if s.verdict == "inside"]
    free = [s for s in found if s.verdict != "none" and set_from(s.figure, w) == DASH]
    met_free = sum(s.verdict == "inside" for s in free)
    return {"met": len(met), "met_set": len(met) - met_free, "free": len(free), "met_free": met_free}


def evidence_rows(found: Sequence[Seen], w: Words) -> list[list[str]]:
    """The table for a terminal: a head, then a row for each figure."""
    keys = ("figure", "published_figure", "model_figure", "judged")
    head = [w[f"col_{k}"] for k in keys]
    return [
        head,
        *([getattr(s.figure.title, w.language), published(s.figure, w), shown(s, w), verdict(s, w)] for s in found),
    ]


def _row(s: Seen, w: Words) -> tuple[Said, ...]:
    f = s.figure
    source: Said = (published(f, w), " ", evidence_link(f.evidence, w)) if f.evidence else w["evidence_expected"]
    said = f.missing or f.differs
    note = getattr(said, w.language) if said else DASH
    return getattr(f.title, w.language), source, before(f, w), shown(s, w), verdict(s, w), set_from(f, w), note


def set_from(f: Figure, w: Words) -> Said:
    """Links to the assumed numbers whose reasons cite the figure's source: they were set with it in view."""
    found = [e for e in numbers() if f.evidence and f.evidence in codes(e.reason[TITLE[w.language]])]
    name = "assumptions.md" if w.language == "en" else f"assumptions.{w.language}.md"
    links = [Link(e.path, f"{name}#{e.id}") for e in found]
    return tuple(run for i, link in enumerate(links) for run in ((", ", link) if i else (link,))) or DASH


def published(f: Figure, w: Words) -> str:
    """The published number, or the two between which it lies, with its unit."""
    low, high = f.bounds
    text = f"{grouped(f'{low:g}')}" if low == high else w.say("to", low=grouped(f"{low:g}"), high=grouped(f"{high:g}"))
    return text + unit(f, w)


def shown(s: Seen, w: Words) -> str:
    """The model's mean with its interval and unit."""
    return _shown(s.figure, s.interval, w)


def _shown(f: Figure, triple: tuple[float, float, float], w: Words) -> str:
    mean, low, high = (number(x, PLACES.get(f.unit, 1)) for x in triple)
    if mean == DASH:
        return DASH
    return f"{mean}{unit(f, w)}" + ("" if low == DASH else f" ({w.say('to', low=low, high=high)})")


def verdict(s: Seen, w: Words) -> str:
    """Whether the model reproduces the figure: its interval against what was published."""
    return w[f"evidence_{s.verdict}"]


def unit(f: Figure, w: Words) -> str:
    """What follows a number in its unit."""
    return SUFFIX[f.unit] if f.unit in SUFFIX else f" {w[f.unit]}"


def before(f: Figure, w: Words) -> str:
    """What the earlier version gave."""
    row = _earlier().get(f.id)
    return _shown(f, (float(row["mean"]), float(row["low"]), float(row["high"])), w) if row else DASH


@functools.cache
def _earlier() -> dict[str, dict[str, str]]:
    path = scenarios() / "figures_before.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["mean"]}
