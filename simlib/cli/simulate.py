"""The commands that simulate: simlib run and simlib compare, and how their tables are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from simlib.cli import options
from simlib.cli.options import Simulating, load, read_sets
from simlib.cli.output import about, print_json, write
from simlib.core.files import InputError

if TYPE_CHECKING:
    import pandas as pd

    from simlib.experiments.run import Result

    Rows = Callable[[pd.DataFrame], list[tuple[str, ...]]]


@click.command
@options.scenario()
@options.simulating
@options.everything
@options.as_json
def run(scenario: str, asked: Simulating, everything: bool, as_json: bool) -> int:
    """`simlib run`."""
    out = asked.table_file()
    result = asked.simulate(asked.scenario(scenario), as_json)
    write(result.table(), out)
    _tell(result.table(), [result], _headline_rows, everything, as_json)
    return 0


@click.command
@options.scenario()
@options.scenario("baseline", help="likewise; what --set and --variant do not change")
@options.simulating
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@options.everything
@options.as_json
def compare(
    scenario: str, baseline: str, asked: Simulating, set_both: tuple[str, ...], everything: bool, as_json: bool
) -> int:
    """`simlib compare`."""
    from simlib.experiments import run as runs

    out, both = asked.table_file(), read_sets(set_both)
    first, second = asked.scenario(scenario, below=both), load(baseline, both)
    if first.seed != second.seed:
        raise InputError(f"{scenario} and {baseline} have different seeds; give both the same with --set-both seed=N")
    n = asked.replications or first.replications
    results = [asked.simulate(s, as_json, n) for s in (first, second)]
    table = runs.compare(*results).table()
    write(table, out)
    _tell(table, results, _difference_rows, everything, as_json)
    return 0


def _tell(table: pd.DataFrame, results: Sequence[Result], rows: Rows, everything: bool, as_json: bool) -> None:
    """What ran, and its table; of the indicators only the headline, where not everything is asked for."""
    if as_json:
        print_json({"runs": about(results), "table": table.to_dict("records")})
        return
    for result in results:
        _tell_run(result)
    print()
    _print_columns(rows(table if everything else _headline(table)))
    print("\nIntervals: 95%, luck only (Student's t over replications). Units and meanings: simlib list indicators")


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


def _print_columns(shown_rows: list[tuple[str, ...]]) -> None:
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
        values = [with_interval(i, (r[k], nan, nan), w) for k in ("mean", "baseline")]
        rows.append((i, _group(r), *values, d, unit_name(i, w)))
    return rows


def _group(row: dict[str, Any]) -> str:
    return "all" if row["by"] == "all" else f"{row['by']} {row['group']}"
