"""The commands that tell what happened: simlib trace and simlib events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from simlib.cli import options
from simlib.cli.completion import names_of
from simlib.cli.options import Changes
from simlib.cli.output import print_json
from simlib.core.files import shown
from simlib.core.numerals import grouped

if TYPE_CHECKING:
    import pandas as pd

    from simlib.scenario.scenario import Scenario

SCENARIO = "sichuan-sichuan-default"
SHOWN_HOSPITALS = 40


@click.command
@options.scenario()
@click.argument("path", metavar="FILE", type=click.Path(), help=".parquet")
@options.replication
@options.changing
@options.force
@options.as_json
def events(scenario: str, path: str, replication: int, changes: Changes, force: bool, as_json: bool) -> int:
    """`simlib events`."""
    from simlib.outcomes import events as record_events

    target = options.to_write(path, (".parquet",), force)
    world = changes.scenario(scenario)
    table = record_events.events(world, replication)
    about = {"scenario": world.name, "digest": world.digest(), "seed": world.seed, "replication": replication}
    record_events.write_events(table, target, json.dumps(about))
    counts = {str(k): int(n) for k, n in table["outcome"].value_counts(sort=False).items() if n}
    if as_json:
        print_json(about | {"file": shown(target), "rows": len(table), "outcomes": counts})
        return 0
    print(f"{world.name}, replication {replication}: {grouped(len(table))} events to {shown(target)}")
    for outcome, n in counts.items():
        print(f"  {n:>9}  {outcome}")
    return 0


@click.command
@click.argument("drug", help="name, part of a name, or id")
@click.argument("hospital", required=False, help="likewise; without it: how the drug fares at every hospital")
@click.option(
    "--scenario",
    default=SCENARIO,
    metavar="NAME",
    help=f"default: {SCENARIO}",
    shell_complete=names_of("scenarios", or_file=True),
)
@options.replication
@click.option("--all", "everything", is_flag=True, help="every hospital of the drug, not only the first")
@options.changing
@options.language
@options.as_json
def trace(
    drug: str, hospital: str | None, scenario: str, replication: int, everything: bool, changes: Changes,
    language: str, as_json: bool,
) -> int:  # fmt: skip
    """`simlib trace`."""
    from simlib.outcomes import trace as of

    world = changes.scenario(scenario)
    if hospital is None:
        return _hospitals(world, drug, replication, everything, language, as_json)
    found = of.trace(world, drug, hospital, replication)
    if as_json:
        print_json(found.to_dict())
    else:
        print(found.text(language))
    return 0


def _hospitals(
    world: Scenario, drug: str, replication: int, everything: bool, language: str, as_json: bool
) -> int:  # fmt: skip
    """How a drug fares at each hospital, a line each: those where most has happened come first."""
    from simlib.outcomes.trace import drug_name, fates
    from simlib.world.lists_drugs import name_in

    table, name = fates(world, drug, replication), drug_name(world, drug, replication)
    if as_json:
        rows = [
            {**r, "stocked": None if r["stocked"] != r["stocked"] else str(r["stocked"].date())}
            for r in table.to_dict("records")
        ]
        print_json({"scenario": world.name, "replication": replication, "drug": name, "hospitals": rows})
    else:
        _print_fates(table, name_in(world.cohort, name, language), everything, language)
    return 0


def _print_fates(table: pd.DataFrame, drug: str, everything: bool, language: str) -> None:
    from simlib.words.story_words import PHRASES, pick, said

    print(said("fates", drug=drug, n=len(table)).say(language))
    for state, n in table["state"].value_counts().items():
        print(f"  {n:>5}  {pick(PHRASES[f'state_{state}'], language)}")
    print()
    rest = len(table) - SHOWN_HOSPITALS
    rows = table.to_dict("records")
    for r in rows if everything or rest <= 0 else rows[:SHOWN_HOSPITALS]:
        day = f" {r['stocked'].date()}" if r["stocked"] == r["stocked"] else ""
        level, state = (pick(PHRASES[f"{k}_{r[k]}"], language) for k in ("level", "state"))
        print(f"  {r['hospital']:<32} {level:<10} {state}{day}")
    if not everything and rest > 0:
        print("  " + said("fates_more", n=rest).say(language))
