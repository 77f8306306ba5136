"""The reference of the engine's state, made from the declarations of its arrays, records and enums."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum

import numpy as np

from simlib.core.records import Field, Record
from simlib.model import model
from simlib.model.pair_records import Note
from simlib.model.state import SIZES, Shape, shapes

INTRO = """# The state of a replication

This page is made by `simlib docs` from the declarations in `simlib/model`; do not edit it by hand.

All functions of the stages take one state `S`, a set of flat arrays. Some hold plain numbers; the others hold records, whose
fields stand in tables of their own below: `S.hospital[h].backlog`, `S.cases[S.slot[h, d]].stock`. Times are days from
the start of the scenario on a grid of 2⁻²⁰ day, `inf` for never. A "place" is the number of a row, counted from 0.
What the stages do with all this is told in [semantics](semantics.md) and [semantics of use](semantics-use.md).
"""
_HEAD = ("field", "type", "unit", "meaning")


def state_markdown() -> str:
    """The whole page."""
    found = shapes()
    used = {record for record, _ in found.values() if record} | {Note}
    parts = [INTRO, "\n## Arrays\n\n", "Dimensions:\n\n", _table(("letter", "size"), SIZES.items()), "\n"]
    parts.append(_table(("array", "shape", "type", "unit", "meaning"), (_array(n, *v) for n, v in found.items())))
    parts.append("\n## Records\n")
    for record in sorted(used, key=lambda r: r.__name__):
        parts += [f"\n### {record.__name__}\n\n{inspect.getdoc(record)}\n\n", _table(_HEAD, map(_field, record.fields))]
    parts.append("\n## Enums\n")
    for enum in _enums():
        members = ((str(int(m)), f"`{m.name}`") for m in enum)
        parts += [f"\n### {enum.__name__}\n\n{inspect.getdoc(enum)}\n\n", _table(("number", "name"), members)]
    return "".join(parts)


def _enums() -> list[type[IntEnum]]:
    """The enums of the model, in the order of the alphabet."""
    modules = [module for name, module in sys.modules.items() if name.startswith(model.__package__)]
    here = (v for module in modules for v in vars(module).values())
    return sorted({v for v in here if isinstance(v, type) and issubclass(v, IntEnum) and v is not IntEnum}, key=str)


def _array(name: str, record: type[Record] | None, shape: Shape) -> tuple[str, ...]:
    kind = f"[{record.__name__}](#{record.__name__.lower()})" if record else f"`{_kind(shape.kind)}`"
    return f"`{name}`", f"({shape.axes})" if shape.axes else "", kind, shape.unit, shape.meaning


def _kind(code: str) -> str:
    """A NumPy type code in full; the name of any other type as it is."""
    return code if code[0].isupper() or code == "tuple" else np.dtype(code).name


def _field(field: Field) -> tuple[str, ...]:
    kind = f"`{_kind(field.kind)}`" + (f" × {len(field.each)}" if field.each else "")
    names = f": {', '.join(field.each)}" if field.each else ""
    return f"`{field.name}`", kind, field.unit, field.meaning + names


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)
