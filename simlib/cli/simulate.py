"""The commands that simulate: simlib run and simlib compare, and how their tables are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import click

from simlib.cli import options
from simlib.cli.options import Simulating, load, read_sets, shows_progress
from simlib.cli.output import about, print_json, write
from simlib.core.files import InputError

if TYPE_CHECKING:
    import pandas as pd

    from simlib.experiments.precision import Precise
    from simlib.experiments.run import Effect, Result
    from simlib.scenario.scenario import Scenario

    Rows = Callable[[pd.DataFrame], list[tuple[str, ...]]]


_WITHIN = click.option(
    "--within", metavar="X[%]",
    help="run until the 95% interval of stocked_24m in tertiary hospitals is +-X, in points, or X% of its mean",
)  # fmt: skip


@click.command
@options.scenario()
@options.simulating
@options.world
@_WITHIN
@options.everything
@options.as_json
def run(
    scenario: str, asked: Simulating, world: str | None, within: str | None, everything: bool, as_json: bool
) -> int:
    """`simlib run`."""
    out, side = asked.table_file(), asked.scenario(scenario)
    if within is not None:
        found = _until([side], asked, within, world, as_json)
        write(found.results[0].table(), out)
        _tell(found.results[0].table(), found.results, _headline_rows, everything, as_json, _reached(found, within))
        return 0
    if drawn(world):
        _tell_worlds([side], asked, world, out, everything, as_json)
        return 0
    asked.start()
    result = asked.simulate(side, as_json)
    write(result.table(), out)
    _tell(result.table(), [result], _headline_rows, everything, as_json)
    return 0


@click.command
@options.scenario()
@options.scenario("baseline", help="likewise; what --set and --variant do not change")
@options.simulating
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@options.world
@_WITHIN
@options.everything
@options.as_json
def compare(
    scenario: str,
    baseline: str,
    asked: Simulating,
    set_both: tuple[str, ...],
    world: str | None,
    within: str | None,
    everything: bool,
    as_json: bool,
) -> int:
    """`simlib compare`."""
    from simlib.experiments import run as runs

    out, both = asked.table_file(), read_sets(set_both)
    first, second = asked.scenario(scenario, below=both), load(baseline, both)
    if first.seed != second.seed:
        raise InputError(f"{scenario} and {baseline} have different seeds; give both the same with --set-both seed=N")
    if within is not None:
        found = _until([first, second], asked, within, world, as_json)
        effect, told = runs.compare(*found.results), _reached(found, within)
    elif drawn(world):
        _tell_worlds([first, second], asked, world, out, everything, as_json)
        return 0
    else:
        asked.start()
        n = asked.replications or first.replications
        effect, told = runs.compare(*(asked.simulate(s, as_json, n) for s in (first, second))), ""
    write(effect.table(), out)
    told = "\n".join(x for x in (_shared_luck(effect), told) if x)
    _tell(effect.table(), [effect.result, effect.baseline], _difference_rows, everything, as_json, told)
    return 0


def _until(sides: list[Scenario], asked: Simulating, within: str, world: str | None, as_json: bool) -> Precise:
    """Runs until the headline is as precise as asked for; InputError for what cannot be asked for."""
    from simlib.experiments.precision import LEAST, MOST, Goal, until
    from simlib.experiments.study import LEVEL, MAIN
    from simlib.scenario.derived import with_world

    number, percent, rest = within.strip().partition("%")
    try:
        half = float(number) / 100
    except ValueError:
        half = 0.0
    if not 0 < half < 1e6 or rest:
        raise InputError(f"--within {within}: expected a number above 0, in points, or a part of the mean such as 5%")
    sides = [with_world(s, world) if drawn(world) else s for s in sides]
    goal, most = Goal(half, bool(percent)), asked.replications or MOST
    asked.start()
    return until(sides, (MAIN, *LEVEL), goal, min(LEAST, most), most, asked.workers, shows_progress(as_json))


def _reached(found: Precise, within: str) -> str:
    """Whether the interval is as narrow as it was asked to be."""
    n, half = found.results[0].values.shape[1], f"{100 * found.half:.2f}"
    if found.reached:
        return f"The headline's interval is within {within} after {n} replications: +-{half} points."
    return f"NOT REACHED: after {n} replications the headline's interval is +-{half} points, not within {within}; allow more with --replications."


def _shared_luck(effect: Effect) -> str:
    """What common random numbers are worth for the headline; empty for one replication."""
    from simlib.experiments.pairing import pairing
    from simlib.experiments.study import LEVEL, MAIN

    rows = pairing(effect).set_index(["indicator", "by", "group"])
    if (MAIN, *LEVEL) not in rows.index:
        return ""
    row = rows.loc[(MAIN, *LEVEL)]
    if row["identical"]:
        return f"{MAIN}, level 3, is identical in every replication of both."
    if not row["worth"] < float("inf"):
        return ""
    told = f"{row['worth']:.1f} with luck of their own"
    return f"Both sides share their luck: of {MAIN}, level 3, one replication tells as much as {told}."


def drawn(world: str | None) -> TypeGuard[str]:
    """Whether --world asks for numbers that are drawn."""
    return world in ("assumed", "fitted")


def _tell_worlds(
    sides: Sequence[Scenario], asked: Simulating, world: str, out: Path | None, everything: bool, as_json: bool
) -> None:
    """A run or a difference over worlds whose numbers are drawn, each a history."""
    from simlib.experiments.plausible import WORLDS, parts, plausible
    from simlib.experiments.study import LEVEL, MAIN

    worlds = asked.replications or WORLDS
    bar = shows_progress(as_json)
    asked.start()
    found = plausible(*sides, world=world, worlds=worlds, workers=asked.workers, progress=bar)
    table = found.table()
    write(table, out)
    if as_json:
        shares = parts([found], MAIN, *LEVEL).to_dict("index")
        print_json({"runs": about(found.results), "world": world, "table": table.to_dict("records"), "parts": shares})
        return
    for result in found.results:
        _tell_run(result)
    print()
    columns(_world_rows(table if everything else _headline(table), len(sides) == 2))
    print(
        f"\n{worlds} worlds, {world}, a history each; {len(found.again.columns)} of them twice, to tell luck from the rest."
    )
    print(
        "mean: with its 95% interval over worlds. worlds: 90% of the worlds expect an answer in this range, luck taken out."
    )
    if not (shares := parts([found], MAIN, *LEVEL)).empty:
        print(f"\n{MAIN}, level 3, is spread over single histories by")
        columns([_part_row(name, row) for name, row in shares.iterrows()])


def _part_row(part: str, row: pd.Series) -> tuple[str, str]:
    said = {
        "luck": "luck",
        "figures": "what published figures leave open in the numbers they bear on",
        "assumption": "the rest, which involves numbers no published figure bears on",
    }
    share, low, high = (f"{100 * row[k]:.0f}" for k in ("share", "low", "high"))
    return said[part], f"{share}% ({low} to {high})"


def _world_rows(table: pd.DataFrame, difference: bool) -> list[tuple[str, ...]]:
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w = words("en")
    rows: list[tuple[str, ...]] = [
        ("indicator", "group", "difference", "worlds", "above 0 in", "unit")
        if difference
        else ("indicator", "group", "mean", "worlds", "unit")
    ]
    for r in table.to_dict("records"):
        i, n = r["indicator"], r["replications"]
        mean = with_interval(i, (r["mean"], r["low"], r["high"]), w, difference)
        spread = with_interval(i, (r["mean"], r["worlds_low"], r["worlds_high"]), w, difference)
        worlds = spread.partition("(")[2].rstrip(")") if r["worlds_sd"] > 0 else "luck alone"
        positive = (_in_how_many(round(r["positive"] * n), n),) if difference and n else ()
        rows.append((i, _group(r), mean, worlds, *positive, unit_name(i, w)))
    return rows


def _in_how_many(count: int, of: int) -> str:
    """A number of worlds, with Wilson's interval of the share."""
    from simlib.experiments.intervals import wilson

    low, high = (f"{100 * x:.0f}" for x in wilson(count, of))
    return f"{count} of {of} ({low} to {high}%)"


def _tell(
    table: pd.DataFrame, results: Sequence[Result], rows: Rows, everything: bool, as_json: bool, told: str = ""
) -> None:
    """What ran, and its table; of the indicators only the headline, where not everything is asked for; told: what else to say."""
    if as_json:
        print_json({"runs": about(results), "table": table.to_dict("records")})
        return
    for result in results:
        _tell_run(result)
    print()
    columns(rows(table if everything else _headline(table)))
    print("\nIntervals: 95%, luck only (Student's t over replications). Units and meanings: simlib list indicators")
    if told:
        print(told)


def _tell_run(result: Result) -> None:
    """One line on what ran, and what is special about it."""
    s = result.scenario
    n = len(result.values.columns)
    note = ", provisional calendar" if s.calendar.status(s.horizon) == "provisional" else ""
    print(f"{s.name}: {n} replications, seed {s.seed}, policy {s.policy.name}, obedience {s.obedience}{note}")
    if s.changes:
        print(f"  changed: {'; '.join(s.changes)}")
    for notice in s.notices:
        print(f"  note: {notice.en}")
    from simlib.experiments.overload import overload_notes
    from simlib.outcomes.window import WINDOW, windows

    for note in overload_notes(result):
        print(f"  note: {note}")
    if (days := windows(s)["hospital_days"]) < WINDOW:
        told = f"of {days} days, not of {WINDOW}, for the run follows no drug that counts any longer"
        print(f"  note: listed_days, first_hospital_days and hospital_days are restricted means {told}")


def columns(shown_rows: list[tuple[str, ...]]) -> None:
    """Print rows with their cells under one another."""
    widths = [max(len(str(r[i])) for r in shown_rows) for i in range(len(shown_rows[0]))]
    for r in shown_rows:
        print("  ".join(str(c).ljust(n) for c, n in zip(r, widths, strict=True)).rstrip())


def _headline(table: pd.DataFrame) -> pd.DataFrame:
    from simlib.experiments.study import SHORT

    rows = table[table["indicator"].isin(SHORT) & table["by"].isin(["all", "level"])]
    rows = rows.sort_values("indicator", key=lambda names: names.map(SHORT.index), kind="stable")
    return rows if len(rows) else table


def _headline_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w = words("en")
    rows: list[tuple[str, ...]] = [("indicator", "group", "mean (95% interval)", "unit")]
    for r in table.to_dict("records"):
        value = with_interval(r["indicator"], (r["mean"], r["low"], r["high"]), w)
        rows.append((r["indicator"], _group(r), value, unit_name(r["indicator"], w)))
    return rows


def _difference_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w, nan = words("en"), float("nan")
    rows: list[tuple[str, ...]] = []
    rows.append(("indicator", "group", "scenario", "baseline", "difference (95% interval)", "unit"))
    for r in table.to_dict("records"):
        i = r["indicator"]
        d = with_interval(i, (r["difference"], r["low"], r["high"]), w, True)
        if r["difference"] == 0 and r["sd"] == 0:
            d = f"{with_interval(i, (0.0, nan, nan), w, True)} (identical in every replication)"
        values = [with_interval(i, (r[k], nan, nan), w) for k in ("mean", "baseline")]
        rows.append((i, _group(r), *values, d, unit_name(i, w)))
    return rows


def _group(row: dict[str, Any]) -> str:
    return "all" if row["by"] == "all" else f"{row['by']} {row['group']}"
