import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from textwrap import indent
from unittest.mock import Mock

import nbformat
import numpy as np
import pandas as pd
import pytest

import simlib
from simlib.batch import assumptions as batch_assumptions
from simlib.batch import jobs
from simlib.batch.base import LOCK, Batch, Shared, Summary
from simlib.batch.batch import is_sound, run_batch
from simlib.batch.jobs import Job, Staff, Stops
from simlib.core.files import InputError, home
from simlib.experiments import records
from simlib.experiments.run import Result
from simlib.experiments.store import check_result, read_result, write_result
from tests.handed import MOVED, batch_folder
from tests.reliability.killed import project

STUB = """
import os, sys, time
for line in sys.stdin:
    folder = line.strip()
    name = os.path.basename(folder)
    if name == "dies":
        sys.exit(3)
    if name == "late":
        time.sleep(60)
    ok = name != "fails"
    if not ok:
        open(os.path.join(folder, "error.txt"), "w").write("ValueError: on purpose")
    open(os.path.join(folder, "status.part"), "w").write("well" if ok else "failed")
    os.replace(os.path.join(folder, "status.part"), os.path.join(folder, "status"))
"""


@pytest.fixture
def stub(tmp_path, monkeypatch):
    file = tmp_path / "stub.py"
    file.write_text(STUB)
    monkeypatch.setattr(jobs, "WORKER", [sys.executable, str(file)])

    def run(*names, workers=2, deadline=30.0):
        todo = []
        for name in names:
            (tmp_path / name).mkdir()
            todo.append(Job(name, tmp_path / name))
        ended = {}
        staff = Staff()
        try:
            staff.run(todo, workers, deadline, lambda job, reason, seconds: ended.update({job.name: reason}))
        finally:
            staff.close()
        return ended

    return run


def test_jobs_that_end_well_have_no_reason(stub):
    assert stub("a", "b", "c") == {"a": None, "b": None, "c": None}


def test_a_job_that_fails_or_takes_its_worker_with_it_fails_alone(stub):
    ended = stub("dies", "fails", "a", "b", workers=1)
    assert "status 3" in ended["dies"]
    assert ended["fails"] == "ValueError: on purpose"
    assert ended["a"] is None
    assert ended["b"] is None


def test_a_job_past_its_deadline_is_ended(stub):
    ended = stub("late", "a", workers=2, deadline=1.5)
    assert "not finished after" in ended["late"]
    assert ended["a"] is None


def made_up_result(n=3):
    scenario = simlib.load_scenario("chain")
    names = ("stocked_12m", "entered", "overloaded", "heard_at_first", "ever_temporary")
    keys = [(name, "all", "all") for name in names]
    values = pd.DataFrame(np.random.default_rng(1).random((5, n)), columns=range(n))
    values.index = pd.MultiIndex.from_tuples(keys, names=["indicator", "by", "group"])
    values.iloc[0, 0] = np.nan
    return Result(scenario, values, np.sort(np.random.default_rng(2).random((n, 3, 37)), axis=2), 1.5)


def test_a_result_comes_back_bit_by_bit(tmp_path):
    result = made_up_result()
    write_result(result, tmp_path / "r.parquet")
    again = read_result(tmp_path / "r.parquet", result.scenario)
    pd.testing.assert_frame_equal(again.values, result.values, check_exact=True)
    assert (again.curves == result.curves).all()
    assert not list(tmp_path.glob("*.part"))


def test_a_result_of_another_version_or_length_is_refused(tmp_path):
    result = made_up_result()
    path = tmp_path / "r.parquet"
    write_result(result, path)
    check_result(path, "chain", result.scenario.digest(), 3)
    with pytest.raises(InputError, match="replications"):
        check_result(path, "chain", result.scenario.digest(), 4)
    with pytest.raises(InputError, match="another version"):
        read_result(path, simlib.load_scenario("chain", {"seed": 5}))


def test_a_truncated_result_is_refused(tmp_path):
    result = made_up_result()
    path = tmp_path / "r.parquet"
    write_result(result, path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError):
        check_result(path, "chain", result.scenario.digest(), 3)


def test_a_resumed_batch_does_not_pass_over_a_forged_result(tmp_path):
    result = made_up_result()
    cell = Mock(replications=3)
    cell.name = "chain"
    write_result(result, tmp_path / "chain.parquet")
    assert is_sound(tmp_path, cell, result.scenario)
    write_result(Result(result.scenario, result.values * 0 + 42.0, result.curves, 1.0), tmp_path / "chain.parquet")
    assert not is_sound(tmp_path, cell, result.scenario)
    (tmp_path / "chain.parquet").unlink()
    assert not is_sound(tmp_path, cell, result.scenario)


def test_a_record_is_valid_only_for_its_key_and_untouched_files(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"x")
    record = tmp_path / "a.json"
    records.write_json(record, {"key": "k", "files": {"a.parquet": records.file_sha(tmp_path / "a.parquet")}})
    assert records.is_done(record, "k")
    assert not records.is_done(record, "other")
    (tmp_path / "a.parquet").write_bytes(b"y")
    assert not records.is_done(record, "k")
    assert not records.is_done(tmp_path / "none.json", "k")


@pytest.mark.parametrize("name", ["scenario", "comparison"])
def test_templates_are_stored_without_outputs_and_hold_no_functions(name):
    notebook = nbformat.read(home() / "notebooks" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.outputs == [] and c.execution_count is None for c in code)
    assert not any("def " in c.source or "lambda" in c.source for c in code)
    assert sum("parameters" in c.metadata.get("tags", []) for c in notebook.cells) == 1
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    assert all(c.id.isidentifier() for c in notebook.cells)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A project of its own with one tiny experiment: what is run does not matter."""
    monkeypatch.setenv("SIMLIB_HOME", str(project(tmp_path, "before-reform, national, own, sichuan", "none, default")))
    return tmp_path


FAILURES = {  # what stands in the last cell of a scenario's notebook, and what a batch must say of it
    "national-default": ("raise ValueError('on purpose')", "ValueError: on purpose"),
    "national-none": ("import sys; sys.exit(0)", "left no valid result: result.parquet: no readable result file"),
    "chongqing-none": ("import os; os._exit(0)", "DeadKernelError: Kernel died"),
    "sichuan-default": (
        "import dataclasses; result = dataclasses.replace(result, values=result.values * 0 + 42.0)",
        "left no valid result: result.parquet: cannot be the result of a run: stocked_12m (all all) is 42",
    ),
    "sichuan-none": (
        "try: 1 / 0\nexcept ZeroDivisionError as e: print(e); output = ''",
        "left no valid result: result.parquet: no readable result file",
    ),
}


def spoil(root: Path) -> None:
    """Let notebooks fail, or end as if all were well, each in its own way."""
    path = root / "notebooks/scenario.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    last = [c for c in notebook["cells"] if c["cell_type"] == "code"][-1]
    for name, (code, _) in FAILURES.items():
        last["source"].insert(0, f"if scenario == 'chongqing-{name}':\n{indent(code, '    ')}\n")
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.slow
def test_scenarios_that_fail_or_lie_fail_alone_and_once_mended_the_batch_is_whole_and_a_third_one_does_nothing(tiny):
    """One batch after the other in one folder, for a batch takes a minute."""
    whole = (tiny / "notebooks/scenario.ipynb").read_bytes()
    spoil(tiny)
    done = run_batch("tiny", small=True, workers=2, progress=False)
    _failed_alone(done, tiny / "outputs/small/tiny")
    (tiny / "notebooks/scenario.ipynb").write_bytes(whole)
    done = run_batch("tiny", small=True, workers=2, progress=False)
    assert done.ok, done.failed
    _whole(tiny / "outputs/small/tiny", tiny)
    before = {p: p.stat().st_mtime_ns for p in (tiny / "outputs/small/tiny").rglob("*") if p.is_file()}
    again = run_batch("tiny", small=True, workers=2, progress=False)
    assert again.done == []
    assert {p: p.stat().st_mtime_ns for p in (tiny / "outputs/small/tiny").rglob("*") if p.is_file()} == before


def _failed_alone(done: Summary, folder: Path) -> None:
    """Of each the reason is told, the page names it, no result of it is kept, and the others are done."""
    assert set(done.failed) == {f"chongqing-{name}" for name in FAILURES}
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name, (_, words) in FAILURES.items():
        assert done.failed[f"chongqing-{name}"].startswith(words)
        assert f"chongqing-{name}" in page and not (folder / f"scenarios/chongqing-{name}.parquet").exists()
    kept = {p.stem for p in (folder / "scenarios").glob("*.parquet")}
    assert kept == {
        f"chongqing-{name}" for name in ("before-reform-default", "before-reform-none", "chongqing-default")
    }
    assert (folder / "failed/chongqing-national-default.ipynb").is_file()  # to be looked at, until it is done


def _whole(folder: Path, root: Path) -> None:
    """Pages, tables and figures are there, say of what they are, and name no path of this machine."""
    for name in ("index.html", "comparison.ipynb", "manifest.json", "tables/results.csv", "figures/headline-zh.svg"):
        assert (folder / name).is_file(), name
    assert not (folder / "failed").exists()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"inputs", "code", "seed", "packages", "machine", "calendar_status", "seconds"} <= set(manifest)
    appendix = (folder / "index.html").read_text(encoding="utf-8").split('id="stress-en"')[1]
    for said in (manifest["code"]["sources"], manifest["packages"]["python"], f"{manifest['machine']['cores']} cores"):
        assert said in appendix, said
    for path in folder.rglob("*"):
        if path.suffix in (".json", ".ipynb", ".html", ".csv", ".svg"):
            assert str(root) not in path.read_text(encoding="utf-8"), path.name


def test_a_sensitivity_that_is_due_again_takes_its_old_table_away_first(tmp_path, monkeypatch):
    folder = tmp_path / "own-rules"
    study = batch_folder(folder)
    old = folder / "sensitivity" / f"{MOVED}.parquet"
    records.write_json(old.with_suffix(".json"), {"key": "of old inputs", "files": {old.name: records.file_sha(old)}})

    def interrupted(*args, **more):
        raise ValueError("on purpose")

    monkeypatch.setattr(batch_assumptions, "one_at_a_time", interrupted)
    loaded = {n: r.scenario for n, r in study.results.items()}
    batch = Batch(study.experiment, folder, False, 1, 60.0, False, Summary("own-rules", folder), Shared())
    batch_assumptions.sensitivity(batch, loaded)
    assert batch.summary.failed == {f"sensitivity of {MOVED}": "ValueError: on purpose"}
    assert list(old.parent.iterdir()) == []


HOLDER = "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire(); print(1, flush=True); time.sleep(60)"


def test_two_batches_do_not_write_into_one_folder_and_one_that_was_killed_keeps_nobody_out(tiny, monkeypatch):
    monkeypatch.setattr("simlib.batch.batch._scenarios", lambda batch, loaded: batch.shared.staff.stops.again())
    monkeypatch.setattr("simlib.batch.batch.sensitivity", lambda batch, loaded: None)
    for part in ("comparison", "own_report"):
        monkeypatch.setattr(f"simlib.batch.batch.{part}", lambda batch: None)
    folder = tiny / "outputs/small/tiny"
    folder.mkdir(parents=True)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder / LOCK)], stdout=subprocess.PIPE)
    holder.stdout.readline()
    with pytest.raises(InputError, match="outputs/small/tiny: another batch is writing there"):
        run_batch("tiny", small=True, progress=False)
    holder.kill()
    holder.wait()
    assert run_batch("tiny", small=True, progress=False).ok


def test_an_interrupt_that_a_callback_swallows_still_ends_the_batch():
    before = signal.getsignal(signal.SIGINT)  # ignored where a shell runs the tests in the background
    for number, kind in ((signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)):
        with Stops() as stops, pytest.raises(kind):
            with suppress(KeyboardInterrupt, SystemExit):  # as where an error is only printed
                os.kill(os.getpid(), number)
                time.sleep(5)
            stops.again()
    assert signal.getsignal(signal.SIGINT) is before


def test_texts_and_tables_of_the_package_are_part_of_what_a_record_is_valid_for(tmp_path, monkeypatch):
    shutil.copytree(records.PACKAGE, tmp_path / "simlib", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(records, "PACKAGE", tmp_path / "simlib")
    seen = {records.code_sha.__wrapped__()}
    for name in ("words/report/zh.yaml", "outcomes/indicators.csv", "core/workdays.py"):
        with (tmp_path / "simlib" / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        seen.add(records.code_sha.__wrapped__())
    assert len(seen) == 4
