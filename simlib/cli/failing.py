"""The command that asks where a conclusion does not hold: simlib fails."""

from __future__ import annotations

from math import isfinite

import click

from simlib.cli import options
from simlib.cli.attribution import PICTURES, key_of
from simlib.cli.hinging import INDICATOR, WORLD
from simlib.cli.options import TABLES, Changes, Machines, load, read_sets, shows_progress, to_write
from simlib.cli.output import print_json, rows_of, write
from simlib.cli.values import Whole
from simlib.core.files import InputError


@click.command
@options.scenario()
@click.argument(
    "baseline", required=False, help="what it is compared with, in the same worlds; its own level if left out"
)
@click.option(
    "--above", type=float, default=0.0, metavar="X",
    help="the conclusion: the answer is above this, such as 5 for 5 points, or in million yuan; below it where less is better (0)",
)  # fmt: skip
@INDICATOR
@click.option(
    "--rows", type=Whole(96, 2048), default=768, metavar="N",
    help="worlds to run, one history each (768): two thirds to find boxes on, one third to check them",
)  # fmt: skip
@WORLD
@options.machines
@options.changing
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@click.option("--picture", metavar="FILE", help="draw the boxes: .svg, .png or .pdf")
@options.out
@options.force
@options.language
@options.as_json
def fails(
    scenario: str,
    baseline: str | None,
    above: float,
    indicator: str | None,
    rows: int,
    world: str,
    machines: Machines,
    changes: Changes,
    set_both: tuple[str, ...],
    picture: str | None,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib fails`."""
    from simlib.experiments.discovery.fails import fails as look
    from simlib.outcomes.dictionary import INDICATORS
    from simlib.report.fails import fails_text

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    drawing = to_write(picture, PICTURES, force, f"--picture {picture}") if picture else None
    both, key = read_sets(set_both), key_of(indicator)
    if not isfinite(above):
        raise InputError(f"--above {above}: expected a number")
    first, second = changes.scenario(scenario, below=both), load(baseline, both) if baseline else None
    least = above / 100 if INDICATORS[key[0]].is_share else above
    machines.start()
    found = look(first, second, least, world, rows, key, machines.workers, shows_progress(as_json))
    write(found.table(), file)
    if drawing:
        from simlib.see import save

        save(found.plot(language), drawing)
    if as_json:
        count, n, low, high = found.short()
        told = {"scenario": first.name, "baseline": second.name if second else None, "world": world, "worlds": n}
        told |= {"short": count, "share": [low, high], "explained": found.found.explained}
        told |= {k: rows_of(getattr(found.found, k)) for k in ("boxes", "limits", "groups", "group_limits")}
        print_json(told | {"unconfirmed": found.found.unconfirmed})
    else:
        print(fails_text(found, language))
    return 0
