"""simlib elicit: a sheet that asks experts for assumed numbers, what they said, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import click

from simlib.cli import options
from simlib.cli.completion import names_of
from simlib.cli.options import TABLES, Changes, Machines, load, shows_progress, to_write
from simlib.cli.output import print_json, write
from simlib.cli.values import COUNT, Choice
from simlib.core.files import InputError, folder_at, shown

SCENARIO = "sichuan-sichuan-default"
TASKS = ("sheet", "read", "run")
TAKES = {  # options that not every task takes, as typed
    "--numbers": ("sheet",), "--scenario": ("run",), "--baseline": ("run",), "--rows": ("run",), "--keep": ("run",),
    "--workers": ("run",), "--cluster": ("run",), "--set": ("run",), "--variant": ("run",), "--all": ("run",),
    "--out": ("read", "run"),
}  # fmt: skip


@click.command
@click.argument("task", type=Choice(TASKS), metavar="{" + ",".join(TASKS) + "}", help="write, read back, or run on it")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", help="sheet: a new .xlsx; else filled ones")
@click.option("--numbers", multiple=True, metavar="PATH", help="sheet: ask for these numbers (simlib list assumptions)")
@click.option("--scenario", metavar="NAME", help=f"run: which ({SCENARIO})", shell_complete=names_of("scenarios", True))
@click.option("--baseline", metavar="NAME", help="run: subtract this one", shell_complete=names_of("scenarios", True))
@click.option("--rows", type=COUNT, metavar="N", help="run: worlds for the pool and for each expert (64)")
@click.option("--keep", metavar="FOLDER", help="run: keep runs there; what is there already is not made again")
@options.machines
@options.changing
@options.everything
@options.out
@options.force
@options.language
@options.as_json
def elicit(
    task: str, files: tuple[str, ...], numbers: tuple[str, ...], scenario: str | None, baseline: str | None,
    rows: int | None, keep: str | None, machines: Machines, changes: Changes, everything: bool, out: str | None,
    force: bool, language: str, as_json: bool,
) -> int:  # fmt: skip
    """`simlib elicit`."""
    given = {
        "--numbers": numbers, "--scenario": scenario, "--baseline": baseline, "--rows": rows, "--keep": keep,
        "--workers": machines.workers, "--cluster": machines.cluster, "--set": changes.sets, "--variant": changes.variants,
        "--all": everything, "--out": out,
    }  # fmt: skip
    for option, value in given.items():
        if value and task not in TAKES[option]:
            raise InputError(f"{option}: only for simlib elicit {' and '.join(TAKES[option])}; leave it out")
    if task == "sheet":
        return _sheet(files, numbers, language, as_json)
    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    if task == "read":
        return _read(files, file, language, as_json)
    return _run(
        files, scenario or SCENARIO, baseline, changes, rows, keep, machines, everything, file, language, as_json
    )


def _sheet(files: tuple[str, ...], numbers: tuple[str, ...], language: str, as_json: bool) -> int:
    """Write the sheet."""
    from simlib.experiments.elicitation import sheet

    if len(files) > 1:
        raise InputError(f"{files[1]}: one sheet is written at a time; every expert gets a copy of it")
    asked = sheet(Path(files[0]), numbers, language)
    if as_json:
        print_json({"file": files[0], "asked": [{"id": a.assumption.id, "path": a.path} for a in asked]})
    else:
        print(f"written: {shown(Path(files[0]))} ({len(asked)} numbers)")
    return 0


def _read(files: tuple[str, ...], out: Path | None, language: str, as_json: bool) -> int:
    """Show what was said."""
    from simlib.experiments.elicitation import read, said
    from simlib.report.elicited import said_text

    answers = read([Path(f) for f in files])
    table = said(answers)
    write(table, out)
    if as_json:
        experts = [
            {"name": e.name, "file": e.file, "judgements": {p: vars(j) for p, j in e.judgements.items()}}
            for e in answers.experts
        ]
        print_json({"experts": experts, "table": table.to_dict("records")})
    else:
        print(said_text(answers, table, language))
    return 0


def _run(
    files: tuple[str, ...], scenario: str, baseline: str | None, changes: Changes, rows: int | None, keep: str | None,
    machines: Machines, everything: bool, out: Path | None, language: str, as_json: bool,
) -> int:  # fmt: skip
    """Run on what was said."""
    from simlib.experiments import elicitation as of
    from simlib.report.elicited import run_text

    answers = of.read([Path(f) for f in files])
    world, other = changes.scenario(scenario), load(baseline) if baseline else None
    folder = folder_at(Path(keep)) if keep else None
    machines.start()
    found = of.run(
        answers,
        world,
        other,
        rows or of.ROWS,
        folder=folder,
        workers=machines.workers,
        progress=shows_progress(as_json),
    )
    table = found.table()
    write(table, out)
    if as_json:
        print_json({"scenario": world.name, "baseline": baseline, "table": table.to_dict("records")})
    else:
        print(run_text(found, table, language, everything))
    return 0
