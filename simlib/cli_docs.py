"""The command about the model's own documentation: simlib docs."""

from __future__ import annotations

import argparse
import sys

from simlib.cli_run import print_json
from simlib.core.files import shown


def docs_command(a: argparse.Namespace) -> int:
    """`simlib docs`: write the pages of docs/, or with --check say which are no longer current (exit status 1)."""
    from simlib.documentation.pages import stale, write

    if a.check:
        old = stale()
        if a.json:
            print_json(old)
        elif old:
            print(f"no longer current: {', '.join(old)}; run simlib docs", file=sys.stderr)
        else:
            print("all pages are current")
        return 1 if old else 0
    written = [shown(p) for p in write()]
    if a.json:
        print_json(written)
    else:
        print("written: " + ", ".join(written))
    return 0
