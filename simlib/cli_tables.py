"""The commands that answer one question with one table: simlib bottleneck and simlib budget."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from simlib.cli_run import about, changes_of, load, output, print_json, write
from simlib.core.files import InputError


def table_commands(commands: Any, parents: list[argparse.ArgumentParser], years: Any) -> None:
    """bottleneck, budget. years: reads a number of years."""
    one = commands.add_parser("bottleneck", parents=parents, help="what is gained if one stage alone were instant")
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one = commands.add_parser(
        "budget", parents=parents, help="who pays for the drugs, by year, and what the reforms add"
    )
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one.add_argument("--years", type=years, default=5, metavar="N", help="calendar years from policy_from on (5)")


def bottleneck_command(a: argparse.Namespace) -> int:
    """`simlib bottleneck`."""
    from simlib.experiments.bottleneck import bottleneck
    from simlib.report.lines import bottleneck_text

    out = output(a)
    found = bottleneck(load(a.scenario, changes_of(a.set), a.variant), a.replications, a.workers, _bar(a))
    table = found.table()
    write(table, out)
    if a.json:
        print_json({"runs": about([found.baseline]), "table": table.to_dict("records")})
    else:
        print(bottleneck_text(found, a.language))
    return 0


def budget_command(a: argparse.Namespace) -> int:
    """`simlib budget`."""
    from simlib.experiments.budget import budget_impact, lengthening
    from simlib.report.lines import budget_text, notes

    out, changes = output(a), changes_of(a.set)
    scenario = load(a.scenario, changes, a.variant)
    longer = lengthening(scenario, a.years)
    if longer:
        scenario = load(a.scenario, changes | longer, a.variant)
    try:
        found = budget_impact(scenario, a.replications, a.years, a.workers, _bar(a))
    except ValueError as e:
        raise InputError(str(e)) from None
    table = found.table()
    write(table, out)
    if a.json:
        runs = [r for r in (found.result, found.baseline) if r is not None]
        said = {n: notes(found, table, n, bool(longer)) for n in ("en", "zh")}
        print_json({"runs": about(runs), "notes": said, "table": table.to_dict("records")})
    else:
        print(budget_text(found, a.language, bool(longer)))
    return 0


def _bar(a: argparse.Namespace) -> bool:
    """Whether to show how far it has come."""
    return not a.json and sys.stderr.isatty()
