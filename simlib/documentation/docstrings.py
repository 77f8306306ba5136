"""Docstrings in NumPy's style as Markdown: paragraphs, and sections such as Parameters, Returns and Examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from simlib.documentation.blocks import paragraph, points
from simlib.documentation.markdown import markdown

SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Notes", "Examples")
_HEAD = re.compile(rf"^({'|'.join(SECTIONS)})\n-+\n", re.MULTILINE)


def as_markdown(text: str) -> str:
    """A docstring, as `inspect.getdoc` gives it, each part followed by an empty line."""
    first, *parts = _HEAD.split(text.replace("``", "`"))
    sections = zip(parts[::2], parts[1::2], strict=True)
    return _paragraphs(first) + "".join(f"**{name}**\n\n{_section(name, body)}" for name, body in sections)


def _section(name: str, body: str) -> str:
    if name == "Examples":
        return f"```pycon\n{body.strip()}\n```\n\n"
    return _paragraphs(body) if name == "Notes" else markdown([points(_entries(name, body))])


def _paragraphs(text: str) -> str:
    return markdown(paragraph(" ".join(p.split())) for p in re.split(r"\n\s*\n", text.strip()))


def _entries(name: str, body: str) -> Iterator[tuple[str, str]]:
    """(what, words) of each entry of a section: a name or type at the margin, its words indented below it.

    Of a parameter the name alone is the head, and its type begins the words.
    """
    for entry in re.split(r"\n(?=\S)", body.strip()):
        head, _, words = entry.partition("\n")
        said = " ".join(inspect.cleandoc(words).split())
        what, colon, kind = head.partition(" : ")
        if colon and name in ("Parameters", "Attributes"):
            yield what, f"({kind}): {said}"
        else:
            yield f"{head}:", said
