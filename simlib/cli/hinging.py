"""The commands that ask what an answer hangs on: simlib hinge and simlib worth."""

from __future__ import annotations

import click

from simlib.cli import options
from simlib.cli.attribution import key_of
from simlib.cli.completion import names_of
from simlib.cli.options import TABLES, Changes, Machines, load, read_sets, shows_progress, to_write
from simlib.cli.output import print_json, rows_of, write
from simlib.cli.values import Choice, Whole
from simlib.core.files import InputError

WORLD = click.option(
    "--world", type=Choice(["assumed", "fitted"]), default="fitted",
    help="numbers as the calibration fitted them (fitted), or drawn from all of their ranges",
)  # fmt: skip
ROWS = click.option(
    "--rows", type=Whole(16, 100_000), default=512, metavar="N", help="worlds to run, one history each (512)"
)
INDICATOR = click.option("--indicator", metavar="NAME[,BY,GROUP]", help="the answer (stocked_24m,level,3)")


@click.command
@options.scenario()
@click.argument(
    "baseline", required=False, help="what it is compared with, in the same worlds; its own level if left out"
)
@INDICATOR
@ROWS
@WORLD
@options.machines
@options.changing
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@options.everything
@options.out
@options.force
@options.language
@options.as_json
def hinge(
    scenario: str,
    baseline: str | None,
    indicator: str | None,
    rows: int,
    world: str,
    machines: Machines,
    changes: Changes,
    set_both: tuple[str, ...],
    everything: bool,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib hinge`."""
    from simlib.experiments.hinge import hinge as look
    from simlib.report.hinge import hinge_text

    file, both = to_write(out, TABLES, force, f"--out {out}") if out else None, read_sets(set_both)
    first, second = changes.scenario(scenario, below=both), load(baseline, both) if baseline else None
    key = key_of(indicator)
    machines.start()
    found = look(first, second, world, rows, key=key, workers=machines.workers, progress=shows_progress(as_json))
    write(found.table, file)
    if as_json:
        count, n, low, high = found.holds()
        told = {"scenario": first.name, "baseline": second.name if second else None, "world": world, "worlds": n}
        print_json({**told, "above_0": count, "share": [low, high], "luck": found.noise, "table": rows_of(found.table)})
    else:
        print(hinge_text(found, language, everything))
    return 0


@click.command
@click.argument(
    "scenarios",
    nargs=-1,
    required=True,
    help="two or more that could be chosen",
    shell_complete=names_of("scenarios", or_file=True),
)
@INDICATOR
@ROWS
@WORLD
@options.machines
@options.changing
@options.out
@options.force
@options.language
@options.as_json
def worth(
    scenarios: tuple[str, ...],
    indicator: str | None,
    rows: int,
    world: str,
    machines: Machines,
    changes: Changes,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib worth`."""
    from simlib.experiments.worth import worth as judge
    from simlib.report.hinge import worth_text

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    choices = {name: changes.scenario(name) for name in scenarios}
    key = key_of(indicator)
    machines.start()
    try:
        found = judge(choices, world, rows, key, machines.workers, shows_progress(as_json))
    except ValueError as e:  # runs that are not paired
        raise InputError(str(e)) from None
    write(found.table, file)
    if as_json:
        best = [
            {"choice": n, "mean": m, "best_in": b}
            for n, m, b in zip(found.names, found.means, found.best_in, strict=True)
        ]
        print_json({"choices": best, "everything": found.everything, "world": world, "table": rows_of(found.table)})
    else:
        print(worth_text(found, world, language))
    return 0
