"""The command that draws: simlib draw KIND SCENARIO [DRUG [HOSPITAL]] FILE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from simlib.cli import options
from simlib.cli.completion import names_of
from simlib.cli.options import Changes, Machines, load, shows_progress
from simlib.cli.output import print_json
from simlib.cli.values import COUNT, HISTORY
from simlib.core.files import InputError, one_of, shown

if TYPE_CHECKING:
    from simlib.scenario.scenario import Scenario

KINDS = {
    "map": "process map: days on the arrows, and where pairs stay",
    "curves": "availability by months after approval and hospital level",
    "bottleneck": "what is gained if one stage alone were instant",
    "obedience": "what is gained, by the share of hospitals that obey",
    "strip": "one drug at one hospital on a calendar; without HOSPITAL: at all its hospitals",
    "tiles": "hospitals filling up over time (.gif and .html move)",
}
FITS = {  # which options belong to which kinds
    "baseline": ("map", "curves", "obedience"), "level": ("map",), "measure": ("tiles",), "replication": ("strip", "tiles"),
    "replications": ("map", "curves", "bottleneck", "obedience"), "workers": ("map", "curves", "bottleneck", "obedience"),
    "cluster": ("map", "curves", "bottleneck", "obedience"),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted(Machines):
    """What a picture shows, as far as it was said."""

    baseline: str | None
    level: str | None
    measure: str | None
    replications: int | None
    replication: int | None
    language: str
    progress: bool


def _kinds(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]


@click.command
@click.argument(
    "kind", metavar="{" + ",".join(KINDS) + "}", shell_complete=_kinds,
    help="; ".join(f"{k}: {v}" for k, v in KINDS.items()),
)  # fmt: skip
@options.scenario()
@click.argument(
    "words", nargs=-1, required=True, metavar="[DRUG [HOSPITAL]] FILE", type=click.Path(),
    help="names, parts of names, or ids, of a strip; the file to write",
)  # fmt: skip
@click.option(
    "--baseline",
    metavar="NAME",
    help="of map and curves: a scenario to draw beside it; of obedience: what is gained over it (what held before the reforms)",
    shell_complete=names_of("scenarios", or_file=True),
)
@click.option(
    "--level", metavar="{3,2,1,all}", help="of map: the hospitals counted (default: tertiary, where there are any)"
)
@click.option("--measure", metavar="{number,share}", help="of tiles: new drugs in stock, or their share (number)")
@click.option(
    "--replications",
    type=COUNT,
    metavar="N",
    help="of map, curves, bottleneck, obedience: random histories (default: the scenario's)",
)
@options.machines
@click.option("--replication", type=HISTORY, metavar="K", help="of strip and tiles: which random history (0)")
@options.changing
@options.language
@options.force
@options.as_json
def draw(
    kind: str, scenario: str, words: tuple[str, ...], baseline: str | None, level: str | None, measure: str | None,
    replications: int | None, machines: Machines, replication: int | None, changes: Changes, language: str,
    force: bool, as_json: bool,
) -> int:  # fmt: skip
    """`simlib draw`. What is wrong is said before anything is simulated."""
    from simlib.see.animation import KINDS as MOVING
    from simlib.see.save import FIGURE_KINDS, save

    wanted = Wanted(
        baseline=baseline, level=level, measure=measure, replications=replications, workers=machines.workers,
        cluster=machines.cluster,
        replication=replication, language=language, progress=shows_progress(as_json),
    )  # fmt: skip
    _check(kind, scenario, words, wanted)
    *names, file = words
    path = options.to_write(file, MOVING if kind == "tiles" else FIGURE_KINDS, force)
    world = changes.scenario(scenario)
    wanted.start()
    save(_DRAWERS[kind](wanted, world, names), path, language)
    if as_json:
        print_json({"kind": kind, "scenario": world.name, "digest": world.digest(), "file": shown(path)})
    else:
        print(f"{kind} of {world.name} to {shown(path)}")
    return 0


def _check(kind: str, scenario: str, words: tuple[str, ...], wanted: Wanted) -> None:
    """InputError for an unknown kind, an option of another kind, or too many or too few names."""
    if kind not in KINDS:
        raise InputError(one_of(kind, KINDS, "kind of picture"))
    for option, kinds in FITS.items():
        if getattr(wanted, option) is not None and kind not in kinds:
            raise InputError(f"--{option} does not fit {kind}: it is for {', '.join(kinds)}")
    fewest, most = (1, 2) if kind == "strip" else (0, 0)
    if not fewest <= len(words) - 1 <= most:
        expected = "SCENARIO DRUG [HOSPITAL] FILE" if kind == "strip" else "SCENARIO FILE"
        raise InputError(f"draw {kind}: expected {expected}, got {' '.join([scenario, *words])}")


def _map(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.see import passage, process_map

    level = wanted.level if wanted.level is None or wanted.level == "all" else str(wanted.level)
    if level not in (None, "all", "3", "2", "1"):
        raise InputError(one_of(level, ("all", "3", "2", "1"), "level"))
    base = load(wanted.baseline) if wanted.baseline else None
    found = passage(scenario, wanted.replications, wanted.workers)
    before = passage(base, wanted.replications or scenario.replications, wanted.workers) if base else None
    return process_map(found, wanted.language, level, before)


def _curves(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.experiments.run import simulate
    from simlib.see import availability

    scenarios = [*([load(wanted.baseline)] if wanted.baseline else []), scenario]
    n = wanted.replications or scenario.replications
    return availability([simulate(s, n, wanted.workers, wanted.progress) for s in scenarios], wanted.language)


def _bottleneck(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.experiments.bottleneck import bottleneck
    from simlib.see import bottleneck_bars

    return bottleneck_bars(bottleneck(scenario, wanted.replications, wanted.workers, wanted.progress), wanted.language)


def _obedience(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.experiments.obedience_curve import SHARES, obedience_curve
    from simlib.see import obedience_line

    base = load(wanted.baseline) if wanted.baseline else None
    found = obedience_curve(scenario, base, SHARES, wanted.replications, wanted.workers, wanted.progress)
    return obedience_line(found, wanted.language)


def _strip(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.outcomes.trace import trace
    from simlib.see import calendar_strip, drug_story, hospital_strips

    if len(names) == 1:
        return hospital_strips(drug_story(scenario, names[0], wanted.replication or 0), wanted.language)
    return calendar_strip(trace(scenario, names[0], names[1], wanted.replication or 0), wanted.language)


def _tiles(wanted: Wanted, scenario: Scenario, names: list[str]) -> Any:
    from simlib.see import filling

    return filling(scenario, wanted.replication or 0, wanted.measure or "number")


_DRAWERS: dict[str, Callable[[Wanted, Any, list[str]], Any]] = {
    "map": _map,
    "curves": _curves,
    "bottleneck": _bottleneck,
    "obedience": _obedience,
    "strip": _strip,
    "tiles": _tiles,
}
