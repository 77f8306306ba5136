"""The glossary as a Markdown page: the same words that pages and reports use."""

from __future__ import annotations

from simlib.documentation.blocks import markdown, table
from simlib.documentation.words import Words
from simlib.words.glossary import Term, terms


def glossary_markdown(w: Words) -> str:
    """The whole page: each word with its other language and what it means."""
    head = [w["glossary_word"], w["glossary_other"], w["glossary_meaning"]]
    parts = [f"# {w['glossary_title']}\n\n{w['made_from']}\n\n"]
    for name, room in ((w["glossary_nouns"], "nouns"), (w["glossary_flow"], "glossary")):
        parts.append(f"## {name}\n\n" + markdown([table(head, (_row(t, w) for t in terms(room)))]))
    return "".join(parts).rstrip() + "\n"


def _row(t: Term, w: Words) -> tuple[str, str, str]:
    other = t.zh if w.language == "en" else t.en
    return t.term(w), other, t.meaning(w)
