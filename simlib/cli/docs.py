"""The command about the model's own documentation: simlib docs."""

from __future__ import annotations

import sys

import click

from simlib.cli import options
from simlib.cli.output import print_json
from simlib.core.files import shown


@click.command()
@click.option("--check", is_flag=True, help="write nothing; say which pages are no longer current")
@options.as_json
def docs(check: bool, as_json: bool) -> int:
    """`simlib docs`: write the pages of docs/, or with --check say which are no longer current (exit status 1)."""
    return _check(as_json) if check else _write(as_json)


def _check(as_json: bool) -> int:
    from simlib.documentation.pages import stale

    old = stale()
    if as_json:
        print_json(old)
    elif old:
        print(f"no longer current: {', '.join(old)}; run simlib docs", file=sys.stderr)
    else:
        print("all pages are current")
    return 1 if old else 0


def _write(as_json: bool) -> int:
    from simlib.documentation.pages import write

    written = [shown(p) for p in write()]
    if as_json:
        print_json(written)
    else:
        print("written: " + ", ".join(written))
    return 0
