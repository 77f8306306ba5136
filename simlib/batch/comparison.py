"""The part of a batch that compares: the comparison notebook, its page, tables and figures, and the manifest."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tqdm.auto import tqdm

from simlib.batch.base import LOCK, NOTEBOOK, PAGE, WORK, Batch, fail, forget_failure, prepare
from simlib.batch.jobs import Job
from simlib.batch.sealing import keys, seal_files
from simlib.core.files import InputError, shown
from simlib.experiments import records
from simlib.scenario.scenario import Scenario

TAKEN = (
    "comparison",
    "index",
    "manifest",
    "scenarios",
    "sensitivity",
    "obedience",
    "again",
    "tables",
    "figures",
    "failed",
    "handout",
    "seals",
    "ledgers",
)


def comparison(batch: Batch) -> None:
    """Run the comparison notebook, unless nothing that it reads has changed."""
    _compare(batch, "comparison", batch.template("comparison"), "index.html", ".")


def own_report(batch: Batch) -> None:
    """Run the user's own comparison notebook, if one was named: NAME.html, NAME.ipynb and NAME/ for what it writes."""
    if batch.notebook is not None and not batch.summary.failed.get("comparison"):
        name = batch.notebook.stem
        _compare(batch, name, batch.notebook, f"{name}.html", name)


def check_notebook(path: Path) -> None:
    """InputError unless a path is a notebook that can take the place of notebooks/comparison.ipynb."""
    if path.suffix != ".ipynb" or not path.is_file():
        raise InputError(f"{shown(path)}: {'not a notebook (.ipynb)' if path.is_file() else 'no such file'}")
    if path.stem in TAKEN or path.stem.startswith("."):
        raise InputError(
            f"{shown(path)}: a batch has its own {path.stem}; give the copy another name, such as my-report.ipynb"
        )
    from simlib.batch.kernel import check_parameters

    try:
        check_parameters(path, _parameters("", "both"))
    except InputError:
        raise
    except Exception as e:  # whatever a damaged file makes of nbformat
        raise InputError(f"{shown(path)}: cannot be read as a notebook ({type(e).__name__})") from None


def _parameters(experiment: str, language: str) -> dict[str, str]:
    return {"experiment": experiment, "folder": "../..", "language": language, "output": "made"}


def _compare(batch: Batch, name: str, template: Path, page: str, place: str) -> None:
    """Run a notebook that compares, unless nothing that it reads has changed. place: of its tables and figures."""
    inputs = {p.relative_to(batch.folder).as_posix(): records.file_sha(p) for p in _made(batch.folder)}
    key = records.key_of(
        inputs=inputs, code=records.code_sha(), lock=records.lock_sha(), scenarios=records.inputs_sha(),
        template=records.file_sha(template), language=batch.language,
    )  # fmt: skip
    record = batch.folder / f"{name}.json"
    if records.is_done(record, key):
        batch.summary.unchanged.append(name)
        return
    if all(c.name in batch.summary.failed for c in batch.experiment.cells):
        batch.summary.failed[name] = "no scenario to compare"
        return
    forget_failure(batch, name)
    said = batch.experiment.file.title
    title = f"{said.en} · {said.zh}" if batch.language == "both" else getattr(said, batch.language)
    job = prepare(batch, name, template, _parameters(batch.name, batch.language), title)
    found: list[tuple[str | None, float]] = []
    with tqdm(total=1, desc=f"{batch.name}: {name}", unit="", disable=not batch.progress) as bar:
        batch.shared.staff.run([job], 1, batch.deadline, lambda j, reason, seconds: found.append((reason, seconds)))
        reason, seconds = found[0]
        if reason:
            fail(batch, batch.work, job, reason, bar)
            return
        bar.update(1)
    _keep(batch, job, page, place, record, key, seconds)


def _made(folder: Path) -> list[Path]:
    """Result files and records that a comparison reads."""
    kinds = (
        "scenarios/*.parquet",
        "scenarios/*.json",
        "sensitivity/*.parquet",
        "obedience/*.parquet",
        "again/*.parquet",
        "ledgers/*.json",
    )
    return sorted([*(p for k in kinds for p in folder.glob(k)), *seal_files(folder)])


def _keep(batch: Batch, job: Job, page: str, place: str, record: Path, key: str, seconds: float) -> None:
    """Move what a notebook left into place, and write its record."""
    files: dict[str, str] = {}
    for part in ("tables", "figures"):
        made = job.folder / "made" / part
        for source in sorted(made.iterdir()) if made.is_dir() else ():  # an own notebook may write none
            target = batch.folder / place / part / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
            files[target.relative_to(batch.folder).as_posix()] = records.file_sha(target)
    for source, name in ((NOTEBOOK, f"{job.name}.ipynb"), (PAGE, page)):
        os.replace(job.folder / source, batch.folder / name)
        files[name] = records.file_sha(batch.folder / name)
    records.write_json(record, {"key": key, "files": files, "seconds": round(seconds, 1)})
    batch.summary.done.append(job.name)


def manifest(batch: Batch, loaded: dict[str, Scenario]) -> None:
    """What went in and came out; left as it is where nothing was done.

    Written before the comparison, whose page shows it, and again after it.
    """
    target = batch.folder / records.MANIFEST
    if target.is_file() and not batch.summary.done and not batch.summary.failed:
        return
    told = {c.name: records.read_json(batch.folder / "scenarios" / f"{c.name}.json") for c in batch.experiment.cells}
    any_scenario = next(iter(loaded.values()))
    status = {s.calendar.status(s.horizon) for s in loaded.values()}
    whole = {
        "experiment": batch.name,
        "small": batch.small,
        "seed": any_scenario.seed,
        "calendar_status": "provisional" if "provisional" in status else min(status),
        "code": records.code_version(),
        "lock": records.lock_sha(),
        "inputs": records.inputs_sha(),
        "packages": records.packages(),
        "machine": records.machine(),
        "scenarios": {n: {k: v for k, v in r.items() if k != "files"} for n, r in told.items()},
        "seals": keys(batch.folder),
        "failed": batch.summary.failed,
        "files": _shas(batch.folder),
        "seconds": {"whole": round(batch.summary.seconds, 1), "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z")},
    }
    records.write_json(target, whole)


def _shas(folder: Path) -> dict[str, str]:
    files = (
        p for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.relative_to(folder).parts[0].startswith(WORK) and p.name not in (records.MANIFEST, LOCK)
    )  # fmt: skip
    return {p.relative_to(folder).as_posix(): records.file_sha(p) for p in files}
