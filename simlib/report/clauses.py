"""Which clause did it: the finished ledger of each place's gain, as a table."""

from __future__ import annotations

from simlib.experiments.attribution.parts import game
from simlib.experiments.seals import Seal
from simlib.experiments.study import MAIN, Study
from simlib.report.answer import Best, best_by_region
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, policy_name
from simlib.words.nodes import Code, Node, Text, table
from simlib.words.parts import part_words
from simlib.words.values import with_interval

SHOWN = 8  # clauses that have a row
NAN = float("nan")


def clauses_nodes(study: Study, w: Words) -> list[Node]:
    """A table for each place that has a ledger, and for the others the command that makes one."""
    nodes: list[Node] = [Text(w["clauses_text"])]
    missing = []
    for best in best_by_region(study):
        if best.name in study.ledgers:
            nodes += _place(study, best, study.ledgers[best.name], w)
        elif best.policy != study.baseline and study.cell(best.region, study.baseline):
            missing.append(f"simlib attribute {best.name} {study.experiment.cell(best.name).baseline}")
    if missing:
        nodes.append(Text(w.say("clauses_missing", experiment=study.experiment.file.name)))
        nodes += [Text(Code(command)) for command in missing]
    return nodes


def _place(study: Study, best: Best, ledger: Seal, w: Words) -> list[Node]:
    """One place: what its clauses come to, and the largest of them."""
    sides = [study.results[n].scenario for n in (best.name, study.experiment.cell(best.name).baseline)]
    parts = {p.name: p for p in game(*sides).parts}
    lines = {name: d for name, d in ledger.digits.items() if name in parts}
    order = sorted(lines, key=lambda name: -abs(lines[name]["value"] or 0.0))
    rows = [
        (
            Code(name), part_words(parts[name], w),
            with_interval(MAIN, tuple(_number(lines[name][k]) for k in ("value", "low", "high")), w, True),
            *(with_interval(MAIN, (_number(lines[name][k]), NAN, NAN), w, True) for k in ("alone", "last")),
        )
        for name in order[:SHOWN]
    ]  # fmt: skip
    if rest := order[SHOWN:]:
        total = sum(_number(lines[name]["value"]) for name in rest)
        rows.append(("", w.say("clauses_others", n=len(rest)), with_interval(MAIN, (total, NAN, NAN), w, True), "", ""))
    whole = tuple(_number(ledger.digits["difference"][k]) for k in ("value", "low", "high"))
    rows.append(("", w["clauses_sum"], with_interval(MAIN, whole, w, True), "", ""))
    names = {
        "policy": policy_name(best.policy, w, study.rulebooks.get(best.policy)),
        "baseline": baseline_name(study, w),
    }
    caption = w.say("clauses_caption", place=place_of(study, best.region, w), n=len(lines), seal=ledger.key, **names)
    head = tuple(w[f"clauses_{k}"] for k in ("clause", "says", "worth", "alone", "last"))
    return [table(head, rows, caption, "small wrap")]


def _number(x: float | None) -> float:
    return NAN if x is None else x
