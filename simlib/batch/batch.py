"""Run an experiment: each scenario in a kernel of its own, then the assumptions, then the comparison.

What a run leaves in its folder (``outputs/EXPERIMENT/``, small ones in ``outputs/small/EXPERIMENT/``):

    index.html  comparison.ipynb  manifest.json  tables/  figures/  seals/seal-KEY.json
    scenarios/NAME.html .ipynb .parquet .json     again/NAME.parquet .json     sensitivity/NAME.parquet .json
    obedience/NAME.parquet .json

A scenario is done when its result was read back whole and moved into place, and its record (the .json) was written
after that. Records carry the hash of all that went in; a later run does again only what has no valid record, and takes
over what another experiment has made from the same inputs.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from simlib.batch.again import again
from simlib.batch.assumptions import sensitivity
from simlib.batch.base import (
    LOCK,
    NOTEBOOK,
    PAGE,
    WORK,
    Batch,
    Shared,
    Summary,
    borrowed,
    fail,
    forget_failure,
    prepare,
    size,
)
from simlib.batch.comparison import check_notebook, comparison, manifest, own_report
from simlib.batch.jobs import Job
from simlib.batch.ledgers import ledgers
from simlib.batch.obedience import obedience
from simlib.batch.sealing import sealing
from simlib.core.compiled import compile_all
from simlib.core.files import InputError, NotWritten, folder_at, home, shown
from simlib.experiments import records
from simlib.experiments.store import check_result
from simlib.scenario.experiment_files import Cell, load_experiment
from simlib.scenario.scenario import Scenario, load_cell

DEADLINE = 3600.0  # seconds a notebook may take
RESULT = "result.parquet"


def run_batch(
    name: str,
    folder: Path | None = None,
    small: bool = False,
    workers: int | None = None,
    deadline: float = DEADLINE,
    progress: bool = True,
    language: str = "both",
    notebook: Path | None = None,
    shared: Shared | None = None,
) -> Summary:
    """Run what is not yet done of an experiment. InputError for an unknown one or a folder that another batch is using.

    language: of the comparison's page and figures, "en", "zh" or "both". notebook: a copy of notebooks/comparison.ipynb
    that somebody made a report of their own of; its page NAME.html lies beside index.html. shared: what several
    batches in a row have in common.

    A scenario that fails fails alone: its reason is in `Summary.failed`, and the comparison shows the others.
    """
    start = time.monotonic()
    experiment = load_experiment(name, small)
    if notebook is not None:
        check_notebook(notebook)
    folder = folder or home() / "outputs" / ("small" if small else "") / name
    summary = Summary(name, folder)
    loaded = {
        c.name: load_cell(c) for c in experiment.cells
    }  # whatever is wrong with the input is said before anything is written
    with nullcontext(shared) if shared else Shared() as common, common.staff.stops:
        batch = Batch(
            experiment, folder, small, workers or os.cpu_count() or 1, deadline, progress, summary, common, language,
            notebook,
        )  # fmt: skip
        _run(batch, loaded, start)
    return summary


def _run(batch: Batch, loaded: dict[str, Scenario], start: float) -> None:
    """All parts of a batch, in a folder of its own."""
    with _own(batch):
        _scenarios(batch, loaded)
        again(batch, loaded)
        obedience(batch, loaded)
        sensitivity(batch, loaded)
        sealing(batch)
        ledgers(batch)
        batch.shared.staff.stops.again()
        batch.summary.seconds = time.monotonic() - start
        manifest(batch, loaded)
        comparison(batch)
        own_report(batch)
        batch.summary.seconds = time.monotonic() - start
        manifest(batch, loaded)


@contextmanager
def _own(batch: Batch) -> Iterator[None]:
    """The folder of unfinished things, ours alone as long as this runs, and emptied before and after.

    The lock is the system's: it goes when the process that holds it ends, however that comes about.
    """
    lock = FileLock(folder_at(batch.folder) / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(f"{shown(batch.folder)}: another batch is writing there; wait for it, or end it") from None
    except OSError as e:
        raise NotWritten(batch.folder, e) from None
    try:
        _clear(batch.folder)
        batch.work.mkdir()
        yield
    finally:
        _clear(batch.folder)
        lock.release()


def _clear(folder: Path) -> None:
    """Take away what this batch, or one that was killed, has not finished."""
    for left in folder.glob(f"{WORK}*"):
        shutil.rmtree(left, ignore_errors=True)


def _key(batch: Batch, cell: Cell, scenario: Scenario) -> str:
    return records.key_of(
        scenario=scenario.digest(), replications=cell.replications, code=records.code_sha(), lock=records.lock_sha(),
        template=records.file_sha(batch.template("scenario")),
    )  # fmt: skip


def _scenarios(batch: Batch, loaded: dict[str, Scenario]) -> None:
    place = batch.folder / "scenarios"
    place.mkdir(parents=True, exist_ok=True)
    keys = {c.name: _key(batch, c, loaded[c.name]) for c in batch.experiment.cells}
    is_done = lambda c: records.is_done(place / f"{c.name}.json", keys[c.name]) and is_sound(place, c, loaded[c.name])  # noqa: E731
    todo = [c for c in batch.experiment.cells if not is_done(c)]
    batch.summary.unchanged += [c.name for c in batch.experiment.cells if c not in todo]
    for cell in todo:
        forget_failure(batch, cell.name)
    shared = [c for c in todo if borrowed(place, c.name, keys[c.name]) and is_sound(place, c, loaded[c.name])]
    batch.summary.done += [c.name for c in shared]
    todo = [c for c in todo if c not in shared]
    if not todo:
        return
    compile_all()  # once instead of in every kernel
    todo.sort(key=lambda c: (-size(loaded[c.name]) * c.replications, c.name))  # the longest first
    inside = max(1, batch.workers // len(todo))
    jobs = [prepare(batch, c.name, batch.template("scenario"), _parameters(batch, c, inside)) for c in todo]
    cells = {c.name: c for c in todo}
    with tqdm(
        total=len(jobs), desc=f"{batch.name}: scenarios", unit="", disable=not batch.progress, mininterval=0.5
    ) as bar:

        def done(job: Job, reason: str | None, seconds: float) -> None:
            cell, scenario = cells[job.name], loaded[job.name]
            reason = reason or _keep(job, place, cell, scenario, keys[job.name], seconds)
            if reason:
                fail(batch, place, job, reason, bar)
            else:
                batch.summary.done.append(job.name)
            bar.update(1)

        batch.shared.staff.run(jobs, batch.workers, batch.deadline, done)


def _parameters(batch: Batch, cell: Cell, workers: int) -> dict[str, Any]:
    return {
        "scenario": cell.name,
        "experiment": batch.name,
        "replications": cell.replications,
        "workers": workers,
        "output": RESULT,
    }


def is_sound(place: Path, cell: Cell, scenario: Scenario) -> bool:
    """Whether a kept result can be that of a run: its record says only that nobody has changed the file since."""
    try:
        check_result(place / f"{cell.name}.parquet", cell.name, scenario.digest(), cell.replications)
    except (InputError, OSError):
        return False
    return True


def _keep(job: Job, place: Path, cell: Cell, scenario: Scenario, key: str, seconds: float) -> str | None:
    """Check what a notebook left, move it into place, write the record; the reason if it cannot be kept."""
    try:
        said = check_result(job.folder / RESULT, cell.name, scenario.digest(), cell.replications)
    except (InputError, OSError) as e:
        return f"left no valid result: {e}"
    files = {}
    for source, suffix in ((RESULT, ".parquet"), (NOTEBOOK, ".ipynb"), (PAGE, ".html")):
        os.replace(job.folder / source, place / (cell.name + suffix))
        files[cell.name + suffix] = records.file_sha(place / (cell.name + suffix))
    times = {"seconds": round(seconds, 1), "simulation_seconds": said["seconds"]}
    about = {
        "scenario": cell.name,
        "digest": scenario.digest(),
        "replications": cell.replications,
        "seed": scenario.seed,
    }
    records.write_json(place / f"{cell.name}.json", {"key": key, "files": files, **about, **times})
    return None
