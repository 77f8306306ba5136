"""The scorecard as a Markdown page: published figures beside the model, what they told of its numbers, and whether the fit can be trusted.

It is made from what the calibration stored (`scenarios/fitted/`), so that it is current as long as that is.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np

from simlib.core.files import scenarios
from simlib.core.numerals import grouped
from simlib.documentation.blocks import paragraph, table
from simlib.documentation.markdown import page
from simlib.documentation.register import numbers
from simlib.documentation.register_page import evidence_link
from simlib.documentation.words import Words
from simlib.experiments.scorecard import Score, scorecard
from simlib.policy.readings import readings
from simlib.report.scorecard import counts, fitted, published, shown, used, verdict
from simlib.scenario.fitted import FOLDER, WEIGHT, fitted_table, manifest
from simlib.words.nodes import Heading, Link, Node, Said
from simlib.words.values import DASH, number

SHOWN = 15  # numbers that the figures told most about
CLEAR = 3.0  # odds below it say little (Kass and Raftery 1995, doi:10.1080/01621459.1995.10476572)


def scorecard_markdown(w: Words) -> str:
    """The whole page."""
    scores, about = scorecard(), manifest()
    keys = ("figure", "published_figure", "fitted_figure", "judged", "middle_figure", "used", "differs")
    nodes: list[Node] = [
        Heading(w["scorecard_title"], 1),
        paragraph(w["made_from"]),
        paragraph(w["scorecard_intro"]),
        paragraph(w.say("scorecard_counts", **counts(scores))),
        paragraph(w.say("scorecard_sharp", **sharpness(scores))),
        table([w[f"col_{k}"] for k in keys], [_row(s, w) for s in scores]),
        Heading(w["scorecard_numbers_title"], 2),
        paragraph(w.say("scorecard_numbers", **told_of(about))),
        *(paragraph(said) for said in answers(about, w)),
        table([w[f"col_{k}"] for k in ("told_number", "prior", "posterior", "told")], _told_rows(about, w)),
        Heading(w["scorecard_method_title"], 2),
        paragraph(w.say("scorecard_method", **method(about))),
    ]
    return page(nodes)


def sharpness(scores: Sequence[Score]) -> dict[str, str]:
    """How sharp and how well placed the fitted histories are, over the figures that the fit used."""
    used = [s for s in scores if s.figure.fit and s.verdict != "none"]
    gain = np.median([1 - s.crps() / s.crps("assumed") for s in used if s.crps("assumed") > 0] or [np.nan])
    pits = np.array([s.pit for s in used])
    return {
        "gain": number(100 * float(gain), 0),
        "half": str(int(((pits >= 0.25) & (pits <= 0.75)).sum())),
        "most": str(int(((pits >= 0.05) & (pits <= 0.95)).sum())),
        "of": str(len(used)),
    }


def told_of(about: dict[str, Any]) -> dict[str, Any]:
    """How many numbers the figures move, how many of them they tell something about, and how many keep their prior."""
    found = about["numbers"].values()
    return {
        "moved": len(found),
        "narrowed": sum(n["told"] >= 0.05 for n in found),
        "kept": len(about["prior_kept"]),
        "vectors": grouped(str(about["vectors"])),
    }


def answers(about: dict[str, Any], w: Words) -> list[str]:
    """What the figures say of each answer to a reading that has vectors of its own, beside the default."""
    found = []
    for other in about["answers"][1:]:
        name, odds = other["answer"], other["odds"]
        code, _, chosen = name.partition("=")
        scores = [s for s in scorecard(answer=name) if s.figure.fit]
        weight = "even" if 1 / CLEAR < odds < CLEAR else "for" if odds > 1 else "against"
        found.append(
            w.say(
                "scorecard_answer", code=code, question=getattr(readings()[code].question, w.language), answer=chosen,
                numbers=", ".join(f"{path} = {x:g}" for path, x in other["numbers"].items()), met=sum(s.verdict == "met" for s in scores), of=len(scores), histories=len(scores[0].values["fitted"]),
                odds=f"{odds:.2g}", weight=w[f"odds_{weight}"],
            )
        )  # fmt: skip
    return found


def method(about: dict[str, Any]) -> dict[str, str]:
    """Sizes of the fit, agreement of its chains, and how simulated truths were recovered."""
    with (scenarios() / FOLDER / "recovery.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def covered(level: str) -> str:
        return number(100 * float(np.mean([float(r["covered"]) for r in rows if r["level"] == level])), 1)

    plan = about["plan"]
    return {
        "worlds": grouped(str(plan["first"] + sum(size for size, _ in plan["waves"]))),
        "waves": str(1 + len(plan["waves"])),
        "check": str(plan["check"]),
        "r_hat": number(about["split_r_hat"]["largest"], 2),
        "truths": rows[0]["truths"],
        "half": covered("0.5"),
        "most": covered("0.9"),
        "numbers": str(len({r["path"] for r in rows})),
        "outside": str(sum(r["ok"] != "True" for r in rows)),
    }


def _row(s: Score, w: Words) -> tuple[Said, ...]:
    f = s.figure
    source: Said = (published(f, w), " ", evidence_link(f.evidence, w)) if f.evidence else w["scorecard_expected"]
    notes = [
        getattr(said, w.language)
        for said in (f.missing, f.lacking if s.verdict in ("near", "below", "above") else None, f.differs)
        if said
    ]
    note = w["scorecard_note"].join(notes) or DASH
    return getattr(f.title, w.language), source, fitted(s, w), verdict(s, w), middle(s, w), used(s, w), note


def _told_rows(about: dict[str, Any], w: Words) -> list[tuple[Said, ...]]:
    """The numbers that the figures told most about: their range, and where 90% of the vectors have them."""
    entries = {e.path: e for e in numbers()}
    vectors = fitted_table()
    first = sorted(about["numbers"], key=lambda p: (-about["numbers"][p]["told"], p))[:SHOWN]
    page_of = "assumptions.md" if w.language == "en" else f"assumptions.{w.language}.md"
    rows = []
    for path in first:
        low, middle, high = _weighted(vectors[path], vectors[WEIGHT], (0.05, 0.5, 0.95))
        told = number(100 * about["numbers"][path]["told"], 0)
        a = ranges()[path]
        said = f"{_short(middle)} ({w.say('to', low=_short(low), high=_short(high))})"
        link = Link(path, f"{page_of}#{entries[path].id}")
        rows.append((link, w.say("to", low=_short(a[0]), high=_short(a[1])), said, f"{told}%"))
    return rows


def ranges() -> dict[str, tuple[float, float]]:
    """The range of each assumed number, by path."""
    from simlib.scenario.numbers import assumptions

    return {
        a.path: (float(a.range[0]), float(a.range[1]))
        for a in assumptions()
        if len(a.range) == 2 and a.kind == "assumed"
    }


def _weighted(x: np.ndarray, weight: np.ndarray, at: Sequence[float]) -> list[float]:
    """Quantiles of weighted vectors."""
    order = np.argsort(x, kind="stable")
    share = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return [float(v) for v in np.interp(at, share, x[order])]


def _short(x: float) -> str:
    return grouped(f"{x:.3g}" if abs(x) < 1000 else f"{x:.0f}").replace("-", "−")


def middle(s: Score, w: Words) -> str:
    """The mean with all numbers in the middle and its interval of luck."""
    return shown(s.figure, s.middle, w)
