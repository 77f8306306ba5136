"""The page on validation, by the five kinds of the ISPOR-SMDM task force: what was done, found, and not done.

What can be counted is counted: checks, published figures by whether a number was set from them, frozen predictions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from simlib.core.files import scenarios
from simlib.core.numerals import grouped
from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.markdown import page
from simlib.documentation.register import numbers
from simlib.documentation.register_page import codes
from simlib.documentation.rows_logic import TITLE
from simlib.documentation.words import Words
from simlib.experiments.predictions import Frozen, PredictionsFile, Question, figure_of, frozen, predictions_file
from simlib.experiments.proof import proofs
from simlib.experiments.targets import Figure, targets
from simlib.policy.readings import readings
from simlib.report.scorecard import unit
from simlib.words import words
from simlib.words.nodes import Heading, Node
from simlib.words.values import DASH

KINDS = ("face", "internal", "cross", "external", "predictive")
NEAR = ("approval", "doctors", "network", "prices", "fees", "review")  # models near to this one
WHERE = {
    "known": "tests/known_answers",
    "twin": "tests/twin",
    "proof": "tests/policy/test_clauses.py",
    "laws": "tests/behaviour",
    "same": "tests/behaviour/test_invariance.py",
    "wrong": "tests/reliability",
}
RANDOM_WORLDS = 200  # of the long verification


def validation_words(language: str) -> Words:
    """The words of this page, laid over those of the documentation."""
    return words(language, "documentation", "validation")


def validation_markdown(w: Words) -> str:
    """The whole page."""
    nodes: list[Node] = [Heading(w["valid_title"], 1), paragraph(w["made_from"]), paragraph(w["valid_intro"])]
    for number, kind in enumerate(KINDS, 1):
        nodes.append(Heading(f"{number} {w[f'valid_{kind}']}", 2))
        nodes.append(points((w[f"valid_{part}"], text) for part, text in _said(kind, w)))
        nodes += _more(kind, w)
    return page(nodes)


def _said(kind: str, w: Words) -> list[tuple[str, str]]:
    """The four parts of a section, with their numbers."""
    blanks = {"face": {"readings": len(readings())}, "external": _counts(w), "predictive": _judged()}.get(kind, {})
    parts = [(part, w.say(f"valid_{kind}_{part}", **blanks)) for part in ("done", "run", "found", "not")]
    if kind == "predictive" and not frozen():
        parts[2] = ("found", w["valid_predictive_none"])
    return parts


def _more(kind: str, w: Words) -> list[Node]:
    """What stands below the four parts."""
    if kind == "internal":
        head = [w[f"valid_col_{k}"] for k in ("check", "number", "where")]
        return [table(head, ((w[f"valid_check_{k}"], _number(k), f"`{place}`") for k, place in WHERE.items()))]
    if kind == "cross":
        return [paragraph(w["valid_near"] + w["colon"].rstrip()), points(("", w[f"valid_near_{k}"]) for k in NEAR)]
    if kind == "external":
        return [
            node
            for part, found in zip(("dependent", "independent"), _by_source(w), strict=True)
            for node in (paragraph(w[f"valid_external_{part}"]), points(("", _title(f, w)) for f in found))
        ]
    return [_predictions(w)] if kind == "predictive" and frozen() else []


def _number(check: str) -> str:
    """How many checks of a kind there are, where they are counted."""
    counts = {"known": len(list((scenarios() / "toys").glob("*.yaml"))), "twin": RANDOM_WORLDS, "proof": len(proofs())}
    return grouped(str(counts[check])) if check in counts else DASH


# ---- published figures


def _by_source(w: Words) -> tuple[list[Figure], list[Figure]]:
    """Published figures to which the model was fitted or from which a number was set, and the others."""
    figures = [f for part in targets() for f in part.figures]
    bound = [f for f in figures if f.fit or set_from(f, w)]
    return bound, [f for f in figures if f not in bound]


def set_from(f: Figure, w: Words) -> bool:
    """Whether the reason of an assumed number cites the figure's source: it was set with it in view."""
    return bool(f.evidence) and any(f.evidence in codes(e.reason[TITLE[w.language]]) for e in numbers())


def _counts(w: Words) -> dict[str, int]:
    dependent, independent = _by_source(w)
    return {
        "total": len(dependent) + len(independent),
        "dependent": len(dependent),
        "independent": len(independent),
    }


def _title(f: Figure, w: Words) -> str:
    title = getattr(f.title, w.language)
    return w.say("valid_figure", title=title, code=f.evidence) if f.evidence else title


# ---- predictions


def _judged(today: date = date.min) -> dict[str, int]:
    """How many frozen answers there are, how many can be judged, and how."""
    file = predictions_file()
    verdicts = [a.verdict(file.question(a.id), today) for a in frozen()]
    inside = verdicts.count("inside")
    outside = verdicts.count("below") + verdicts.count("above")
    return {"total": len(verdicts), "known": inside + outside, "inside": inside, "outside": outside}


def _predictions(w: Words) -> Node:
    """All frozen answers by question, the latest first."""
    file, all_ = predictions_file(), frozen()
    order = [q.id for q in file.questions]
    later = sorted(enumerate(all_), key=lambda x: (order.index(x[1].id), -x[0]))
    keys = ("question", "frozen", "answer", "world", "expected", "differs", "verdict")
    return table([w[f"valid_col_{k}"] for k in keys], (_row(a, file, w, all_) for _, a in later))


def _row(a: Frozen, file: PredictionsFile, w: Words, all_: Sequence[Frozen]) -> tuple[str, ...]:
    q = file.question(a.id)
    told = (getattr(text, w.language) if text else DASH for text in (q.title, q.source, q.differs))
    title, source, differs = told
    expected = w.say("valid_expected", source=source, day=q.by.isoformat())
    return title, a.frozen, answer(a, q, w), worlds(a, all_, w), expected, differs, verdict(a, q, w)


def worlds(a: Frozen, all_: Sequence[Frozen], w: Words) -> str:
    """Where the assumed numbers of an answer came from; of an earlier fit if one of a later fit is there."""
    newer = any(b.id == a.id and b.world == a.world and b.data != a.data for b in all_[all_.index(a) + 1 :])
    said = w[f"valid_world_{a.world}"]
    return w.say("valid_world_earlier", world=said) if newer else said


def answer(a: Frozen, q: Question, w: Words) -> str:
    """The frozen mean with the interval of one history, and the unit."""
    mean, low, high = (_shown(x, q) for x in a.numbers)
    return f"{mean}{unit(figure_of(q), w)} ({w.say('to', low=low, high=high)})"


def _shown(x: float, q: Question) -> str:
    """A number with as many decimals as its unit has."""
    return grouped(f"{x:.{ {'%': 1, 'drugs': 0, 'ratio': 2}.get(q.unit, 0) }f}")


def verdict(a: Frozen, q: Question, w: Words, today: date = date.min) -> str:
    """What was published beside the interval. The page does not look at the day on which it is made; the command does."""
    if q.published is None:
        return w[f"valid_{a.verdict(q, today)}"]
    low, high = figure_of(q).bounds
    value = f"{low:g}" if low == high else w.say("to", low=f"{low:g}", high=f"{high:g}")
    return w.say(f"valid_{a.verdict(q, today)}", value=grouped(value) if low == high else value)


def prediction_rows(answers: Iterable[Frozen], w: Words, today: date) -> list[list[str]]:
    """The table for a terminal: a head, then a row for each answer."""
    file, all_ = predictions_file(), list(answers)
    head = [w[f"valid_col_{k}"] for k in ("question", "frozen", "answer", "world", "verdict")]
    rows = [
        [getattr(q.title, w.language), a.frozen, answer(a, q, w), worlds(a, all_, w), verdict(a, q, w, today)]
        for a in all_
        for q in [file.question(a.id)]
    ]
    return [head, *rows]
