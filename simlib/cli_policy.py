"""The commands about rules: simlib explain, diff, clauses and template."""

from __future__ import annotations

import argparse
from pathlib import Path

from simlib.cli_run import changes_of, print_json
from simlib.scenario.rulebook import load_rulebook


def explain_command(a: argparse.Namespace) -> int:
    """`simlib explain`."""
    from simlib.policy.explain import as_text, explain
    from simlib.policy.phrases import say

    table = explain(load_rulebook(a.policy, changes_of(a.set), a.variant), a.lever)
    if a.json:
        print_json(_rows(table))
    elif len(table):
        print(as_text(table, a.language))
    else:
        print(say("no_rule", a.language, policy=a.policy, lever=a.lever))
    return 0


def diff_command(a: argparse.Namespace) -> int:
    """`simlib diff`."""
    from simlib.policy.diff import diff, diff_text

    here, there = a.a.partition("@")[2], a.b.partition("@")[2]
    one, two = (t if "@" in t or not (here or there) else f"{t}@{here or there}" for t in (a.a, a.b))
    first, second = load_rulebook(one), load_rulebook(two, changes_of(a.set), a.variant)
    if a.json:
        print_json(_rows(diff(first, second)))
    else:
        print(diff_text(first, second, a.language))
    return 0


def clauses_command(a: argparse.Namespace) -> int:
    """`simlib clauses`."""
    from simlib.policy.clauses import clauses

    table = clauses(a.document)
    if a.status:
        table = table[table["status"] == a.status]
    if a.json:
        print_json(_rows(table))
        return 0
    zh = a.language == "zh"
    for r in table.to_dict("records"):
        print(f"{r['id']:<7} {r['status']:<8} {r['force']:<10} {r['says']}")
        for line in ("; ".join(r["levers"]), r["proof"], r["why_zh"] if zh else r["why"]):
            if line:
                print(f"        {line}")
    print("\n" + _counted(table, a.language))
    return 0


def _counted(table, language: str) -> str:
    """How many clauses stand how; the states are the words of --status in either language."""
    from simlib.policy.phrases import say

    counts = (say("clauses_count", language, n=n, status=s) for s, n in table["status"].value_counts().items())
    return say("clauses_counted", language, counts=say("clauses_comma", language).join(counts), n=len(table))


def template_command(a: argparse.Namespace) -> int:
    """`simlib template`."""
    from simlib.outcomes import observed_columns
    from simlib.world import lists_template

    of = observed_columns if a.kind in observed_columns.KINDS else lists_template
    of.write_template(a.kind, Path(a.path), a.language)
    print(f"written: {a.path}")
    return 0


def _rows(table) -> list[dict]:
    return [
        {k: (list(v) if isinstance(v, tuple) else str(v) if hasattr(v, "isoformat") else v) for k, v in r.items()}
        for r in table.to_dict("records")
    ]
