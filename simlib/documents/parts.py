"""What a handout is made of, whatever the format: titled chapters of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from simlib.words.nodes import Drawing, Folded, Heading, Node, Picture, Table, Text, bare


@dataclass(frozen=True)
class Chapter:
    """A titled row of nodes; an appendix stands behind the rest. key: what the chapter is, in every language."""

    key: str
    title: str
    parts: tuple[Node, ...]
    appendix: bool = False


@dataclass(frozen=True)
class Handout:
    """All chapters in one language. about: lines below the title (version, seed, dates, warnings)."""

    language: str
    name: str
    title: str
    about: tuple[Text, ...]
    chapters: tuple[Chapter, ...]
    words: dict[str, str] = field(default_factory=dict)  # of the formats themselves, such as "contents"

    def chapter(self, key: str) -> Chapter | None:
        """The chapter of a key, if it is there."""
        return next((c for c in self.chapters if c.key == key), None)


def parts_of(nodes: Iterable[Node]) -> Iterator[Node]:
    """A section of the comparison page as a handout shows it: unfolded, without its title, pictures and links.

    The page and the handouts so say the same, to the letter.
    """
    for node in map(bare, nodes):
        match node:
            case Heading(level=1 | 2) | Picture() | Drawing():
                continue
            case Heading():
                yield replace(node, level=3, key="")
            case Text(kind="meta"):
                yield replace(node, kind="quiet")
            case Table():
                yield replace(node, look="")
            case Folded():
                yield from parts_of(node.nodes)
            case _:
                yield node
