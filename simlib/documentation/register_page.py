"""The register of assumptions as a Markdown page; what it cites leads to the row of `scenarios/evidence.csv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from simlib.documentation.blocks import marked, paragraph, table
from simlib.documentation.facts import evidence_lines, figure_of, titled
from simlib.documentation.markdown import page
from simlib.documentation.register import Entry, numbers, register, rules
from simlib.documentation.rows_logic import TITLE
from simlib.documentation.words import Words
from simlib.policy.flow import STAGES
from simlib.words.nodes import Anchor, Heading, Link, Node, Run, Said, Table
from simlib.words.values import DASH

_CITED = re.compile(r"(E: )([A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*)")
_CODE = re.compile(r"[A-Z]+[0-9]+")


def register_markdown(w: Words) -> str:
    """The whole page."""
    nodes: list[Node] = [
        Heading(w["register_title"], 1),
        paragraph(w["made_from"]),
        paragraph(w.say("register_intro", count=len(register()))),
        Heading(w["register_numbers"], 2),
    ]
    for group, entries in groupby(numbers(), key=lambda e: e.where):
        nodes += [Heading(marked(_group(group, w))), _numbers(list(entries), w)]
    nodes.append(Heading(w["register_rules"], 2))
    titles = {d["name"]: d["title"][w.language] for d in titled("policies")}
    for policy, entries in groupby(rules(), key=lambda e: e.where):
        nodes += [Heading(titles[policy]), _rules(list(entries), w)]
    return page(nodes)


def _group(group: str, w: Words) -> str:
    """A group's key, and the stage of that name."""
    stage = STAGES.get(group)
    return f"`{group}`" + (f"{w['colon']}{getattr(stage, w.language)}" if stage else "")


def _numbers(entries: Sequence[Entry], w: Words) -> Table:
    i = TITLE[w.language]
    keys = ("id", "dotted", "what", "value", "measure", "span", "kind", "reason")
    rows: list[tuple[Said, ...]] = []
    for e in entries:
        unit = e.unit[i] or DASH
        rows.append((
            Anchor(e.id), f"`{e.path}`", e.name[i], e.value[i], unit, span(e, w), w[f"kind_{e.kind}"], cited(e.reason[i], w),
        ))  # fmt: skip
    return table([w[f"col_{k}"] for k in keys], rows)


def _rules(entries: Sequence[Entry], w: Words) -> Table:
    i = TITLE[w.language]
    keys = ("id", "dotted", "what", "value", "span", "kind", "reason")
    rows = [
        (Anchor(e.id), f"`{e.path}`", e.name[i], e.value[i], span(e, w), w[f"kind_{e.kind}"], cited(e.reason[i], w))
        for e in entries
    ]
    return table([w[f"col_{k}"] for k in keys], rows)


def span(e: Entry, w: Words) -> str:
    """The range of a number, or the words to choose from."""
    if not e.span or set(e.span) == {DASH}:
        return DASH
    if not all(re.match(r"-?[0-9]", x) for x in e.span):
        return w["or"].join(dict.fromkeys(e.span))
    return w.say("to", low=e.span[0], high=e.span[-1])


def cited(reason: str, w: Words) -> Said:
    """A reason with its codes leading to their rows; a code that has no row is an error (KeyError)."""
    parts: list[Run] = []
    at = 0
    for found in _CITED.finditer(reason):
        parts.append(reason[at : found.start()] + found[1])
        inner = 0
        for code in _CODE.finditer(found[2]):
            parts += [found[2][inner : code.start()], evidence_link(code[0], w)]
            inner = code.end()
        at = found.end()
    return (*parts, reason[at:]) if parts else reason or DASH


def evidence_link(code: str, w: Words) -> Link:
    """A link to a row of the published figures, with the figure as its hint."""
    line, row = evidence_lines()[code]
    what, figure, _, _, source, label = figure_of(row, w)
    hint = w.say("evidence_hint", what=what, figure=figure, source=source, label=label)
    return Link(code, f"../scenarios/evidence.csv#L{line}", hint)


def codes(reason: str) -> list[str]:
    """The codes of published figures that a reason cites."""
    return [c for found in _CITED.finditer(reason) for c in _CODE.findall(found[2])]
