"""What a check says: shown as a coloured line in a notebook and as plain text elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from simlib.teach.words import SAID

SIGNS = {"right": "✓", "wrong": "✗", "open": "…"}
COLOURS = {"right": "#009E73", "wrong": "#D55E00", "open": "#6b6b6b"}  # as in simlib.see.colours


@dataclass(frozen=True)
class Verdict:
    """What is said about one answer. known: whether the mistake was recognised. given: the answer as it was understood."""

    key: str
    status: Literal["right", "wrong", "open"]
    said: str
    language: str
    known: bool = False
    given: str = ""

    @property
    def head(self) -> str:
        """Sign, number of the exercise, and right or not."""
        word = {"right": SAID["right"], "wrong": SAID["not_yet"]}.get(self.status)
        yours = SAID["yours"].of(self.language, x=self.given) if self.given else ""
        return f"{SIGNS[self.status]} {self.key}" + (f" {word.of(self.language)}" if word else "") + yours

    def __repr__(self) -> str:
        return f"{self.head}{SAID['colon'].of(self.language)}{self.said}"

    def _repr_html_(self) -> str:
        colour = COLOURS[self.status]
        return (
            f'<div style="border-left:5px solid {colour};padding:4px 10px;margin:4px 0">'
            f'<b style="color:{colour}">{escape(self.head)}</b><br>{escape(self.said)}</div>'
        )
