"""The part of a batch that compares: the comparison notebook, its page, tables and figures, and the manifest."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tqdm.auto import tqdm

from simlib import records
from simlib.batch_base import NOTEBOOK, PAGE, WORK, Batch, fail, prepare
from simlib.jobs import run_jobs
from simlib.scenario import Scenario


def comparison(batch: Batch) -> None:
    """Run the comparison notebook, unless nothing that it reads has changed."""
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
    job = prepare(batch, "comparison", "comparison", parameters, f"{file.title.en} · {file.title.zh}")
    found: list[tuple[str | None, float]] = []
    with tqdm(total=1, desc=f"{batch.name}: comparison", unit="", disable=not batch.progress) as bar:
        run_jobs([job], 1, batch.deadline, lambda j, reason, seconds: found.append((reason, seconds)))
        reason, seconds = found[0]
        if reason:
            fail(batch, batch.work, job, reason, bar)
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
        "failed": batch.summary.failed,
        "files": _shas(batch.folder),
        "seconds": {"whole": round(batch.summary.seconds, 1), "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z")},
    }
    records.write_json(target, whole)


def _shas(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and WORK not in p.parts and p.name != records.MANIFEST)
    return {p.relative_to(folder).as_posix(): records.file_sha(p) for p in files}
