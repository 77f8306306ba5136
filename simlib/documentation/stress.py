"""The checklist STRESS-DES (Monks et al. 2019, doi:10.1080/17477778.2018.1442155): its rows, filled from code, data and manifest."""

from __future__ import annotations

from itertools import groupby

from simlib.documentation import rows_data, rows_logic, rows_objectives, rows_running
from simlib.documentation.blocks import Block, markdown, page
from simlib.documentation.facts import Facts
from simlib.documentation.words import Words

ROWS = rows_objectives.ROWS | rows_logic.ROWS | rows_data.ROWS | rows_running.ROWS


def answers(f: Facts, w: Words) -> dict[str, list[Block]]:
    """What is said in every row, by its number, in the checklist's order."""
    return {number: fill(f, w) for number, fill in ROWS.items()}


def stress_markdown(f: Facts, w: Words) -> str:
    """The whole checklist as a Markdown page."""
    parts = [f"# {w['stress_title']}\n\n{w['made_from']}\n\n{w.say('stress_intro', count=len(ROWS))}\n\n"]
    for section, rows in groupby(answers(f, w).items(), key=lambda row: row[0][0]):
        parts.append(f"## {section} {w[f'section_{section}']}\n\n")
        for number, blocks in rows:
            parts.append(f"### {number} {w[f'row_{number}']}\n\n*{w[f'ask_{number}']}*\n\n{markdown(blocks)}")
    return "".join(parts).rstrip() + "\n"


def stress_html(f: Facts, w: Words, pictures: dict[str, str]) -> str:
    """The whole checklist as a part of a page. pictures: HTML of each drawing, by file name."""
    parts = []
    for section, rows in groupby(answers(f, w).items(), key=lambda row: row[0][0]):
        parts.append(f"<h3>{section} {w[f'section_{section}']}</h3>")
        for number, blocks in rows:
            head = f"<h4>{number} {w[f'row_{number}']}</h4><p class=quiet>{w[f'ask_{number}']}</p>"
            parts.append(head + page(blocks, pictures))
    return "".join(parts)
