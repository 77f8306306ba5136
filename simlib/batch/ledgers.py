"""The part of a batch that takes over finished ledgers: which clause made a place's gain, as `simlib attribute` left it.

A ledger takes minutes and is no part of a batch. One that was made of the same scenarios, inputs and code is copied into the folder, so
that the page shows it; one that is of others is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simlib.batch.base import Batch
from simlib.core.files import InputError, home, write_whole
from simlib.experiments.attribution.coalitions import folder_of
from simlib.experiments.attribution.parts import game
from simlib.experiments.seals import BEGINS, ENDS, LEDGERS, Seal, differing, read_seal
from simlib.experiments.study import LEVEL, MAIN, load_study
from simlib.report.answer import best_by_region
from simlib.scenario.scenario import Scenario


def ledgers(batch: Batch) -> None:
    """Copy the ledger of each place's leading rulebook against its baseline into the folder's ledgers/, where there is one."""
    place, runs = batch.folder / LEDGERS, home() / "outputs" / "attribution"
    made = set()
    if runs.is_dir():
        try:
            study = load_study(batch.name, batch.folder)
        except InputError:  # not one scenario; the comparison will say so
            return
        for best in best_by_region(study):
            cell = study.experiment.cell(best.name)
            if cell.baseline in study.results and (
                found := finished([study.results[n].scenario for n in (cell.name, cell.baseline)], runs)
            ):
                place.mkdir(exist_ok=True)
                target = place / f"{cell.name}.json"
                if not target.is_file() or target.read_bytes() != found.read_bytes():
                    write_whole(target, found.read_bytes())
                made.add(target)
    for old in sorted(place.glob("*.json")):
        if old not in made:
            old.unlink()


def finished(sides: Sequence[Scenario], runs: Path) -> Path | None:
    """The seal of a finished ledger of a scenario and a baseline, clause by clause, of what decides it as it is here; None for none.

    Of several the one that rests on most runs.
    """
    try:
        folder = folder_of(runs, game(*sides))
    except InputError:  # they differ in more than rules, or in none
        return None
    found = [(seal.made.of, path) for path in sorted(folder.glob(f"{BEGINS}*{ENDS}")) if (seal := _fitting(path))]
    return max(found)[1] if found else None


def _fitting(path: Path) -> Seal | None:
    try:
        seal = read_seal(path)
    except InputError:
        return None
    asked = seal.asked
    ours = asked.shares is not None and asked.shares.by == "clause" and asked.key == (MAIN, *LEVEL)
    return seal if ours and not differing(seal) else None
