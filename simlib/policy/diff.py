"""What differs between two policies, lever by lever, and by which clauses."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simlib.policy.explain import values
from simlib.policy.levers import LEVERS
from simlib.policy.merge import met, replaced_words
from simlib.policy.phrases import say
from simlib.policy.replacement import replaced
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.vocabulary.words import STRENGTH, named, pick, value_words

COLUMNS = [
    "lever", "title_en", "title_zh", "a", "b", "a_en", "b_en", "a_zh", "b_zh", "only_a", "only_b", "replaced_a", "replaced_b",
]  # fmt: skip
SIDES = ("", "en", "zh")  # codes, and both languages


def diff(a: Policy, b: Policy) -> pd.DataFrame:
    """Levers whose rules in force differ between two policies.

    Parameters
    ----------
    a, b : Policy
        What is compared, such as two answers of `simlib.load_rulebook`.

    Returns
    -------
    DataFrame
        One row for each lever that differs (columns COLUMNS), in the order of the flow, after documents of both that differ in
        days. a and b hold the rules in force in only one policy, as a file has them: value, strength, scope and clause; then,
        of what the other policy has in force too, what is replaced here: by which rule, from when to when. a_en, b_en, a_zh
        and b_zh say the same in words; only_a and only_b are the clauses of the former, replaced_a and replaced_b of the latter.

    Notes
    -----
    Two rules are the same if their value, scope, strength, clause and days are, and if the same replaces them: a rule that a
    later document replaces in b stands in a as it was, and in b with what became of it.
    """
    rows = _days(a, b)
    for name, lever in LEVERS.items():
        here, there = _in_force(a, name), _in_force(b, name)
        sides = _side(here, there), _side(there, here)
        if any(own or gone for own, gone in sides):
            texts = [[x.said(n) for part in side for x in part] for n in SIDES for side in sides]
            clauses = [[x.rule.clause for x in part] for k in (0, 1) for part in (sides[0][k], sides[1][k])]
            rows.append((name, lever.title.en, lever.title.zh, *texts, *clauses))
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True)
class _Held:
    """A rule of a stack, what replaces it there (entries of `met`), and whether it replaces another."""

    layer: Layer
    rule: Rule
    by: tuple[dict, ...]
    replaces: bool

    @property
    def key(self) -> tuple:
        """What makes it the same as one of another stack."""
        return _key(self.rule), tuple((m["clause"], m["value"], m["from"], m["to"], m["whole"]) for m in self.by)

    def said(self, language: str) -> str:
        """The rule in a few words, and what became of it."""
        text = said(self.rule, language, self.layer if self.by or self.replaces else None)
        gone = [replaced_words(m, language or "en") for m in self.by]
        return text + "".join(f"{say('differ_gone', language or 'en')}{g}" for g in gone)


def _in_force(policy: Policy, lever: str) -> list[_Held]:
    """Every rule of a lever with what replaces it."""
    out = []
    for layer, rule in ((x, r) for x in policy.layers for r in x.rules if r.lever == lever):
        by = tuple(m for m in met(policy, layer, rule)[1] if m["how"] == "replaced_by")
        out.append(_Held(layer, rule, by, bool(replaced(policy, layer, rule))))
    return out


def _side(own: list[_Held], other: list[_Held]) -> tuple[list[_Held], list[_Held]]:
    """(rules in force that the other side has not so, rules that are replaced here and that the other side has otherwise)."""
    theirs = {x.key for x in other}
    new = [x for x in own if x.key not in theirs]
    return [x for x in new if not x.by], [x for x in new if x.by]


def _days(a: Policy, b: Policy) -> list[tuple]:
    """Documents that both policies have, in force on other days."""
    rows, lever = [], LEVERS["validity.period"]
    theirs = {layer.name: layer for layer in b.layers}
    for layer in a.layers:
        other = theirs.get(layer.name)
        if other and (layer.start, layer.end) != (other.start, other.end):
            one, two = ([f"{x.start} / {x.end or 'open'} ({x.clause})"] for x in (layer, other))
            clauses = [layer.clause], [other.clause], [], []
            rows.append((lever.name, lever.title.en, lever.title.zh, *(one, two) * 3, *clauses))
    return rows


def _key(rule: Rule) -> tuple:
    return (
        rule.value,
        rule.drugs,
        rule.hospitals,
        rule.strength,
        rule.clause,
        rule.start,
        rule.end,
        rule.delay,
        rule.relief,
        rule.only,
    )


def said(rule: Rule, language: str = "en", layer: Layer | None = None) -> str:
    """One rule in a few words: value, strength, scope (its code), clause; "" for the language leaves all codes.

    layer: its document, if the document's days are to be told where the rule has none of its own.
    """
    start, end = rule.start or (layer and layer.start), rule.end or (layer and layer.end)
    more = [f"{start or ''} / {end or ''}".rstrip()] if start or end else []
    told = language or "en"
    more += [say("differ_or", told, lever=rule.relief)] if rule.relief else []
    more += [say("differ_only", told, places=", ".join(rule.only))] if rule.only else []
    more += [say("differ_delay", told, days=f"{rule.delay:g}")] if rule.delay else []
    if language:
        value, strength = value_words(rule, language=language), pick(STRENGTH[rule.strength], language)
    else:
        value, strength = values(rule)["value"], rule.strength
    clause = named(rule.clause, language) if language else rule.clause
    return " · ".join([value, strength, rule.scope, *more]) + f" ({clause})"


def diff_text(a: Policy, b: Policy, language: str = "en") -> str:
    """The difference for reading: what only A has in force (-), what only B has (+), what became of a rule (~)."""
    zh = language == "zh"
    lines = [f"- {a.title.zh if zh else a.title.en}", f"+ {b.title.zh if zh else b.title.en}"]
    table = diff(a, b)
    for row in table.to_dict("records"):
        lines.append(f"\n{row['lever']}  {row['title_zh'] if zh else row['title_en']}")
        for sign, side in (("-", "a"), ("+", "b")):
            texts = row[f"{side}_{'zh' if zh else 'en'}"]
            own = len(texts) - len(row[f"replaced_{side}"])
            lines += [f"  {sign if k < own else '~'} {text}" for k, text in enumerate(texts)]
    if not len(table):
        lines.append(say("differ_not", language))
    return "\n".join(lines)
