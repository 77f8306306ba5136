"""What a handout is made of, whatever the format: titled chapters of texts, lists, pictures and tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml.html import HtmlElement
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Heading:
    """A title inside a chapter."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph. kind: "" plain, "question" and "answer" set off, "quiet" small, "warn" a warning."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Items:
    """A list of points."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A figure, words for those who cannot see it, and what stands below."""

    figure: Figure
    words: str
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts. widths: shares of the page's width by column; () lets the format decide."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()


Part = Heading | Text | Items | Picture | Table


@dataclass(frozen=True)
class Chapter:
    """A titled run of parts; an appendix stands behind the rest. key: what the chapter is, in every language."""

    key: str
    title: str
    parts: tuple[Part, ...]
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


def parts_of(body: str) -> list[Part]:
    """A section of the comparison page as parts, without its pictures, links and chapter titles (h2).

    The page and the handouts so say the same, to the letter.
    """
    root = lxml.html.fromstring(f"<div>{body}</div>")
    return list(_parts(root))


def plain(body: str) -> str:
    """HTML as one line of text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _parts(element: HtmlElement) -> Iterator[Part]:
    for child in element:
        match child.tag:
            case "h2" | "figure" | "summary":
                continue
            case "h3" | "h4":
                yield Heading(_said(child))
            case "p":
                yield Text(_said(child), _kind(child))
            case "ul" | "ol":
                yield Items(tuple(_said(li) for li in child.iter("li")))
            case "table":
                yield table_of(child)
            case _:
                yield from _parts(child)


def _kind(p: HtmlElement) -> str:
    classes = p.get("class", "") + " " + (p.getparent().get("class") or "")
    return next(
        (k for k in ("question", "answer", "warn", "quiet") if k in classes), "quiet" if "meta" in classes else ""
    )


def table_of(table: HtmlElement) -> Table:
    """A table of the page."""
    head = tuple(_said(th) for th in table.iter("th"))
    rows = tuple(tuple(_said(td) for td in tr.iter("td")) for tr in table.iter("tr") if tr.find("td") is not None)
    caption = table.find("caption")
    return Table(head, rows, "" if caption is None else _said(caption))


def _said(element: HtmlElement) -> str:
    """The text of an element; a line break stays one."""
    for br in element.iter("br"):
        br.tail = "\n" + (br.tail or "")
    lines = element.text_content().split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
