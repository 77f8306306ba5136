"""Run an experiment: each scenario in a kernel of its own, then the assumptions, then the comparison.

What a run leaves in its folder (``outputs/EXPERIMENT/``, small ones in ``outputs/small/EXPERIMENT/``):

    index.html  comparison.ipynb  manifest.json  tables/  figures/
    scenarios/NAME.html .ipynb .parquet .json     sensitivity/NAME.parquet .json

A scenario is done when its result was read back whole and moved into place, and its record (the .json) was written
after that. Records carry the hash of all that went in; a later run does again only what has no valid record.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from tqdm.auto import tqdm

from simlib import records
from simlib.experiments.plan import Cell, Experiment, load_experiment
from simlib.experiments.run import one
from simlib.experiments.sensitivity import LIMIT, one_at_a_time
from simlib.experiments.store import check_result
from simlib.files import InputError, home
from simlib.jobs import Job, run_jobs, sigterm_ends
from simlib.kernel import JOB, NOTEBOOK, PAGE, TEMPLATE
from simlib.scenario import Scenario

DEADLINE = 3600.0  # seconds a notebook may take
RESULT = "result.parquet"
WORK = ".work"
FULL_SENSITIVITY, SMALL_SENSITIVITY = 6, 2  # replications of each moved assumption


@dataclass
class Summary:
    """What a batch did. failed: reasons by name."""

    experiment: str
    folder: Path
    done: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failed


@dataclass(frozen=True)
class Batch:
    """One experiment on its way through its folder."""

    experiment: Experiment
    folder: Path
    small: bool
    workers: int
    deadline: float
    progress: bool
    summary: Summary

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.experiment.file.name

    @property
    def work(self) -> Path:
        """Where unfinished things lie."""
        return self.folder / WORK

    def template(self, name: str) -> Path:
        """A notebook template."""
        return home() / "notebooks" / f"{name}.ipynb"


def run_batch(
    name: str,
    folder: Path | None = None,
    small: bool = False,
    workers: int | None = None,
    deadline: float = DEADLINE,
    progress: bool = True,
) -> Summary:
    """Run what is not yet done of an experiment. InputError for an unknown one or a folder that another batch is using.

    A scenario that fails fails alone: its reason is in `Summary.failed`, and the comparison shows the others.
    """
    start = time.monotonic()
    experiment = load_experiment(name, small)
    folder = folder or home() / "outputs" / ("small" if small else "") / name
    summary = Summary(name, folder)
    batch = Batch(experiment, folder, small, workers or os.cpu_count() or 1, deadline, progress, summary)
    loaded = {
        c.name: c.load() for c in experiment.cells
    }  # whatever is wrong with the input is said before anything is written
    with sigterm_ends(), _own(batch.work):
        _scenarios(batch, loaded)
        _sensitivity(batch, loaded)
        _comparison(batch)
        summary.seconds = time.monotonic() - start
        _manifest(batch, loaded)
    return summary


@contextmanager
def _own(work: Path) -> Iterator[None]:
    """The folder of unfinished things, ours alone; emptied before and after."""
    holder = records.read_json(work / "batch.json").get("process")
    if holder and holder != os.getpid() and psutil.pid_exists(holder):
        raise InputError(f"{work.parent.name}: another batch (process {holder}) is writing there")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    records.write_json(work / "batch.json", {"process": os.getpid()})
    try:
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)


# ---- scenarios


def _key(batch: Batch, cell: Cell, scenario: Scenario) -> str:
    return records.key_of(
        scenario=scenario.digest(), replications=cell.replications, code=records.code_sha(), lock=records.lock_sha(),
        template=records.file_sha(batch.template("scenario")),
    )  # fmt: skip


def _scenarios(batch: Batch, loaded: dict[str, Scenario]) -> None:
    place = batch.folder / "scenarios"
    place.mkdir(parents=True, exist_ok=True)
    keys = {c.name: _key(batch, c, loaded[c.name]) for c in batch.experiment.cells}
    todo = [c for c in batch.experiment.cells if not records.is_done(place / f"{c.name}.json", keys[c.name])]
    batch.summary.unchanged += [c.name for c in batch.experiment.cells if c not in todo]
    if not todo:
        return
    one(loaded[todo[0].name], 0)  # compiles, if it must, once instead of in every kernel
    todo.sort(key=lambda c: (-_size(loaded[c.name]) * c.replications, c.name))  # the longest first
    inside = max(1, batch.workers // len(todo))
    jobs = [_prepare(batch, c.name, "scenario", _parameters(batch, c, inside)) for c in todo]
    cells = {c.name: c for c in todo}
    with tqdm(
        total=len(jobs), desc=f"{batch.name}: scenarios", unit="", disable=not batch.progress, mininterval=0.5
    ) as bar:

        def done(job: Job, reason: str | None, seconds: float) -> None:
            cell, scenario = cells[job.name], loaded[job.name]
            reason = reason or _keep(job, place, cell, scenario, keys[job.name], seconds)
            if reason:
                _fail(batch, place, job, reason, bar)
            else:
                batch.summary.done.append(job.name)
            bar.update(1)

        run_jobs(jobs, batch.workers, batch.deadline, done)


def _size(scenario: Scenario) -> int:
    return sum(s.count for s in scenario.region.strata) if scenario.region else 1


def _parameters(batch: Batch, cell: Cell, workers: int) -> dict[str, Any]:
    return {
        "scenario": cell.name,
        "experiment": batch.name,
        "replications": cell.replications,
        "workers": workers,
        "output": RESULT,
    }


def _prepare(batch: Batch, name: str, template: str, parameters: dict[str, Any], title: str = "") -> Job:
    folder = batch.work / name
    folder.mkdir()
    shutil.copyfile(batch.template(template), folder / TEMPLATE)
    job = {"parameters": parameters, "title": title or name}
    (folder / JOB).write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    return Job(name, folder)


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


def _fail(batch: Batch, place: Path, job: Job, reason: str, bar: tqdm) -> None:
    """Remember a failure instead of a success; its notebook is kept to look at."""
    batch.summary.failed[job.name] = reason
    records.write_json(place / f"{job.name}.json", {"failed": reason})
    notebook = job.folder / NOTEBOOK
    if notebook.is_file():
        (batch.folder / "failed").mkdir(exist_ok=True)
        os.replace(notebook, batch.folder / "failed" / f"{job.name}.ipynb")
    bar.write(f"{job.name}: failed: {reason}", file=sys.stderr)


# ---- assumptions


def sensitivity_cells(experiment: Experiment, loaded: dict[str, Scenario], small: bool) -> list[Cell]:
    """Scenarios whose assumptions are moved: each place's own rules where the experiment has them, else every place's
    most far-reaching rulebook; the nation is left out for time, and a small batch takes the smallest place alone."""
    default = [
        c for c in experiment.cells if c.obedience == "default" and c.name != c.baseline and c.region != "nation"
    ]
    own = [c for c in default if c.own] or default
    first = {c.region: c for c in reversed(own)}
    cells = sorted(first.values(), key=lambda c: (_size(loaded[c.name]), c.name))
    return cells[:1] if small else cells


def _sensitivity(batch: Batch, loaded: dict[str, Scenario]) -> None:
    place = batch.folder / "sensitivity"
    place.mkdir(exist_ok=True)
    replications = SMALL_SENSITIVITY if batch.small else FULL_SENSITIVITY
    cells = sensitivity_cells(batch.experiment, loaded, batch.small)
    paths: list[str] | None = None  # the smallest place screens, for all of them
    for cell in cells:
        name, pair = cell.name, (loaded[cell.name], loaded[cell.baseline])
        digests = [s.digest() for s in pair]
        key = records.key_of(
            pair=digests, n=replications, limit=LIMIT, code=records.code_sha(), lock=records.lock_sha()
        )
        record = place / f"{name}.json"
        if not records.is_done(record, key):
            start = time.monotonic()
            table = one_at_a_time(
                *pair, replications=replications, workers=batch.workers, paths=paths, progress=batch.progress
            )
            part = place / f"{name}.parquet.part"
            table.to_parquet(part, index=False)
            os.replace(part, place / f"{name}.parquet")
            files = {f"{name}.parquet": records.file_sha(place / f"{name}.parquet")}
            times = {"seconds": round(time.monotonic() - start, 1), "replications": replications}
            records.write_json(record, {"key": key, "files": files, "screened": paths is None, **times})
            batch.summary.done.append(f"sensitivity of {name}")
        else:
            batch.summary.unchanged.append(f"sensitivity of {name}")
        if paths is None:
            import pandas as pd

            paths = sorted(pd.read_parquet(place / f"{name}.parquet")["path"])


# ---- comparison


def _comparison(batch: Batch) -> None:
    inputs = {p.relative_to(batch.folder).as_posix(): records.file_sha(p) for p in _made(batch.folder)}
    key = records.key_of(
        inputs=inputs, code=records.code_sha(), lock=records.lock_sha(), scenarios=records.inputs_sha(),
        template=records.file_sha(batch.template("comparison")),
    )  # fmt: skip
    record = batch.folder / "comparison.json"
    if records.is_done(record, key):
        batch.summary.unchanged.append("comparison")
        return
    if all(c.name in batch.summary.failed for c in batch.experiment.cells):
        batch.summary.failed["comparison"] = "no scenario to compare"
        return
    parameters = {"experiment": batch.name, "folder": "../..", "language": "both", "output": "made"}
    file = batch.experiment.file
    job = _prepare(batch, "comparison", "comparison", parameters, f"{file.title.en} · {file.title.zh}")
    found: list[tuple[str | None, float]] = []
    with tqdm(total=1, desc=f"{batch.name}: comparison", unit="", disable=not batch.progress) as bar:
        run_jobs([job], 1, batch.deadline, lambda j, reason, seconds: found.append((reason, seconds)))
        reason, seconds = found[0]
        if reason:
            _fail(batch, batch.work, job, reason, bar)
            return
        bar.update(1)
    _keep_comparison(batch, job.folder, record, key, seconds)


def _made(folder: Path) -> list[Path]:
    """Result files and records that a comparison reads."""
    kinds = ("scenarios/*.parquet", "scenarios/*.json", "sensitivity/*.parquet")
    return sorted(p for k in kinds for p in folder.glob(k))


def _keep_comparison(batch: Batch, made: Path, record: Path, key: str, seconds: float) -> None:
    files: dict[str, str] = {}
    for part in ("tables", "figures"):
        (batch.folder / part).mkdir(exist_ok=True)
        for source in sorted((made / "made" / part).iterdir()):
            target = batch.folder / part / source.name
            os.replace(source, target)
            files[f"{part}/{source.name}"] = records.file_sha(target)
    for source, name in ((NOTEBOOK, "comparison.ipynb"), (PAGE, "index.html")):
        os.replace(made / source, batch.folder / name)
        files[name] = records.file_sha(batch.folder / name)
    records.write_json(record, {"key": key, "files": files, "seconds": round(seconds, 1)})
    batch.summary.done.append("comparison")


# ---- manifest


def _manifest(batch: Batch, loaded: dict[str, Scenario]) -> None:
    """What went in and came out; left as it is where nothing was done."""
    target = batch.folder / "manifest.json"
    if target.is_file() and not batch.summary.done and not batch.summary.failed:
        return
    told = {c.name: records.read_json(batch.folder / "scenarios" / f"{c.name}.json") for c in batch.experiment.cells}
    any_scenario = next(iter(loaded.values()))
    status = {s.calendar.status(s.horizon) for s in loaded.values()}
    manifest = {
        "experiment": batch.name,
        "small": batch.small,
        "seed": any_scenario.seed,
        "calendar_status": "provisional" if "provisional" in status else min(status),
        "code": records.code_version(),
        "lock": records.lock_sha(),
        "inputs": records.inputs_sha(),
        "packages": records.packages(),
        "scenarios": {n: {k: v for k, v in r.items() if k != "files"} for n, r in told.items()},
        "failed": batch.summary.failed,
        "files": _shas(batch.folder),
        "seconds": {"whole": round(batch.summary.seconds, 1), "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z")},
    }
    records.write_json(target, manifest)


def _shas(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and WORK not in p.parts and p.name != "manifest.json")
    return {p.relative_to(folder).as_posix(): records.file_sha(p) for p in files}
