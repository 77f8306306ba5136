"""The command that says what there is: simlib list."""

from __future__ import annotations

import click

from simlib.cli import inventory, options
from simlib.cli.inventory import KINDS, Row
from simlib.cli.output import print_json
from simlib.core.files import InputError, nearest

WHOLE = 12  # a kind with no more rows is shown whole where all kinds are
FIRST = 6  # rows of a longer one


def _kinds(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]


@click.command()
@click.argument("kind", required=False, metavar="[{" + ",".join(KINDS) + "}]", shell_complete=_kinds)
@options.as_json
def list_things(kind: str | None, as_json: bool) -> int:
    """`simlib list`."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"unknown kind {kind!r}; allowed: {', '.join(KINDS)}{nearest(kind, KINDS)}")
    found = {k: inventory.rows(k) for k in ([kind] if kind else KINDS)}
    if as_json:
        print_json(found[kind] if kind else found)
    elif kind:
        _print_rows(found[kind])
    else:
        _print_all(found)
    return 0


def _print_all(found: dict[str, list[Row]]) -> None:
    """Every kind with its number; of a long one the first rows."""
    for i, (kind, rows) in enumerate(found.items()):
        print("\n" * (i > 0) + f"{kind} ({len(rows)})")
        _print_rows(rows if len(rows) <= WHOLE else rows[:FIRST])
        if len(rows) > WHOLE:
            print(f"  ... (simlib list {kind})")


def _print_rows(rows: list[Row]) -> None:
    width = max((len(r["name"]) for r in rows), default=0)
    for r in rows:
        print(f"  {r['name']:<{width}}  {r['en']}" + (f" · {r['zh']}" if r.get("zh") else ""))
