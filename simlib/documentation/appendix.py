"""The appendix of the comparison page: the reporting checklist, filled from code, data and the run's own manifest."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from simlib.documentation.facts import Facts
from simlib.documentation.flow_drawing import flow_figure
from simlib.documentation.stress import ROWS, stress_nodes
from simlib.documentation.words import words
from simlib.experiments.study import Study
from simlib.words import Words
from simlib.words.nodes import Drawing, Folded, Heading, Node, Picture, Table, Text, bare


def stress(study: Study, w: Words, figures: Mapping[str, Figure]) -> list[Node]:
    """All rows of the checklist, folded, without links: what they lead to is not beside the page."""
    said = words(w.language)
    flow = flow_figure(said)
    found = stress_nodes(Facts((study.experiment,), study.manifest), said, level=3)
    rows = tuple(_on_the_page(node, flow) for node in found)
    return [
        Heading(said["stress_appendix"], 2, f"stress-{w.language}"),
        Text(said.say("stress_appendix_intro", count=len(ROWS))),
        Folded(said.say("stress_all", count=len(ROWS)), rows),
    ]


def _on_the_page(node: Node, flow: Figure) -> Node:
    """The drawing itself in place of its file, and tables, in which alone links stand, without them."""
    match node:
        case Drawing():
            return Picture(flow, node.words)
        case Table():
            return bare(node)
    return node
