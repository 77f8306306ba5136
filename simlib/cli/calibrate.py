"""The command that fits the model to published figures: simlib calibrate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from simlib.cli import options
from simlib.cli.options import Machines
from simlib.core.files import home, shown, write_whole

DIGITS = "%.6g"


@click.command
@click.option("--folder", metavar="FOLDER", help="where simulated worlds are kept (outputs/calibration)")
@click.option("--to", "target", metavar="FOLDER", help="where the result is written (scenarios/fitted)")
@options.machines
def calibrate(folder: str | None, target: str | None, machines: Machines) -> int:
    """`simlib calibrate`."""
    from simlib.experiments.calibration import calibrate as fit
    from simlib.experiments.calibration import recovery, store
    from simlib.experiments.targets import targets

    kept = Path(folder) if folder else home() / "outputs" / "calibration"
    print("calibrating: about an hour on two cores; broken off, it goes on where it was", file=sys.stderr)
    machines.start()
    found = fit(targets(), folder=kept, workers=machines.workers)
    written = store(found, Path(target) if target else None)
    told = recovery(found, machines.workers)
    write_whole(written / "recovery.csv", told.to_csv(index=False, lineterminator="\n", float_format=DIGITS))
    for p in found.posteriors:
        named = f"{p.answer.name}: " if p.answer.name else ""
        print(
            f"{named}{len(p.draws)} vectors of {len(found.paths)} numbers, split R-hat at most {p.agreement.max():.3f}"
        )
        if named:
            print(f"{named}the published figures are {p.odds:.2g} times as likely as under the default")
    for level, rows in told.groupby("level"):
        print(f"{level:.0%} intervals hold {rows['covered'].mean():.1%} of {rows['truths'].iloc[0]} truths; "
              f"{int((~rows['ok']).sum())} of {len(rows)} numbers are outside the binomial limits")  # fmt: skip
    print(f"written: {shown(written)}")
    return 0
