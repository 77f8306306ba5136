"""Tables for readers: values with interval and unit, shares in per cent, differences in percentage points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from simlib.core.numerals import grouped
from simlib.experiments.study import HEADLINES, MAIN, PROVIDED, Study, bounds, gain
from simlib.policy.levers import LEVERS
from simlib.policy.rules import Policy, Rule
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.policy.vocabulary.words import STRENGTH, named, pick, value_words, word
from simlib.scenario.inert import inert_rules
from simlib.scenario.scenario import Scenario
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, group_name, indicator_name, policy_name
from simlib.words.nodes import Said, Small, Table, table
from simlib.words.values import DASH, number, plain, unit_name, with_interval
from simlib.world.assumptions import Assumption, assumption


def headline_table(study: Study, w: Words, obedience: str = "default") -> Table:
    """Headlines by place and rulebook, with the gain over the baseline; what is provided stands beside what is stocked."""
    picks = {i: study.pick(i, obedience=obedience) for i in (*HEADLINES, PROVIDED)}
    head = [w["col_region"], w["col_policy"]]
    for i in HEADLINES:
        head += [
            f"{indicator_name(i, w.language)} ({unit_name(i, w)})",
            w.say("col_gain", baseline=baseline_name(study, w)),
        ]
    head.insert(4, f"{indicator_name(PROVIDED, w.language)} ({unit_name(PROVIDED, w)})")
    rows = []
    for region in study.regions:
        for policy in study.policies_in(region, obedience):
            row: list[object] = [place_of(study, region, w), policy_name(policy, w, study.rulebooks.get(policy))]
            for i in HEADLINES:
                r = picks[i].loc[(region, policy)]
                row += [with_interval(i, bounds(r), w)]
                row += [DASH if policy == study.baseline else with_interval(i, gain(r), w, True)]
            row.insert(4, _with_gain(PROVIDED, picks[PROVIDED], (region, policy), policy == study.baseline, w))
            rows.append(row)
    return table(head, rows, w["headline_caption"])


def obedience_table(study: Study, w: Words, indicator: str = MAIN) -> Table:
    """One headline at full, default and no obedience side by side."""
    picks = {o: study.pick(indicator, obedience=o) for o in study.obediences}
    head = [w["col_region"], w["col_policy"], *(w[f"obedience_{o}"] for o in picks)]
    rows = []
    for region in study.regions:
        for policy in study.policies_in(region):
            row: list[object] = [place_of(study, region, w), policy_name(policy, w, study.rulebooks.get(policy))]
            for p in picks.values():
                row.append(_with_gain(indicator, p, (region, policy), policy == study.baseline, w))
            rows.append(row)
    return table(
        head,
        rows,
        w.say("obedience_caption", indicator=indicator_name(indicator, w.language), baseline=baseline_name(study, w)),
    )


def _with_gain(indicator: str, pick: pd.DataFrame, key: tuple[str, str], is_baseline: bool, w: Words) -> str:
    if key not in pick.index:
        return w["none_run"]
    r = pick.loc[key]
    text = with_interval(indicator, bounds(r), w)
    change = gain(r)[0]
    if is_baseline or not np.isfinite(change):
        return text
    return f"{text} [{number(100 * change, 1, sign=True)}]"


def run_table(found: pd.DataFrame, w: Words, indicators: Sequence[str]) -> Table:
    """Some indicators of one run by hospital level (and over all, where they have no level)."""
    rows = []
    for i in indicators:
        part = found[(found["indicator"] == i) & found["by"].isin(["level", "all", "date", "year"])]
        if (part["by"] == "level").any():
            part = part[part["by"] == "level"].sort_values("group", ascending=False)
        for _, r in part.iterrows():
            if np.isfinite(r["mean"]) or i.endswith("_median"):
                where = group_name(r["by"], str(r["group"]), w)
                rows.append((indicator_name(i, w.language), where, with_interval(i, bounds(r), w), unit_name(i, w)))
    head = [w["col_indicator"], w["col_group"], f"{w['col_mean']} ({w['col_interval']})", w["col_unit"]]
    return table(head, rows, w["scenario_table"])


def rules_table(policies: Iterable[Policy], w: Words, only: Sequence[str] = ()) -> Table:
    """Rules with value, scope, strength, clause and kind."""
    rows = []
    for policy in policies:
        for layer in policy.layers[::-1]:
            for r in layer.rules:
                if not layer.baseline and (not only or r.lever.startswith(tuple(only))):
                    rows.append((
                        policy_name(layer.name, w, policy), lever_name(r.lever, w), rule_value(r, w), scope_name(r.scope, w),
                        pick(STRENGTH[r.strength], w.language), r.clause, w[f"kind_{r.kind}"],
                    ))  # fmt: skip
    rows = list(dict.fromkeys(rows))
    keys = ("policy", "lever", "value", "scope", "strength", "clause", "kind")
    return table([w[f"col_{k}"] for k in keys], rows, look="small")


def scope_name(scope: str, w: Words) -> str:
    """Which drugs and hospitals a rule means, in short names, from its codes as a policy file writes them."""
    drugs, _, hospitals = scope.partition("/")
    said = w["scope_or"].join(pick(DRUG_SCOPES[d].name, w.language) for d in drugs.split("+"))
    if not hospitals:
        return said
    where = w["scope_and"].join(pick(HOSPITAL_SCOPES[h].name, w.language) for h in hospitals.split("&"))
    return w.say("scope_at", drugs=said, hospitals=where)


def lever_name(lever: str, w: Words) -> Said:
    """What a rule is about, in words, and its code."""
    return f"{pick(LEVERS[lever].title, w.language)}\n", Small(lever)


def rule_value(rule: Rule, w: Words) -> str:
    """A rule's value in words; a tick for a plain yes."""
    return "✓" if rule.value is True else value_words(rule, language=w.language)


def inert_table(scenarios: Iterable[Scenario], w: Words) -> Table:
    """Rules that cannot act in one or other of some scenarios, with the reason, each rule once."""
    rows = []
    for scenario in scenarios:
        for r in inert_rules(scenario).to_dict("records"):
            what = word(r["what"], LEVERS[r["lever"]], w.language)
            rows.append(
                (
                    lever_name(r["lever"], w),
                    what,
                    named(r["clause"], w.language),
                    r["reason_zh" if w.language == "zh" else "reason"],
                )
            )
    keys = ("lever", "value", "clause", "reason")
    return table([w[f"col_{k}"] for k in keys], list(dict.fromkeys(rows)), look="small")


def assumptions_table(assumptions: Sequence[Assumption], w: Words) -> Table:
    """Every assumed number with value, range, reason and kind."""
    rows = []
    for a in assumptions:
        ends = w.say("to", low=a.range[0], high=a.range[1]) if len(a.range) == 2 else DASH
        rows.append((named_with_id(a, w), grouped(plain(a.value)), ends, a.why(w.language), w[f"kind_{a.kind}"]))
    return table([w[f"col_{k}"] for k in ("path", "value", "range", "reason", "kind")], rows, look="small")


def named_with_id(a: Assumption, w: Words) -> Said:
    """An assumed number's name with its unit, its id in the register (docs/assumptions.md) and its path."""
    return f"{a.title(w.language)}\n", Small(f"{a.id} {a.path}")


def sensitivity_table(moved: pd.DataFrame, w: Words) -> Table:
    """The most influential assumptions: the gain at both ends, in percentage points."""
    rows = []
    for _, r in moved.iterrows():
        ends = [
            with_interval(MAIN, (r[f"effect_{e}"], r[f"{e}_low"], r[f"{e}_high"]), w, True) for e in ("low", "high")
        ]
        usual, low, high = (grouped(f"{r[k]:g}") for k in ("value", "low_value", "high_value"))
        span = f"{usual} ({w.say('to', low=low, high=high)})"
        a = assumption(r["path"])
        rows.append((named_with_id(a, w), a.why(w.language), span, *ends, number(100 * r["swing"], 1)))
    head = [w[f"col_{k}"] for k in ("path", "reason", "range", "low", "high", "swing")]
    head[-1] = f"{head[-1]} ({w['point_short']})"
    return table(head, rows, look="small")
