"""The glossary as a Markdown page: the same words that pages and reports use."""

from __future__ import annotations

from simlib.documentation.blocks import paragraph, table
from simlib.documentation.markdown import page
from simlib.documentation.words import Words
from simlib.words.glossary import Term, terms
from simlib.words.nodes import Heading, Node


def glossary_markdown(w: Words) -> str:
    """The whole page: each word with its other language and what it means."""
    head = [w["glossary_word"], w["glossary_other"], w["glossary_meaning"]]
    nodes: list[Node] = [Heading(w["glossary_title"], 1), paragraph(w["made_from"])]
    for name, room in ((w["glossary_nouns"], "nouns"), (w["glossary_flow"], "glossary")):
        nodes += [Heading(name, 2), table(head, (_row(t, w) for t in terms(room)))]
    return page(nodes)


def _row(t: Term, w: Words) -> tuple[str, str, str]:
    other = t.zh if w.language == "en" else t.en
    return t.term(w), other, t.meaning(w)
