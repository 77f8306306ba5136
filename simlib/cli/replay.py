"""The command that makes a sealed number anew: simlib replay."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from simlib.cli import options
from simlib.cli.options import Machines, shows_progress
from simlib.cli.output import print_json
from simlib.core.files import InputError


@click.command
@click.argument("key", required=False, help="under a ledger or a report; KEY/LINE for one line of it")
@click.option(
    "--from", "sent", metavar="FILE", help="the seal that was sent, or a folder to look in (default: outputs/)"
)
@click.option("--anyway", is_flag=True, help="run it though an input, a source or a package differs")
@options.machines
@options.language
@options.as_json
def replay(key: str | None, sent: str | None, anyway: bool, machines: Machines, language: str, as_json: bool) -> int:
    """`simlib replay`."""
    from simlib.experiments.replay import replay as make
    from simlib.experiments.replay import unlike
    from simlib.experiments.seals import differing, find_seal
    from simlib.report.seals import about, outcome_lines, replay_text
    from simlib.words import words

    if key is None and sent is None:
        raise InputError("replay: KEY is missing; it stands under a ledger or a report, or name a file with --from")
    name, _, line = (key or "").partition("/")
    found, w = find_seal(name.lower(), Path(sent) if sent else None), words(language)
    sealed = found.lines(line)
    differs = differing(found)
    told: dict[str, Any] = {"key": found.key, "line": line or None, "differs": _rows(differs), "sealed": sealed}
    if not as_json:
        print("\n".join(about(found, w)))
        sys.stdout.flush()  # before a bar that may run for minutes
    if differs and not anyway:
        print_json(told) if as_json else print(replay_text(found, differs, (), w))
        return 1
    machines.start()
    now, seconds = make(found, machines.workers, shows_progress(as_json))
    others = unlike(sealed, now)
    if as_json:
        print_json(told | {"same": not others, "here": {n: now.get(n) for n in sealed}, "seconds": round(seconds, 1)})
    else:
        print(replay_text(found, differs, outcome_lines(sealed, now, others, seconds, w), w, anyway))
    return 1 if others else 0


def _rows(differs: list[tuple[str, str, str, str]]) -> list[dict[str, str]]:
    return [dict(zip(("kind", "name", "sealed", "here"), row, strict=True)) for row in differs]
