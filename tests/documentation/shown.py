"""What README and the guides show: fenced blocks, command lines, headings, links."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from simlib.core.files import home

BY_HAND = (
    "README", "docs/guide-researcher", "docs/guide-office", "docs/guide-teacher", "docs/model", "docs/add-a-region",
)  # fmt: skip
GENERATED = ("docs/glossary", "docs/limits", "docs/regimes")
_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fenced:
    """One fenced block. kind: "" for commands, else the word after the fence."""

    kind: str
    text: str

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


def path(stem: str, language: str) -> Path:
    """The file of a page in a language."""
    return home() / (f"{stem}.md" if language == "en" else f"{stem}.{language}.md")


def text(stem: str, language: str = "en") -> str:
    return path(stem, language).read_text(encoding="utf-8")


def fenced(page: str) -> list[Fenced]:
    """The fenced blocks of a page's text, without the spaces that a list puts before them."""
    return [
        Fenced(m["kind"], "".join(x.removeprefix(m["indent"]) for x in m["text"].splitlines(True)))
        for m in _FENCE.finditer(page)
    ]


def prose(page: str) -> str:
    """A page's text without its fenced blocks."""
    return _FENCE.sub("", page)


def bare(line: str) -> str:
    """A command line without its comment, its folder, and the language that it asks for."""
    line = re.sub(r"\s+#\s.*$|\s*[(（]Windows.*$", "", line).removeprefix(".venv/bin/") if line.startswith((".venv/bin/simlib", "simlib")) else line  # fmt: skip
    return re.sub(r" --language (en|zh)\b", "", line).strip()


def commands(page: str) -> list[str]:
    """The lines of a page's blocks of commands that call simlib, bare."""
    lines = [line for b in fenced(page) if not b.kind for line in b.lines]
    return [bare(line) for line in lines if line.startswith(("simlib ", ".venv/bin/simlib "))]


def words(line: str) -> list[str]:
    """The words of a command after `simlib`."""
    return shlex.split(line)[1:]


def inline(page: str) -> list[str]:
    """The commands of simlib that a page's sentences name."""
    return [" ".join(c.split()) for c in re.findall(r"`(simlib [^`]+)`", prose(page))]


def headings(page: str) -> list[int]:
    """The levels of a page's headings, in order."""
    return [len(m) for m in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]
