"""The command that looks at input files: simlib check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from simlib.cli import options
from simlib.cli.output import print_json
from simlib.core.files import InputError, shown

SHOWN = 50  # complaints about one list


@click.command()
@click.argument(
    "paths", nargs=-1, metavar="[FILE]...", type=click.Path(), help="YAML, CSV or XLSX (default: all of scenarios/)"
)
@options.as_json
def check(paths: tuple[str, ...], as_json: bool) -> int:
    """`simlib check`."""
    from simlib.experiments.check import all_files

    found = [_checked(path) for path in [Path(p) for p in paths] or all_files()]
    if as_json:
        print_json(found)
    else:
        for file in found:
            _tell(file)
    return 0 if all(f["ok"] for f in found) else 2


def _checked(path: Path) -> dict[str, Any]:
    """What a file is, or the lines that say what is wrong with it."""
    from simlib.experiments.check import check_file

    try:
        return {"file": shown(path), "ok": True, "kind": check_file(path), "errors": []}
    except InputError as e:
        lines = [" ".join(line.split()) for line in getattr(e, "lines", [str(e)])]  # a list says all that is wrong
        return {"file": shown(path), "ok": False, "kind": None, "errors": lines}


def _tell(file: dict[str, Any]) -> None:
    if file["ok"]:
        print(f"{file['file']}: {file['kind']}, good")
    for line in file["errors"][:SHOWN]:
        print(f"simlib: {line}", file=sys.stderr)
    if len(file["errors"]) > SHOWN:
        print(f"simlib: {file['file']}: and {len(file['errors']) - SHOWN} more", file=sys.stderr)
