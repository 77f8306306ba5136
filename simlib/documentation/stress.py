"""The checklist STRESS-DES (Monks et al. 2019, doi:10.1080/17477778.2018.1442155): its rows, filled from code, data and manifest."""

from __future__ import annotations

from itertools import groupby

from simlib.documentation import rows_data, rows_logic, rows_objectives, rows_running
from simlib.documentation.blocks import paragraph
from simlib.documentation.facts import Facts
from simlib.documentation.markdown import page
from simlib.documentation.words import Words
from simlib.words.nodes import Heading, Node, Text

ROWS = rows_objectives.ROWS | rows_logic.ROWS | rows_data.ROWS | rows_running.ROWS


def answers(f: Facts, w: Words) -> dict[str, list[Node]]:
    """What is said in every row, by its number, in the checklist's order."""
    return {number: fill(f, w) for number, fill in ROWS.items()}


def stress_markdown(f: Facts, w: Words) -> str:
    """The whole checklist as a Markdown page."""
    intro = [paragraph(w["made_from"]), paragraph(w.say("stress_intro", count=len(ROWS)))]
    return page([Heading(w["stress_title"], 1), *intro, *stress_nodes(f, w)])


def stress_nodes(f: Facts, w: Words, level: int = 2) -> list[Node]:
    """The whole checklist: each row with what it asks for and what is said. level: of the sections' titles."""
    nodes: list[Node] = []
    for section, rows in groupby(answers(f, w).items(), key=lambda row: row[0][0]):
        nodes.append(Heading(f"{section} {w[f'section_{section}']}", level))
        for number, said in rows:
            nodes += [Heading(f"{number} {w[f'row_{number}']}", level + 1), Text(w[f"ask_{number}"], "quiet"), *said]
    return nodes
