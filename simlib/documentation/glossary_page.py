"""The glossary as a Markdown page: the same words that pages and reports use."""

from __future__ import annotations

from simlib.documentation.blocks import markdown, table
from simlib.documentation.words import Words
from simlib.words.glossary import GLOSSARY, Term
from simlib.words.nouns import NOUNS

_SAID = {
    "en": ("Glossary", "Nouns of files, commands and reports", "Words of the flow", "word", "Chinese", "meaning"),
    "zh": ("词汇表", "文件、命令和报告中的名词", "流程用语", "词语", "英文", "含义"),
}


def glossary_markdown(w: Words) -> str:
    """The whole page: each word with its other language and what it means."""
    title, nouns, flow, *head = _SAID[w.language]
    parts = [f"# {title}\n\n{w['made_from']}\n\n"]
    for name, terms in ((nouns, NOUNS), (flow, GLOSSARY)):
        parts.append(f"## {name}\n\n" + markdown([table(head, (_row(t, w) for t in terms))]))
    return "".join(parts).rstrip() + "\n"


def _row(t: Term, w: Words) -> tuple[str, str, str]:
    other = t.zh if w.language == "en" else t.en
    return t.term(w), other, t.meaning(w)
