"""What all parts of a batch share: what it is to do, where things lie, how a notebook is handed to a worker."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tqdm.auto import tqdm

from simlib.batch.jobs import JOB, Job, Staff
from simlib.core.files import home, write_whole
from simlib.experiments import records
from simlib.experiments.sensitivity import Measured
from simlib.scenario.experiment_files import Experiment
from simlib.scenario.scenario import Scenario

TEMPLATE, NOTEBOOK, PAGE = "template.ipynb", "notebook.ipynb", "page.html"  # see `simlib.batch.kernel`
WORK = ".work-"  # begins the name of a folder of unfinished things
LOCK = ".lock"  # in the folder of a batch that is running


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


class Shared:
    """What batches in a row share, as a context: workers that have started, and runs of scenarios with moved assumptions."""

    def __init__(self) -> None:
        self.staff, self.measured = Staff(), Measured()

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *error: object) -> None:
        self.staff.close()


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
    shared: Shared
    language: str = "both"  # of the comparison's page: "en", "zh" or "both"
    notebook: Path | None = None  # a comparison notebook of the user's own, run beside the stored one
    run: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.experiment.file.name

    @property
    def work(self) -> Path:
        """Where unfinished things lie: a folder of this very run, so that no process left from another writes there."""
        return self.folder / f"{WORK}{self.run}"

    def template(self, name: str) -> Path:
        """A notebook template."""
        return home() / "notebooks" / f"{name}.ipynb"


def size(scenario: Scenario) -> int:
    """Number of hospitals."""
    return sum(s.count for s in scenario.region.strata) if scenario.region else 1


def prepare(batch: Batch, name: str, template: Path, parameters: dict[str, Any], title: str = "") -> Job:
    """A folder with everything that a worker needs for one notebook."""
    folder = batch.work / name
    folder.mkdir()
    shutil.copyfile(template, folder / TEMPLATE)
    job = {"parameters": parameters, "title": title or name}
    (folder / JOB).write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    return Job(name, folder)


def borrowed(place: Path, name: str, key: str) -> bool:
    """Take over what another experiment, in a folder beside this one's, has already made from the very same inputs.

    place: folder of records, `scenarios` or `sensitivity`. The record comes last, as ever.
    """
    for record in sorted(place.parent.parent.glob(f"*/{place.name}/{name}.json")):
        if record.parent != place and records.is_done(record, key):
            made = records.read_json(record)
            for file in made["files"]:
                write_whole(place / file, (record.parent / file).read_bytes())
            records.write_json(place / record.name, made)
            return True
    return False


def forget_failure(batch: Batch, name: str) -> None:
    """Take away the notebook that an earlier failure left: what is done again either succeeds or leaves its own."""
    kept = batch.folder / "failed" / f"{name}.ipynb"
    if kept.is_file():
        kept.unlink()
        with suppress(OSError):  # others are in there
            kept.parent.rmdir()


def fail(batch: Batch, place: Path, job: Job, reason: str, bar: tqdm) -> None:
    """Remember a failure instead of a success; its notebook is kept to look at."""
    batch.summary.failed[job.name] = reason
    records.write_json(place / f"{job.name}.json", {"failed": reason})
    notebook = job.folder / NOTEBOOK
    if notebook.is_file():
        (batch.folder / "failed").mkdir(exist_ok=True)
        os.replace(notebook, batch.folder / "failed" / f"{job.name}.ipynb")
    bar.write(f"{job.name}: failed: {reason}", file=sys.stderr)
