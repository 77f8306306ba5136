"""The commands about rules: simlib explain, diff, clauses and template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simlib.cli import options
from simlib.cli.completion import names_of
from simlib.cli.options import Changes
from simlib.cli.output import print_json, rows_of
from simlib.cli.values import Choice

if TYPE_CHECKING:
    import pandas as pd

STATES = ("acts", "loads", "pending", "context", "unproven")  # of a clause
TEMPLATES = ("hospitals", "drugs", "observed", "observed-pairs")


@click.command()
@options.policy()
@click.argument(
    "lever", required=False, help="one lever, or the beginning of several, such as committee",
    shell_complete=names_of("levers"),
)  # fmt: skip
@options.changing
@options.language
@options.as_json
def explain(policy: str, lever: str | None, changes: Changes, language: str, as_json: bool) -> int:
    """`simlib explain`."""
    from simlib.policy import explain as of
    from simlib.policy.phrases import say

    table = of.explain(changes.policy(policy), lever)
    if as_json:
        print_json(rows_of(table))
    elif len(table):
        print(of.as_text(table, language))
    else:
        print(say("no_rule", language, policy=policy, lever=lever))
    return 0


@click.command()
@options.policy("a")
@options.policy("b")
@options.changing
@options.language
@options.as_json
def diff(a: str, b: str, changes: Changes, language: str, as_json: bool) -> int:
    """`simlib diff`. A region named once holds for both policies; changes are made to the second."""
    from simlib.policy import diff as differ
    from simlib.scenario.rulebook import load_rulebook

    region = a.partition("@")[2] or b.partition("@")[2]
    one, two = (name if "@" in name or not region else f"{name}@{region}" for name in (a, b))
    first, second = load_rulebook(one), changes.policy(two)
    if as_json:
        print_json(rows_of(differ.diff(first, second)))
    else:
        print(differ.diff_text(first, second, language))
    return 0


@click.command()
@click.argument(
    "document", required=False, help="a document or the policy that holds it (default: all)",
    shell_complete=names_of("policies"),
)  # fmt: skip
@click.option("--status", type=Choice(STATES), help="only those that stand so")
@options.language
@options.as_json
def clauses(document: str | None, status: str | None, language: str, as_json: bool) -> int:
    """`simlib clauses`."""
    from simlib.policy import clauses as of

    table = of.clauses(document)
    if status:
        table = table[table["status"] == status]
    if as_json:
        print_json(rows_of(table))
        return 0
    zh = language == "zh"
    for r in table.to_dict("records"):
        print(f"{r['id']:<7} {r['status']:<8} {r['force']:<10} {r['says']}")
        for line in ("; ".join(r["levers"]), r["proof"], r["why_zh"] if zh else r["why"]):
            if line:
                print(f"        {line}")
    print("\n" + (_counted(table, language) if len(table) or status else _no_text(language)))
    return 0


def _counted(table: pd.DataFrame, language: str) -> str:
    """How many clauses stand how; the states are the words of --status in either language."""
    from simlib.policy.phrases import say

    counts = (say("clauses_count", language, n=n, status=s) for s, n in table["status"].value_counts().items())
    return say("clauses_counted", language, counts=say("clauses_comma", language).join(counts), n=len(table))


def _no_text(language: str) -> str:
    """Of a baseline's document nobody has the clauses: its rulebook is all there is."""
    from simlib.policy.phrases import say

    return say("clauses_no_text", language)


def _kinds(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in TEMPLATES if kind.startswith(incomplete)]


@click.command()
@click.argument("kind", metavar="{" + ",".join(TEMPLATES) + "}", shell_complete=_kinds)
@click.argument("path", metavar="FILE", type=click.Path(), help=".xlsx or .csv")
@options.language
@options.as_json
def template(kind: str, path: str, language: str, as_json: bool) -> int:
    """`simlib template`."""
    from simlib.outcomes import observed_columns
    from simlib.world import lists_template

    of = observed_columns if kind in observed_columns.KINDS else lists_template
    of.write_template(kind, Path(path), language)
    print(f"written: {path}")
    return 0
