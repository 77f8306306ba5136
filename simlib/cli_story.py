"""The commands that tell what happened: simlib events and simlib trace."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from simlib.cli_run import changes_of, load, print_json
from simlib.core.files import InputError, shown

SCENARIO = "sichuan-sichuan-default"
SHOWN_HOSPITALS = 40


def _number(text: str) -> int:
    try:
        n = int(text)
    except ValueError:
        n = -1
    if not 0 <= n < 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 99999")
    return n


def story_commands(commands: Any, shared: argparse.ArgumentParser, speaking: argparse.ArgumentParser, changing: argparse.ArgumentParser) -> None:  # fmt: skip
    """events, trace."""
    one = commands.add_parser(
        "events", parents=[shared, changing], help="every event of one replication to a Parquet file"
    )
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one.add_argument("path", metavar="FILE", help=".parquet")
    one.add_argument("--replication", type=_number, default=0, metavar="K", help="which random history (0)")
    one = commands.add_parser(
        "trace", parents=[shared, speaking, changing], help="one drug at one hospital: who waited for what, and which clause mattered"
    )  # fmt: skip
    one.add_argument("drug", help="name, part of a name, or id")
    one.add_argument("hospital", nargs="?", help="likewise; without it: how the drug fares at every hospital")
    one.add_argument("--scenario", default=SCENARIO, metavar="NAME", help=f"default: {SCENARIO}")
    one.add_argument("--replication", type=_number, default=0, metavar="K", help="which random history (0)")
    one.add_argument("--all", action="store_true", help="every hospital of the drug, not only the first")


def events_command(a: argparse.Namespace) -> int:
    """`simlib events`."""
    from simlib.outcomes.events import events, write_events

    path = Path(a.path)
    if path.suffix != ".parquet":
        raise InputError(f"{a.path}: the name must end in .parquet")
    if not path.resolve().parent.is_dir():
        raise InputError(f"{a.path}: no such folder")
    scenario = load(a.scenario, changes_of(a.set), a.variant)
    table = events(scenario, a.replication)
    about = {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "seed": scenario.seed,
        "replication": a.replication,
    }
    write_events(table, path, json.dumps(about))
    counts = {str(k): int(n) for k, n in table["outcome"].value_counts(sort=False).items() if n}
    if a.json:
        print_json(about | {"file": shown(path), "rows": len(table), "outcomes": counts})
        return 0
    print(f"{scenario.name}, replication {a.replication}: {len(table)} events to {shown(path)}")
    for outcome, n in counts.items():
        print(f"  {n:>9}  {outcome}")
    return 0


def trace_command(a: argparse.Namespace) -> int:
    """`simlib trace`."""
    scenario = load(a.scenario, changes_of(a.set), a.variant)
    if a.hospital is None:
        return _hospitals(a, scenario)
    from simlib.outcomes.trace import trace

    found = trace(scenario, a.drug, a.hospital, a.replication)
    if a.json:
        print_json(found.to_dict())
    else:
        print(found.text(a.language))
    return 0


def _hospitals(a: argparse.Namespace, scenario) -> int:
    """How a drug fares at each hospital, a line each: those where most has happened come first."""
    from simlib.outcomes.trace import drug_name, fates
    from simlib.words.story_words import PHRASES, pick, said

    table, drug = fates(scenario, a.drug, a.replication), drug_name(scenario, a.drug, a.replication)
    if a.json:
        rows = [{**r, "stocked": None if r["stocked"] != r["stocked"] else str(r["stocked"].date())} for r in table.to_dict("records")]  # fmt: skip
        print_json({"scenario": scenario.name, "replication": a.replication, "drug": drug, "hospitals": rows})
        return 0
    print(said("fates", drug=drug, n=len(table)).say(a.language))
    for state, n in table["state"].value_counts().items():
        print(f"  {n:>5}  {pick(PHRASES[f'state_{state}'], a.language)}")
    print()
    rest = len(table) - SHOWN_HOSPITALS
    rows = table.to_dict("records")
    for r in rows if a.all or rest <= 0 else rows[:SHOWN_HOSPITALS]:
        day = f" {r['stocked'].date()}" if r["stocked"] == r["stocked"] else ""
        level, state = (pick(PHRASES[f"{k}_{r[k]}"], a.language) for k in ("level", "state"))
        print(f"  {r['hospital']:<32} {level:<10} {state}{day}")
    if not a.all and rest > 0:
        print("  " + said("fates_more", n=rest).say(a.language))
    return 0
