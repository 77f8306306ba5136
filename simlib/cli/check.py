"""The command that looks at input files: simlib check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli import options
from simlib.cli.output import print_json
from simlib.cli.values import COUNT
from simlib.core.files import InputError, shown

if TYPE_CHECKING:
    from simlib.experiments.check_rules import FileRules

SHOWN = 50  # complaints about one list
TABLES = ("policy", "scenario")  # kinds of files that end with a table of rules


@click.command()
@click.argument(
    "paths", nargs=-1, metavar="[FILE]...", type=click.Path(), help="YAML, CSV or XLSX (default: all of scenarios/)"
)
@click.option("--in", "scenario", metavar="SCENARIO", help="where a policy's rules are looked at (that of its place)")
@click.option("--measure", is_flag=True, help="also simulate what each rule moves by itself")
@click.option(
    "--replications", type=COUNT, metavar="N", help="random histories on each side of --measure (4)"
)  # fmt: skip
@options.language
@options.as_json
def check(
    paths: tuple[str, ...], scenario: str | None, measure: bool, replications: int | None, language: str, as_json: bool
) -> int:
    """`simlib check`."""
    from simlib.experiments.check import all_files

    if not paths and (scenario or measure):
        raise InputError(f"{'--measure' if measure else '--in'}: name the file whose rules are meant")
    found, tables = [], {}
    for path in [Path(p) for p in paths] or all_files():
        found.append(_checked(path))
        if paths and found[-1]["kind"] in TABLES:
            table = _rules(path, found[-1]["kind"], scenario)
            if table.rows:
                tables[len(found) - 1] = _measured(table, replications, as_json) if measure else table
    if as_json:
        print_json([file | ({"rules": tables[i].data()} if i in tables else {}) for i, file in enumerate(found)])
    else:
        for i, file in enumerate(found):
            _tell(file)
            if i in tables:
                print("\n" + "\n".join(_table_lines(tables[i], language)) + "\n" * (i + 1 < len(found)))
    return 0 if all(f["ok"] for f in found) else 2


def _rules(path: Path, kind: str, scenario: str | None) -> FileRules:
    from simlib.experiments.check_rules import file_rules

    return file_rules(path, kind, scenario if kind == "policy" else None)


def _measured(found: FileRules, replications: int | None, as_json: bool) -> FileRules:
    """The rules with what each moves by itself, with a bar on a terminal."""
    from tqdm.auto import tqdm

    from simlib.experiments.check_rules import FEW, measured
    from simlib.experiments.run import simulate

    acting = sum(row.acting.acts for row in found.rows)
    with tqdm(total=acting, unit="rule", disable=not options.shows_progress(as_json), leave=False) as bar:
        return measured(found, lambda s, n: simulate(s, n, progress=False), replications or FEW, bar.update)


def _table_lines(found: FileRules, language: str) -> list[str]:
    from simlib.cli.check_table import table_lines

    return table_lines(found, language)


def _checked(path: Path) -> dict[str, Any]:
    """What a file is, or the lines that say what is wrong with it."""
    from simlib.experiments.check import check_file
    from simlib.experiments.check_contents import contents

    try:
        kind = check_file(path)
        return {"file": shown(path), "ok": True, "kind": kind, "holds": contents(path, kind), "errors": []}
    except InputError as e:
        lines = [" ".join(line.split()) for line in getattr(e, "lines", [str(e)])]  # a list says all that is wrong
        return {"file": shown(path), "ok": False, "kind": None, "holds": "", "errors": lines}


def _tell(file: dict[str, Any]) -> None:
    if file["ok"]:
        print(f"{file['file']}: {file['kind']}, good" + (f" ({file['holds']})" if file["holds"] else ""))
    for line in file["errors"][:SHOWN]:
        print(f"simlib: {line}", file=sys.stderr)
    if len(file["errors"]) > SHOWN:
        print(f"simlib: {file['file']}: and {len(file['errors']) - SHOWN} more", file=sys.stderr)
