"""The command that compares many scenarios at once: simlib rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simlib.cli import options
from simlib.cli.attribution import key_of
from simlib.cli.completion import names_of
from simlib.cli.options import Simulating, load, read_sets
from simlib.cli.output import about, print_json, rows_of, write
from simlib.core.files import InputError

if TYPE_CHECKING:
    import pandas as pd

    from simlib.experiments.run import Result


@click.command
@click.argument(
    "scenarios",
    nargs=-1,
    required=True,
    help="names or .yaml files, two or more",
    shell_complete=names_of("scenarios", or_file=True),
)
@click.option("--baseline", metavar="SCENARIO", help="compare each with this one of them (default: every two of them)")
@click.option("--indicator", metavar="NAME[,BY,GROUP]", help="what is compared (stocked_24m,level,3)")
@options.simulating
@options.world
@options.as_json
def rank(
    scenarios: tuple[str, ...],
    baseline: str | None,
    indicator: str | None,
    asked: Simulating,
    world: str | None,
    as_json: bool,
) -> int:
    """`simlib rank`."""
    from simlib.experiments.simultaneous import simultaneous
    from simlib.scenario.derived import with_world

    key, out = key_of(indicator), asked.table_file()
    names = list(dict.fromkeys([*scenarios, *([baseline] if baseline else [])]))
    if len(names) < 2:
        raise InputError(f"{names[0]}: nothing to compare with; name two scenarios or more")
    sides = [load(n, read_sets(asked.sets), asked.variants) for n in names]
    n = asked.replications or sides[0].replications
    asked.start()
    results = {
        name: asked.simulate(with_world(s, world or s.world), as_json, n) for name, s in zip(names, sides, strict=True)
    }
    try:
        table = simultaneous(results, key, baseline)
    except ValueError as e:
        raise InputError(str(e)) from None
    write(table, out)
    if as_json:
        print_json({"runs": about(results.values()), "table": rows_of(table)})
    else:
        _tell(results, table, key)
    return 0


def _tell(results: dict[str, Result], table: pd.DataFrame, key: tuple[str, str, str]) -> None:
    """The scenarios from the highest to the lowest, and their differences."""
    from simlib.cli.simulate import columns
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w, n = words("en"), int(table["replications"].iloc[0])
    levels = {name: tuple(r.value(*key)[["mean", "low", "high"]]) for name, r in results.items()}
    order = sorted(levels, key=lambda name: -levels[name][0])
    print(f"{key[0]}, {key[1]} {key[2]} ({unit_name(key[0], w)}), {n} replication{'s' * (n > 1)}")
    columns([("scenario", "mean (95% interval)"), *((name, with_interval(key[0], levels[name], w)) for name in order)])
    print()
    rows = [("scenario", "minus", "difference (95% for all together)", "")]
    for r in table.to_dict("records"):
        said = with_interval(key[0], (r["difference"], r["low"], r["high"]), w, True)
        told = "identical in every replication" if r["identical"] else "no order" if r["low"] <= 0 <= r["high"] else ""
        rows.append((r["first"], r["second"], said, told))
    columns(rows)
    if n > 1:
        print("\nIntervals: 95%, of all differences together (paired on common random numbers); luck only.")
    else:
        print("\nOne replication, hence no intervals.")
