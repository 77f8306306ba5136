"""What a part of an attribution is called, and what it says in a few words."""

from __future__ import annotations

from simlib.experiments.attribution.parts import Game, Part
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.words import value_words
from simlib.words import Words

FEW = 2  # rules of a part that a short form tells


def part_words(part: Part, w: Words, most: int = FEW) -> str:
    """The rules of a part, each as the lever and its value, such as "supply within: 2 months"; of many the first few."""
    said = list(dict.fromkeys(_rule(r, w) for r in part.rules))
    more = len(said) - most
    text = w["semicolon"].join(said[:most])
    return text if more <= 0 else f"{text} (+{more})"


def _rule(rule: Rule, w: Words) -> str:
    title = getattr(rule.definition.title, w.language)
    if rule.definition.kind == "flag":
        return title
    return f"{title}{'：' if w.language == 'zh' else ': '}{value_words(rule, language=w.language)}"


def document_title(game: Game, document: str, w: Words) -> str:
    """The title of a document, as its file has it."""
    policies = (game.scenario.policy, game.baseline.policy)
    for layer in (x for p in policies for x in p.layers):
        if any(r.document == document for r in layer.rules):
            return getattr(layer.title, w.language)
    return document
