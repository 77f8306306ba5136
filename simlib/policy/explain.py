"""What a policy says, rule by rule: value, whom it reaches, since when, by which clause, and what it overrode."""

from __future__ import annotations

import pandas as pd

from simlib.core.files import InputError, one_of
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS, Both
from simlib.policy.load import BASE
from simlib.policy.merge import MET, better, in_effect, met, replaced_words, values
from simlib.policy.pending import pending
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.policy.vocabulary import words as w

COLUMNS = [
    "lever", "title_en", "title_zh", "stage", "value", "value_en", "value_zh", "unit", "scope", "drugs", "hospitals", "strength",
    "binds", "clause", "document", "kind", "range", "reason", "reason_zh", "from", "to", "dates_kind", "only", "or", "file", "line", "overrides",
    "yields_to", "changed", "acts", "acts_zh", "in_effect", "in_effect_zh",
]  # fmt: skip
ACTS = Both("yes", "是")


def explain(policy: Policy, lever: str | None = None) -> pd.DataFrame:
    """Every rule of a policy's stack (of one lever, or of all whose names begin so), lowest layer first a lever.

    Columns COLUMNS; value as the file has it, value_en and value_zh for reading. overrides: rules of lower layers whose
    value gives way to this one where both reach (or that it adds to, repeats or replaces); yields_to: those of other
    layers to whose better value this one gives way, or that replace it; each a dict of how (of MET), clause, value,
    value_en, value_zh (replaced_by: also by, from, to, where). acts: "yes", or why not. in_effect: what holds where the
    lever's rules meet, if they differ in value and strength (the same in each row of a lever).
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
    act = acts(rule)
    return (
        rule.lever, lever.title.en, lever.title.zh, lever.stage, *values(rule).values(), lever.unit, rule.scope,
        " + ".join(DRUG_SCOPES[d].says.en for d in rule.drugs), " and ".join(HOSPITAL_SCOPES[h].says.en for h in rule.hospitals.split("&")),
        rule.strength, lever.binds, rule.clause, rule.document, rule.kind, tuple(rule.range), rule.reason, rule.reason_zh,
        start, end, dates_kind, rule.only, rule.relief, rule.source.file, rule.source.line, over, to, rule.changed, act.en, act.zh, *in_effect(policy, rule.lever),
    )  # fmt: skip


def acts(rule: Rule) -> Both:
    """ACTS, or why a rule, or some words of its set, change nothing yet."""
    if why := pending(rule):
        return why
    words = rule.value if isinstance(rule.value, frozenset) else ()
    late = {word: why for word in sorted(words) if (why := pending(rule, word))}
    if not late:
        return ACTS
    en, zh = (
        w.joined((w.bracketed(w.word(word, rule.definition, n), w.pick(why, n), n) for word, why in late.items()), n)
        for n in ("en", "zh")
    )
    return Both(f"yes, but not: {en}", f"起作用，但以下除外：{zh}")


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
            lines += [f"  {line}" for line in (_zh(row) if zh else _en(row))]
        if first["in_effect"]:
            lines.append(
                f"  合并适用（各条重合处）：{first['in_effect_zh']}"
                if zh
                else f"  in effect where they meet: {first['in_effect']}"
            )
        lines.append("")
    return "\n".join(lines).rstrip()


def _place(r: dict) -> str:
    return f"{r['file']}:{r['line']}" if r["line"] else str(r["file"])  # a rule that no file holds


def _en(r: dict) -> list[str]:
    days = (
        ("from always" if r["document"] == "practice" else "from policy_from (the document has no days)")
        if r["from"] is None
        else f"from {r['from']}" + (f" to {r['to']}" if r["to"] else ", no end stated")
    )
    document = w.named(r["document"]) if r["clause"] == r["document"] else f"{r['clause']} of {r['document']}"
    out = [
        f"{r['value_en']} | {r['strength']} | drugs: {r['drugs']} | hospitals: {r['hospitals']} | obeyed by: {w.BINDS[r['binds']].en}",
        f"  {document}, {r['kind']} | in force {_assumed(days, r, 'en')} | {_place(r)}",
    ]
    if r["kind"] == "assumed" and r["range"]:
        out.append(f"  assumed: could be {' to '.join(_range(r, 'en'))}; {r['reason']}")
    if r["or"]:
        out.append(f"  kept as well by a hospital that keeps {r['or']} ({LEVERS[r['or']].title.en})")
    if r["only"]:
        out.append(f"  only in: {', '.join(w.place_words(p) for p in r['only'])}")
    for how, label in MET.items():
        if how == "replaced_by":
            out += [f"  {replaced_words(m, 'en')}" for m in _meets(r, how)]
        elif said := [m["clause"] if _flag(r) else f"{m['value_en']} of {m['clause']}" for m in _meets(r, how)]:
            out.append(f"  {label.en}: {'; '.join(said)}")
    if r["changed"]:
        out.append(f"  changed by {r['changed']}")
    return out + ([] if r["acts"] == ACTS.en else [f"  acts: {r['acts']}"])


def _zh(r: dict) -> list[str]:
    drugs = " + ".join(DRUG_SCOPES[d].says.zh for d in r["scope"].split("/")[0].split("+"))
    hospitals = "且".join(HOSPITAL_SCOPES[h].says.zh for h in (r["scope"].split("/")[1:] or ["all"])[0].split("&"))
    days = (
        ("一直适用" if r["document"] == "practice" else "自policy_from起（文件未写日期）")
        if r["from"] is None
        else f"自{r['from']}起" + (f"至{r['to']}" if r["to"] else "，未规定期限")
    )
    document = w.named(r["document"], "zh") + ("" if r["clause"] == r["document"] else f" {w.named(r['clause'], 'zh')}")
    strength, binds, kind = w.STRENGTH[r["strength"]].zh, w.BINDS[r["binds"]].zh, w.KIND[r["kind"]].zh
    out = [
        f"{r['value_zh']} | {strength} | 药品：{drugs} | 医院：{hospitals} | 执行方：{binds}",
        f"  {document}，{kind} | {_assumed(days, r, 'zh')} | {_place(r)}",
    ]
    if r["kind"] == "assumed" and r["range"]:
        out.append(f"  假设范围：{' 至 '.join(_range(r, 'zh'))}；{r['reason_zh'] or r['reason']}")
    if r["or"]:
        out.append(f"  医院执行{LEVERS[r['or']].title.zh}的，也视为已执行")
    if r["only"]:
        out.append(f"  仅适用于：{'、'.join(w.place_words(p, 'zh') for p in r['only'])}")
    for how, label in MET.items():
        if how == "replaced_by":
            out += [f"  {replaced_words(m, 'zh')}" for m in _meets(r, how)]
        elif said := [
            w.bracketed(w.named(m["clause"], "zh"), "" if _flag(r) else m["value_zh"], "zh") for m in _meets(r, how)
        ]:
            out.append(f"  {label.zh}：{'；'.join(said)}")
    if r["changed"]:
        out.append(f"  变更：{w.changed_words(r['changed'], LEVERS[r['lever']], 'zh')}")
    return out + ([] if r["acts"] == ACTS.en else [f"  作用情况：{r['acts_zh']}"])


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


__all__ = ["ACTS", "BASE", "COLUMNS", "MET", "acts", "as_text", "better", "explain", "values"]
