"""A worker's two processes for a notebook, and what batches in a row share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from simlib.batch.base import borrowed
from simlib.batch.kernel import Forked
from simlib.core.files import home
from simlib.experiments import records

KILLED = """
import os, signal, sys
from pathlib import Path
from simlib.batch import worker

os.environ[worker.SHORT] = sys.argv[1]
worker.run = lambda folder: os.kill(os.getpid(), signal.SIGKILL)
worker.by_two_processes(Path(sys.argv[1]), os.getppid())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers fork on Linux alone")
def test_a_runner_that_is_killed_leaves_a_failed_job_and_no_process(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(home())}
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=True, env=environment, timeout=120)
    assert (tmp_path / "status").read_text() == "failed"
    assert (tmp_path / "error.txt").read_text() == "its process was killed (signal 9)"
    assert family(tmp_path) == []


ORPHANED = """
import os, signal, sys, time
from pathlib import Path
from simlib.batch import worker

os.environ[worker.SHORT] = sys.argv[1]
worker.run = lambda folder: (folder / "runs").touch() or time.sleep(100)
batch = os.getpid()
if os.fork():
    while not (Path(sys.argv[1]) / "runs").exists():
        time.sleep(0.05)
    os.kill(batch, signal.SIGKILL)
worker.by_two_processes(Path(sys.argv[1]), batch)
"""
LATE = """
import sys
from pathlib import Path
from simlib.batch import worker

worker.by_two_processes(Path(sys.argv[1]), 1)
"""


def family(folder):
    """Processes that were started with a folder's path."""
    return [p.pid for p in psutil.process_iter(["cmdline"]) if str(folder) in (p.info["cmdline"] or [])]


@pytest.mark.skipif(sys.platform != "linux", reason="workers fork on Linux alone")
def test_after_a_batch_is_killed_nobody_lives_on():
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(home())}
        done = subprocess.run([sys.executable, "-c", ORPHANED, folder], env=environment, timeout=120)
        assert done.returncode == -signal.SIGKILL
        start = time.monotonic()
        while family(folder):
            assert time.monotonic() - start < 10, family(folder)
            time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="workers fork on Linux alone")
def test_a_worker_whose_batch_was_killed_while_it_started_begins_no_job(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(home())}
    done = subprocess.run([sys.executable, "-c", LATE, str(tmp_path)], env=environment, timeout=120)
    assert done.returncode == 1 and list(tmp_path.iterdir()) == [] and family(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not known there")
def test_a_forked_kernel_that_has_ended_is_seen_to_have_ended():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    kernel = Forked(process.pid)
    assert kernel.poll() is None
    kernel.send_signal(signal.SIGKILL)
    start = time.monotonic()
    while kernel.poll() is None:  # nobody has taken note of its end: it is a zombie
        assert time.monotonic() - start < 10
        time.sleep(0.01)
    process.wait()
    assert kernel.poll() == 0


def test_a_forked_kernel_that_ends_while_we_look_has_ended(monkeypatch):
    def gone(process):
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil.Process, "status", gone)
    assert Forked(os.getpid()).poll() == 0


def test_what_another_experiment_made_from_the_same_inputs_is_taken_over_and_nothing_else(tmp_path):
    other, own = tmp_path / "first/scenarios", tmp_path / "second/scenarios"
    for place in (other, own):
        place.mkdir(parents=True)
    (other / "a.parquet").write_bytes(b"numbers")
    files = {"a.parquet": records.file_sha(other / "a.parquet")}
    records.write_json(other / "a.json", {"key": "inputs", "files": files})
    assert not borrowed(own, "a", "other inputs")
    assert list(own.iterdir()) == []
    assert borrowed(own, "a", "inputs")
    assert records.is_done(own / "a.json", "inputs")
    (other / "a.parquet").write_bytes(b"touched")
    (own / "a.json").unlink()
    assert not borrowed(own, "a", "inputs")


@pytest.mark.parametrize("files", ['["a"]', '"a"', "3", '{"' + "x" * 300 + '": "1"}', '{"a/../b": null}'])
def test_a_record_whose_files_are_no_files_is_not_done(tmp_path, files):
    (tmp_path / "a.json").write_text(f'{{"key": "k", "files": {files}}}', encoding="utf-8")
    assert not records.is_done(tmp_path / "a.json", "k")
