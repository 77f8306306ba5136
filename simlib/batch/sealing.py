"""The part of a batch that seals its headlines: each place's gain gets a key by which `simlib replay` makes it anew."""

from __future__ import annotations

from pathlib import Path

from simlib.batch.base import Batch
from simlib.core.files import InputError
from simlib.experiments.recipes import recipe_of
from simlib.experiments.replay import seal_effect
from simlib.experiments.seals import BEGINS, ENDS, FOLDER, Asked, Seal, read_seal, write_seal
from simlib.experiments.study import LEVEL, MAIN, Study, load_study
from simlib.report.answer import Best, best_by_region


def sealing(batch: Batch) -> None:
    """Seal the leading rulebook of each place against its baseline, in the folder's seals/; nothing where nothing was done."""
    place = batch.folder / FOLDER
    if place.is_dir() and not batch.summary.done:
        return
    try:
        study = load_study(batch.name, batch.folder)
    except InputError:  # not one scenario; the comparison will say so
        return
    made = {write_seal(found, place) for best in best_by_region(study) if (found := _sealed(study, best))}
    for old in seal_files(batch.folder):  # of other runs
        if old not in made:
            old.unlink()


def _sealed(study: Study, best: Best) -> Seal | None:
    """The seal of a leader's gain; None where its baseline did not run."""
    cell = study.experiment.cell(best.name)
    effect = study.paired(cell.name, cell.baseline)
    if effect is None:
        return None
    sides = [recipe_of(study.experiment.cell(name).document) for name in (cell.name, cell.baseline)]
    asked = Asked(
        what="difference", scenario=sides[0], baseline=sides[1], indicator=[MAIN, *LEVEL], world=cell.world,
        replications=effect.result.values.shape[1],
    )  # fmt: skip
    return seal_effect(effect, asked)


def seal_files(folder: Path) -> list[Path]:
    """The seals of a batch's folder."""
    return sorted((folder / FOLDER).glob(f"{BEGINS}*{ENDS}"))


def keys(folder: Path) -> dict[str, str]:
    """The key of each sealed scenario of a batch's folder."""
    found = {}
    for path in seal_files(folder):
        try:
            seal = read_seal(path)
        except InputError:  # somebody's own, or damaged: it vouches for nothing
            continue
        found[seal.asked.scenario.name] = seal.key
    return dict(sorted(found.items()))
