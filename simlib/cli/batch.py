"""The command that runs whole experiments: simlib batch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simlib.cli import options
from simlib.cli.completion import names_of
from simlib.cli.output import print_json
from simlib.cli.values import COUNT, Choice, Seconds
from simlib.core.files import shown

if TYPE_CHECKING:
    from simlib.batch.base import Summary


@click.command
@click.argument(
    "experiments", nargs=-1, required=True, metavar="EXPERIMENT...", shell_complete=names_of("experiments")
)  # fmt: skip
@click.option("--small", is_flag=True, help="few replications, to outputs/small/")
@click.option("--workers", type=COUNT, metavar="N", help="notebooks at once (default: all cores)")
@click.option(
    "--deadline", type=Seconds(), default=3600.0, metavar="SECONDS", help="longest time for one notebook (3600)"
)
@click.option("--language", type=Choice(["en", "zh", "both"]), default="both", help="of the page (both)")
@click.option(
    "--notebook",
    metavar="FILE",
    type=click.Path(),
    help="also your own copy of notebooks/comparison.ipynb, to NAME.html beside the page",
)
@options.as_json
def batch(
    experiments: tuple[str, ...], small: bool, workers: int | None, deadline: float, language: str,
    notebook: str | None, as_json: bool,
) -> int:  # fmt: skip
    """`simlib batch`."""
    from simlib.batch.base import Shared
    from simlib.batch.batch import run_batch
    from simlib.scenario.experiment_files import load_experiment

    for name in experiments:
        load_experiment(name)  # all names are looked at before anything runs
    own = Path(notebook) if notebook else None
    with Shared() as shared:
        summaries = [
            run_batch(
                name, small=small, workers=workers, deadline=deadline, progress=not as_json, language=language,
                notebook=own, shared=shared,
            )
            for name in experiments
        ]  # fmt: skip
    if as_json:
        print_json([{**vars(s), "folder": shown(s.folder), "ok": s.ok} for s in summaries])
    else:
        for summary in summaries:
            _tell(summary, own)
    return 0 if all(s.ok for s in summaries) else 1


def _tell(s: Summary, own: Path | None) -> None:
    """What was done and what failed, and the pages to open."""
    counts = f"{len(s.done)} done, {len(s.unchanged)} unchanged, {len(s.failed)} failed"
    print(f"{s.experiment}: {counts}, {s.seconds:.0f} s")
    for page in (s.folder / f"{n}.html" for n in ("index", *([own.stem] if own else ()))):
        if page.is_file():
            print(f"  open {shown(page)}")
    for name, reason in s.failed.items():
        print(f"  failed: {name}: {reason}", file=sys.stderr)
