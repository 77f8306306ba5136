"""The commands about rules: simlib explain, diff, clauses and template."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from simlib.cli_run import changes_of, print_json
from simlib.files import InputError, one_of


def stack_of(text: str, changes: dict[str, Any] | None = None, variants: list[str] | None = None):
    """The policy of POLICY[@REGION] (a name or a .yaml file), in a region where one is named, with changes laid over it."""
    from simlib.listing_of import rows
    from simlib.overrides import Overrides, changed_policy, readings_chosen
    from simlib.policy.load import for_region, load_policy
    from simlib.variants import composed

    name, _, region = text.partition("@")
    regions = [r["name"] for r in rows("regions")]
    if region and region not in regions:
        raise InputError(f"{text}: " + one_of(region, regions, "region"))
    policy = load_policy(name)
    if region:
        policy = for_region(policy, region)
    over = Overrides()
    for source, given in (*composed(variants or []), ("set", changes or {})):
        over.add(source, given, ())
    if over.numbers:
        raise InputError(f"set {next(iter(over.numbers))}: an assumed number, not a rule; simlib run takes it")
    chosen, _ = readings_chosen(over.readings, policy.name)
    return changed_policy(policy, chosen, over.rules)


def explain_command(a: argparse.Namespace) -> int:
    """`simlib explain`."""
    from simlib.policy.explain import as_text, explain

    table = explain(stack_of(a.policy, changes_of(a.set), a.variant), a.lever)
    if a.json:
        print_json(_rows(table))
    elif len(table):
        print(as_text(table, a.language))
    else:
        print(f"{a.policy} 没有关于 {a.lever} 的规则" if a.language == "zh" else f"{a.policy} has no rule of {a.lever}")
    return 0


def diff_command(a: argparse.Namespace) -> int:
    """`simlib diff`."""
    from simlib.policy.differ import diff, diff_text

    here, there = a.a.partition("@")[2], a.b.partition("@")[2]
    one, two = (t if "@" in t or not (here or there) else f"{t}@{here or there}" for t in (a.a, a.b))
    first, second = stack_of(one), stack_of(two, changes_of(a.set), a.variant)
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
        note = r["proof"] or (r["why_zh"] if zh else r["why"])
        for line in ("; ".join(r["levers"]), note):
            if line:
                print(f"        {line}")
    counts = table["status"].value_counts()
    print("\n" + ", ".join(f"{n} {s}" for s, n in counts.items()) + f" of {len(table)} clauses")
    return 0


def template_command(a: argparse.Namespace) -> int:
    """`simlib template`."""
    from simlib.world.lists_template import write_template

    write_template(a.kind, Path(a.path), a.language)
    print(f"written: {a.path}")
    return 0


def _rows(table) -> list[dict]:
    return [
        {k: (list(v) if isinstance(v, tuple) else str(v) if hasattr(v, "isoformat") else v) for k, v in r.items()}
        for r in table.to_dict("records")
    ]
