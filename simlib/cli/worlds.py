"""The commands that draw assumed numbers from their ranges: simlib worlds and simlib screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli import options
from simlib.cli.options import TABLES, Changes, Machines, load, read_sets, shows_progress, to_write
from simlib.cli.output import print_json, write
from simlib.cli.values import COUNT, Whole
from simlib.core.files import folder_at, home

if TYPE_CHECKING:
    from simlib.scenario.scenario import Scenario

ROWS = 256
SOME = Whole(0, 100_000)


@click.command
@options.scenario()
@click.option("--rows", type=COUNT, default=ROWS, metavar="N", help="worlds to draw, best a power of two (256)")
@click.option("--again", type=SOME, metavar="M", help="how many to run twice, to see luck (default: a quarter)")
@click.option("--folder", metavar="FOLDER", help="where rows are kept and found (outputs/worlds)")
@options.machines
@options.changing
@options.out
@options.force
@options.language
@options.as_json
def worlds(
    scenario: str,
    rows: int,
    again: int | None,
    folder: str | None,
    machines: Machines,
    changes: Changes,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib worlds`."""
    from simlib.experiments import worlds as drawing
    from simlib.report.worlds import spread, worlds_text

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    world = changes.scenario(scenario)
    place = folder_at(Path(folder) if folder else home() / "outputs" / "worlds")
    twice = min(rows, rows // 4 if again is None else again)
    machines.start()
    table = drawing.table(world, rows, twice, place, machines.workers, shows_progress(as_json))
    write(table.frame(), file)
    kept = {"made": rows + twice - table.found, "folder": place / drawing.key(world)}
    if as_json:
        told = {"worlds": rows, "again": twice, "numbers": len(table.numbers.columns), "found": table.found, **kept}
        rows_of = spread(table).to_dict("records")
        print_json({**_about(world), **told, "folder": str(kept["folder"]), "table": rows_of})
    else:
        print(worlds_text(table, language=language, **kept))
    return 0


@click.command
@options.scenario()
@click.argument(
    "baseline", required=False, help="what it is compared with, in the same worlds; its own numbers if left out"
)
@click.option(
    "--trajectories",
    type=Whole(2, 1000),
    default=6,
    metavar="N",
    help="walks through all numbers, one run a number (6)",
)
@options.machines
@options.changing
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@options.everything
@options.out
@options.force
@options.language
@options.as_json
def screen(
    scenario: str,
    baseline: str | None,
    trajectories: int,
    machines: Machines,
    changes: Changes,
    set_both: tuple[str, ...],
    everything: bool,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib screen`."""
    from simlib.experiments.screening import screen as search
    from simlib.report.worlds import screening_text

    file, both = to_write(out, TABLES, force, f"--out {out}") if out else None, read_sets(set_both)
    first, second = changes.scenario(scenario, below=both), load(baseline, both) if baseline else None
    machines.start()
    found = search(first, second, trajectories, workers=machines.workers, progress=shows_progress(as_json))
    write(found.table, file)
    if as_json:
        told = {"baseline": _about(second) if second else None, "trajectories": trajectories, "runs": found.runs}
        left_out = [" ".join(key) for key in found.left_out]
        print_json({**_about(first), **told, "left_out": left_out, "table": found.table.to_dict("records")})
    else:
        print(screening_text(found, language, everything))
    return 0


def _about(scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "seed": scenario.seed,
        "changes": list(scenario.changes),
    }
