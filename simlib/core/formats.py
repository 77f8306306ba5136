"""Formats of input files: which one this version reads, and how a file of an older one is brought up to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = 1
Data = dict[str, Any]

# kind of file: {old format: its data in the next format}. Empty, for there has been no other format than 1 so far.
MIGRATIONS: dict[str, dict[int, Callable[[Data], Data]]] = {}


def kind_of(model: type) -> str:
    """The kind of file that a model describes: "policy" for `PolicyFile`, "region" for `Region`."""
    return model.__name__.removesuffix("File").lower()


def up_to_date(kind: str, data: Data) -> Data:
    """The data in the present format; ValueError with the reason if it is newer, or too old to be brought up."""
    number = data.get("format")
    if number is None:
        raise ValueError(f"format: missing; write `format: {FORMAT}` after checking the keys against docs/")
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"format: {number!r} is no whole number; this version reads format {FORMAT}")
    if number > FORMAT:
        raise ValueError(f"format {number}: this version reads format {FORMAT}; a newer simlib wrote it")
    while number < FORMAT:
        step = MIGRATIONS.get(kind, {}).get(number)
        if step is None:
            raise ValueError(
                f"format {number}: no longer read; write `format: {FORMAT}` after checking the keys against docs/"
            )
        number += 1
        data = step(data) | {"format": number}
    return data
