"""What differs between two policies, lever by lever, and by which clauses."""

from __future__ import annotations

import pandas as pd

from simlib.policy.explain import values
from simlib.policy.levers import LEVERS
from simlib.policy.phrases import say
from simlib.policy.rules import Policy, Rule
from simlib.policy.vocabulary.words import STRENGTH, named, pick, value_words

COLUMNS = [
    "lever", "title_en", "title_zh", "a", "b", "a_en", "b_en", "a_zh", "b_zh", "only_a", "only_b",
]  # fmt: skip


def diff(a: Policy, b: Policy) -> pd.DataFrame:
    """Levers whose rules differ between two policies.

    Parameters
    ----------
    a, b : Policy
        What is compared, such as two answers of `simlib.load_rulebook`.

    Returns
    -------
    DataFrame
        One row for each lever that differs (columns COLUMNS), in the order of the flow, after documents of both that differ in
        days. a and b hold the rules that only one policy has, as a file has them: value, strength, scope and clause. a_en,
        b_en, a_zh and b_zh say the same in words; only_a and only_b are their clauses.

    Notes
    -----
    Two rules are the same if their value, scope, strength, clause and days are.
    """
    rows = _days(a, b)
    for name, lever in LEVERS.items():
        here, there = ({_key(r): r for r in p.of(name)} for p in (a, b))
        if here.keys() != there.keys():
            only = [r for k, r in here.items() if k not in there], [r for k, r in there.items() if k not in here]
            said_ = [[said(r, language) for r in rules] for language in ("", "en", "zh") for rules in only]
            rows.append((name, lever.title.en, lever.title.zh, *said_, *([r.clause for r in rules] for rules in only)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _days(a: Policy, b: Policy) -> list[tuple]:
    """Documents that both policies have, in force on other days."""
    rows, lever = [], LEVERS["validity.period"]
    theirs = {layer.name: layer for layer in b.layers}
    for layer in a.layers:
        other = theirs.get(layer.name)
        if other and (layer.start, layer.end) != (other.start, other.end):
            one, two = ([f"{x.start} / {x.end or 'open'} ({x.clause})"] for x in (layer, other))
            rows.append((lever.name, lever.title.en, lever.title.zh, *(one, two) * 3, [layer.clause], [other.clause]))
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


def said(rule: Rule, language: str = "en") -> str:
    """One rule in a few words: value, strength, scope (its code), clause; "" for the language leaves all codes."""
    more = [f"{rule.start or ''} / {rule.end or ''}"] if rule.start or rule.end else []
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
    """The difference for reading: what only A has (-), what only B has (+)."""
    zh = language == "zh"
    lines = [f"- {a.title.zh if zh else a.title.en}", f"+ {b.title.zh if zh else b.title.en}"]
    table = diff(a, b)
    for row in table.to_dict("records"):
        lines.append(f"\n{row['lever']}  {row['title_zh'] if zh else row['title_en']}")
        for sign, side in (("-", "a"), ("+", "b")):
            lines += [f"  {sign} {text}" for text in row[f"{side}_{'zh' if zh else 'en'}"]]
    if not len(table):
        lines.append(say("differ_not", language))
    return "\n".join(lines)
