"""What a policy says, rule by rule: value, whom it reaches, since when, by which clause, and what it overrode."""

from __future__ import annotations

import pandas as pd

from simlib.core.files import InputError, one_of
from simlib.core.phrases import LANGUAGES
from simlib.policy.acting import Acting, acting
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS, Bilingual
from simlib.policy.load import BASE
from simlib.policy.merge import MET, better, in_effect, met, replaced_words, values
from simlib.policy.phrases import PHRASES, both, say
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.policy.vocabulary import words as w

COLUMNS = [
    "lever", "title_en", "title_zh", "stage", "value", "value_en", "value_zh", "unit", "scope", "drugs", "hospitals", "strength",
    "binds", "clause", "document", "kind", "range", "reason", "reason_zh", "from", "to", "dates_kind", "only", "or", "file", "line", "overrides",
    "yields_to", "changed", "acts", "acts_zh", "in_effect", "in_effect_zh",
]  # fmt: skip


def explain(policy: Policy, lever: str | None = None) -> pd.DataFrame:
    """Every rule of a policy's stack, and how it meets the others.

    Parameters
    ----------
    policy : Policy
        Such as an answer of `simlib.load_rulebook`.
    lever : str, optional
        One lever, or all whose names begin so ("committee", "committee.duty"); all levers if left out.

    Returns
    -------
    DataFrame
        One row for each rule (columns COLUMNS), lever by lever in the order of the flow, the lowest layer first. value is
        as the file has it, value_en and value_zh are for reading. overrides: rules of lower layers whose value gives way to
        this one where both reach (or that it adds to, repeats or replaces). yields_to: rules of other layers to whose better
        value this one gives way, or that replace it. Each of these is a dict of how (of MET), clause, value, value_en and
        value_zh (replaced_by: also by, from, to and where). acts: "yes", or why not. in_effect: what holds where the lever's
        rules meet, if they differ in value and strength (the same in each row of a lever).

    Raises
    ------
    InputError
        If there is no such lever.
    """
    rules = [(layer, r) for layer in policy.layers for r in layer.rules if lever is None or _named(r.lever, lever)]
    if lever is not None and not rules:
        if not any(_named(name, lever) for name in LEVERS):
            raise InputError(one_of(lever, LEVERS, "lever"))
        return pd.DataFrame(columns=COLUMNS)
    order = list(LEVERS)
    rules.sort(key=lambda pair: order.index(pair[1].lever))  # stable: layers stay in their order
    return pd.DataFrame([_row(policy, layer, rule) for layer, rule in rules], columns=COLUMNS)


def _named(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(wanted + ".")


def _row(policy: Policy, layer: Layer, rule: Rule) -> tuple:
    lever = rule.definition
    start, end = rule.start or layer.start, rule.end or layer.end
    dates_kind = "stated" if rule.start and rule.end else layer.dates_kind
    over, to = met(policy, layer, rule)
    act = acts(policy, layer, rule)
    return (
        rule.lever, lever.title.en, lever.title.zh, lever.stage, *values(rule).values(), lever.unit, rule.scope,
        " + ".join(DRUG_SCOPES[d].says.en for d in rule.drugs), say("scope_and", "en").join(HOSPITAL_SCOPES[h].says.en for h in rule.hospitals.split("&")),
        rule.strength, lever.binds, rule.clause, rule.document, rule.kind, tuple(rule.range), rule.reason, rule.reason_zh,
        start, end, dates_kind, rule.only, rule.relief, rule.source.file, rule.source.line, over, to, rule.changed, act.en, act.zh, *in_effect(policy, rule.lever),
    )  # fmt: skip


def acts(policy: Policy, layer: Layer, rule: Rule) -> Bilingual:
    """Yes, or why a rule, or some words of its set, change nothing in any scenario with this stack."""
    return acts_words(rule, acting(policy, layer, rule))


def acts_words(rule: Rule, found: Acting) -> Bilingual:
    """What was found of a rule: yes, yes with a remark or but for some words, or why not."""
    if found.reason:
        return found.reason
    if not found.words:
        return both("acts_but_only", remark=found.remark) if found.remark else PHRASES["acts"]
    named = (
        w.joined((w.bracketed(w.word(word, rule.definition, n), w.pick(why, n), n) for word, why in found.words), n)
        for n in LANGUAGES
    )
    return both("acts_but", words=Bilingual(*named))


def as_text(table: pd.DataFrame, language: str = "en") -> str:
    """The table of `explain` for reading: a few lines a rule, in English or Chinese."""
    zh = language == "zh"
    lines = []
    for lever, rows in table.groupby("lever", sort=False):
        first = rows.iloc[0]
        title = first["title_zh"] if zh else f"{first['title_en']} · {first['title_zh']}"
        stage = STAGES[first["stage"]]
        lines.append(f"{lever}  {title}  [{stage.zh if zh else stage.en}]")
        for row in rows.to_dict("records"):
            lines += [f"  {line}" for line in _rule_lines(row, language)]
        if first["in_effect"]:
            lines.append(say("rules_meet", language, what=first["in_effect_zh" if zh else "in_effect"]))
        lines.append("")
    return "\n".join(lines).rstrip()


def _place(r: dict) -> str:
    return f"{r['file']}:{r['line']}" if r["line"] else str(r["file"])  # a rule that no file holds


def _rule_lines(r: dict, language: str) -> list[str]:
    """A row of `explain` for reading: what it says, where it stands, and what else is to be known of it."""
    out = [_says(r, language), _stands(r, language)]
    if r["kind"] == "assumed" and r["range"]:
        reason = (r["reason_zh"] or r["reason"]) if language == "zh" else r["reason"]
        out.append(
            say("rule_assumed", language, ends=say("rule_to", language).join(_range(r, language)), reason=reason)
        )
    if r["or"]:
        title = w.pick(LEVERS[r["or"]].title, language)
        out.append(say("rule_or", language, other=title if language == "zh" else f"{r['or']} ({title})"))
    if r["only"]:
        out.append(
            say("rule_only", language, places=w.joined((w.place_words(p, language) for p in r["only"]), language))
        )
    out += _meetings(r, language)
    if r["changed"]:
        changes = w.changed_words(r["changed"], LEVERS[r["lever"]], language)
        out.append(say("rule_changed", language, changes=changes))
    if r["acts"] != PHRASES["acts"].en:
        out.append(say("rule_acts", language, why=r["acts_zh" if language == "zh" else "acts"]))
    return out


def _says(r: dict, language: str) -> str:
    """Value, strength, drugs, hospitals and who obeys."""
    drugs, hospitals = r["drugs"], r["hospitals"]
    if language == "zh":
        drug_codes, _, hospital_codes = r["scope"].partition("/")
        drugs = " + ".join(DRUG_SCOPES[d].says.zh for d in drug_codes.split("+"))
        hospitals = say("scope_and", "zh").join(
            HOSPITAL_SCOPES[h].says.zh for h in (hospital_codes or "all").split("&")
        )
    return say(
        "rule_says", language, value=r[f"value_{language}"], strength=w.pick(w.STRENGTH[r["strength"]], language),
        drugs=drugs, hospitals=hospitals, binds=w.pick(w.BINDS[r["binds"]], language),
    )  # fmt: skip


def _stands(r: dict, language: str) -> str:
    """Document and clause, kind, days in force, file and line."""
    document = w.named(r["document"], language)
    if r["clause"] != r["document"]:
        clause = w.named(r["clause"], language)
        document = f"{document} {clause}" if language == "zh" else f"{r['clause']} of {r['document']}"
    if r["from"] is None:
        days = say("days_always" if r["document"] == "practice" else "days_policy_from", language)
    elif r["to"]:
        days = say("days_between", language, first=r["from"], last=r["to"])
    else:
        days = say("days_open", language, first=r["from"])
    kind, place = w.pick(w.KIND[r["kind"]], language), _place(r)
    return say("rule_source", language, document=document, kind=kind, days=_assumed(days, r, language), place=place)


def _meetings(r: dict, language: str) -> list[str]:
    """How it meets rules of other documents, a line a way (MET)."""
    out = []
    for how in MET:
        met_ = _meets(r, how)
        if how == "replaced_by":
            out += [f"  {replaced_words(m, language)}" for m in met_]
        elif met_:
            rules = say("met_next", language).join(_other(m, _flag(r), language) for m in met_)
            out.append(say("met_line", language, how=w.pick(PHRASES[f"met_{how}"], language), rules=rules))
    return out


def _other(m: dict, flag: bool, language: str) -> str:
    """Another rule that one meets: its clause, and its value where it is more than a yes."""
    if language == "zh":
        return w.bracketed(w.named(m["clause"], "zh"), "" if flag else m["value_zh"], "zh")
    return m["clause"] if flag else f"{m['value_en']} of {m['clause']}"


def _assumed(days: str, r: dict, language: str) -> str:
    """The days in force, marked where the document does not state them."""
    kind = w.pick(w.KIND["assumed"], language) if r["dates_kind"] == "assumed" else ""
    return w.bracketed(days, kind, language)


def _meets(r: dict, how: str) -> list[dict]:
    return [m for m in (*r["overrides"], *r["yields_to"]) if m["how"] == how]


def _flag(r: dict) -> bool:
    return LEVERS[r["lever"]].kind == "flag"


def _range(r: dict, language: str) -> list[str]:
    return [
        w.value_words([end] if LEVERS[r["lever"]].kind == "set" else end, r["lever"], language) for end in r["range"]
    ]


__all__ = ["BASE", "COLUMNS", "MET", "acts", "as_text", "better", "explain", "values"]
