"""The command that draws: simlib draw KIND SCENARIO [DRUG [HOSPITAL]] FILE."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.cli_run import changes_of, load, print_json
from simlib.cli_story import _number
from simlib.core.files import InputError, one_of, shown

if TYPE_CHECKING:
    from simlib.scenario.scenario import Scenario

KINDS = {
    "map": "process map: days on the arrows, and where pairs stay",
    "curves": "availability by months after approval and hospital level",
    "bottleneck": "what is gained if one stage alone were instant",
    "strip": "one drug at one hospital on a calendar; without HOSPITAL: at all its hospitals",
    "tiles": "hospitals filling up over time (.gif and .html move)",
}
FITS = {  # which options belong to which kinds
    "baseline": ("map", "curves"), "level": ("map",), "measure": ("tiles",), "replication": ("strip", "tiles"),
    "replications": ("map", "curves", "bottleneck"), "workers": ("map", "curves", "bottleneck"),
}  # fmt: skip


def draw_commands(
    commands: Any, shared: argparse.ArgumentParser, speaking: argparse.ArgumentParser, changing: argparse.ArgumentParser, count: Any
) -> None:  # fmt: skip
    """draw. count: reads a number of one or more."""
    one = commands.add_parser(
        "draw",
        parents=[shared, speaking, changing],
        help="a picture to a file: .svg, .png, .pdf; tiles also .gif, .html",
    )
    one.add_argument("kind", metavar="{" + ",".join(KINDS) + "}", help="; ".join(f"{k}: {v}" for k, v in KINDS.items()))
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one.add_argument(
        "words",
        nargs="+",
        metavar="[DRUG [HOSPITAL]] FILE",
        help="names, parts of names, or ids, of a strip; the file to write",
    )
    one.add_argument("--baseline", metavar="NAME", help="of map and curves: a scenario to draw beside it")
    one.add_argument(
        "--level", metavar="{3,2,1,all}", help="of map: the hospitals counted (default: tertiary, where there are any)"
    )
    one.add_argument(
        "--measure", metavar="{number,share}", help="of tiles: new drugs in stock, or their share (number)"
    )
    one.add_argument(
        "--replications",
        type=count,
        metavar="N",
        help="of map, curves, bottleneck: random histories (default: the scenario's)",
    )
    one.add_argument("--workers", type=count, metavar="N", help="of the same: processes (default: all cores)")
    one.add_argument("--replication", type=_number, metavar="K", help="of strip and tiles: which random history (0)")


def draw_command(a: argparse.Namespace) -> int:
    """`simlib draw`. What is wrong is said before anything is simulated."""
    from simlib.see.animation import KINDS as MOVING
    from simlib.see.figure_files import FIGURE_KINDS
    from simlib.see.save import check_path, save

    if a.kind not in KINDS:
        raise InputError(one_of(a.kind, KINDS, "kind of picture"))
    for option, kinds in FITS.items():
        if getattr(a, option) is not None and a.kind not in kinds:
            raise InputError(f"--{option} does not fit {a.kind}: it is for {', '.join(kinds)}")
    *names, file = a.words
    fewest, most = (1, 2) if a.kind == "strip" else (0, 0)
    if not fewest <= len(names) <= most:
        expected = "SCENARIO DRUG [HOSPITAL] FILE" if a.kind == "strip" else "SCENARIO FILE"
        raise InputError(f"draw {a.kind}: expected {expected}, got {' '.join([a.scenario, *a.words])}")
    path = Path(file)
    check_path(path, MOVING if a.kind == "tiles" else FIGURE_KINDS)
    scenario = load(a.scenario, changes_of(a.set), a.variant)
    what = _DRAWERS[a.kind](a, scenario, names)
    save(what, path, a.language)
    if a.json:
        print_json({"kind": a.kind, "scenario": scenario.name, "digest": scenario.digest(), "file": shown(path)})
    else:
        print(f"{a.kind} of {scenario.name} to {shown(path)}")
    return 0


def _map(a: argparse.Namespace, scenario: Scenario, names: list[str]) -> Any:
    from simlib.see import passage, process_map

    level = a.level if a.level is None or a.level == "all" else str(a.level)
    if level not in (None, "all", "3", "2", "1"):
        raise InputError(one_of(level, ("all", "3", "2", "1"), "level"))
    base = load(a.baseline, {}, []) if a.baseline else None
    found = passage(scenario, a.replications, a.workers)
    before = passage(base, a.replications or scenario.replications, a.workers) if base else None
    return process_map(found, a.language, level, before)


def _curves(a: argparse.Namespace, scenario: Scenario, names: list[str]) -> Any:
    from simlib.experiments.run import simulate
    from simlib.see import availability

    scenarios = [*([load(a.baseline, {}, [])] if a.baseline else []), scenario]
    n = a.replications or scenario.replications
    return availability([simulate(s, n, a.workers, _bar(a)) for s in scenarios], a.language)


def _bottleneck(a: argparse.Namespace, scenario: Scenario, names: list[str]) -> Any:
    from simlib.experiments.bottleneck import bottleneck
    from simlib.see import bottleneck_bars

    return bottleneck_bars(bottleneck(scenario, a.replications, a.workers, _bar(a)), a.language)


def _strip(a: argparse.Namespace, scenario: Scenario, names: list[str]) -> Any:
    from simlib.outcomes.trace import trace
    from simlib.see import calendar_strip, drug_story, hospital_strips

    if len(names) == 1:
        return hospital_strips(drug_story(scenario, names[0], a.replication or 0), a.language)
    return calendar_strip(trace(scenario, names[0], names[1], a.replication or 0), a.language)


def _tiles(a: argparse.Namespace, scenario: Scenario, names: list[str]) -> Any:
    from simlib.see import filling

    return filling(scenario, a.replication or 0, a.measure or "number")


def _bar(a: argparse.Namespace) -> bool:
    """Whether to show how far it has come."""
    return not a.json and sys.stderr.isatty()


_DRAWERS: dict[str, Callable[[argparse.Namespace, Any, list[str]], Any]] = {
    "map": _map,
    "curves": _curves,
    "bottleneck": _bottleneck,
    "strip": _strip,
    "tiles": _tiles,
}
