"""The command that looks for the best few clauses: simlib search."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import click

from simlib.cli import options
from simlib.cli.attribution import PICTURES, key_of
from simlib.cli.options import TABLES, Changes, Machines, load, read_sets, shows_progress, to_write
from simlib.cli.output import print_json, rows_of, write
from simlib.cli.values import COUNT, Choice, Whole
from simlib.core.files import InputError, folder_at, home


@click.command
@options.scenario()
@options.scenario("baseline", help="likewise; what --set and --variant do not change")
@click.option("--most", type=COUNT, metavar="N", help="parts that a set may have (5; any number with --budget)")
@click.option(
    "--budget",
    type=float,
    metavar="X",
    help="what a set may cost over the baseline, on average, in the unit of --money, such as million yuan (anything)",
)
@click.option("--by", type=Choice(["clause", "article", "document"]), default="clause", help="what a part is (clause)")
@click.option("--indicator", metavar="NAME[,BY,GROUP]", help="what is to be gained (stocked_24m,level,3)")
@click.option("--money", metavar="NAME[,BY,GROUP]", help="what it costs (fund_million)")
@click.option("--generations", type=Whole(0, 1000), default=10, metavar="N", help="of the search (10)")
@click.option(
    "--fresh", type=Whole(2, 10_000), default=64, metavar="N", help="worlds in which the result is measured (64)"
)
@click.option(
    "--world", type=Choice(["middle", "assumed", "fitted"]), default="fitted",
    help="assumed numbers as the calibration fitted them (fitted), drawn from all of their ranges, or in the middle of them",
)  # fmt: skip
@options.machines
@options.changing
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@click.option("--folder", metavar="FOLDER", help="where runs are kept and found (outputs/attribution)")
@click.option("--picture", metavar="FILE", help="also draw it: .svg, .png or .pdf")
@options.out
@options.force
@options.language
@options.as_json
def search(
    scenario: str,
    baseline: str,
    most: int | None,
    budget: float | None,
    by: str,
    indicator: str | None,
    money: str | None,
    generations: int,
    fresh: int,
    world: str,
    machines: Machines,
    changes: Changes,
    set_both: tuple[str, ...],
    folder: str | None,
    picture: str | None,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib search`."""
    from simlib.experiments.discovery.search import MONEY
    from simlib.experiments.discovery.search import search as look
    from simlib.report.search import search_text

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    drawing = to_write(picture, PICTURES, force, f"--picture {picture}") if picture else None
    both = read_sets(set_both)
    first, second = changes.scenario(scenario, below=both), load(baseline, both)
    place = folder_at(Path(folder) if folder else home() / "outputs" / "attribution")
    if budget is not None and not isfinite(budget):
        raise InputError(f"--budget {budget}: expected a number")
    most = 5 if most is None and budget is None else most
    key, cost = key_of(indicator), key_of(money, "--money") if money else MONEY
    machines.start()
    found = look(
        first, second, most, budget, by, key, cost, world, generations, fresh,
        folder=place, workers=machines.workers, progress=shows_progress(as_json),
    )  # fmt: skip
    write(found.table, file)
    if drawing:
        from simlib.see import save

        save(found.plot(language), drawing)
    if as_json:
        told = {"scenario": first.name, "baseline": second.name, "world": found.game.scenario.world}
        told |= {"most": most, "budget": budget, "tried": found.tried, "worlds": list(found.worlds)}
        print_json(told | {"table": rows_of(found.table)})
    else:
        print(search_text(found, language))
    return 0
