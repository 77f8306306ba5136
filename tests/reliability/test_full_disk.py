"""R3: a disk that is really full. One line says so, and what was there before stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simlib.cli import main
from tests.reliability.killed import OUT, project

KB = 64  # of the disk
OLD = dict.fromkeys(("table.csv", "table.parquet", "table.json", "picture.svg"), b"old")
FULL = "No space left on device; make room"


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of its own at a folder."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("needs Linux and the right to mount a disk of its own")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """A disk of a few kilobytes with files of somebody's, and no room left."""
    with mounted(tmp_path_factory.mktemp("disk"), KB) as folder:
        for name, content in OLD.items():
            (folder / name).write_bytes(content)
        fill(folder)
        yield folder


def fill(folder: Path) -> None:
    """Write until nothing goes any more."""
    with pytest.raises(OSError), (folder / "filling").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))


def left(folder: Path) -> dict[str, bytes]:
    """What is there but for the filling, half files and empty ones included."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name not in ("filling", ".lock")]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


@pytest.mark.parametrize(
    "words",
    [
        "run first --replications 2 --out DISK/table.csv --force",
        "run first --replications 2 --out DISK/table.parquet --force",
        "run first --replications 2 --out DISK/table.json --force",
        "draw map first DISK/picture.svg --replications 2 --force",
        "template hospitals DISK/new.xlsx",
        "template observed DISK/new.xlsx",
        "template drugs DISK/new.csv",
        "workshop DISK/lessons",
    ],
)
def test_a_command_says_in_one_line_that_the_disk_is_full_and_leaves_all_as_it_was(disk, capfd, words):
    assert main([w.replace("DISK", str(disk)) for w in words.split()]) == 2
    said = capfd.readouterr().err.splitlines()
    assert len([line for line in said if line.startswith("simlib: ") and FULL in line]) == 1, said
    assert not [line for line in said if "Traceback" in line or "ignored" in line], said
    assert left(disk) == OLD


def test_a_batch_on_a_full_disk_says_so_and_leaves_all_as_it_was(disk, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("SIMLIB_HOME", str(project(tmp_path / "home")))
    (tmp_path / "home/outputs").rmdir()
    (tmp_path / "home/outputs").symlink_to(disk)
    before = left(disk)
    assert main(["batch", "tiny", "--small", "--workers", "1"]) == 2
    assert FULL in capfd.readouterr().err.splitlines()[-1]
    assert left(disk) == before and not list((tmp_path / "home" / OUT).glob(".work*"))


@pytest.mark.slow
def test_a_batch_whose_disk_fills_while_it_runs_says_so_and_leaves_nothing_half(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("SIMLIB_HOME", str(project(tmp_path / "home")))
    with mounted(tmp_path / "home/outputs", 900) as disk:  # room for a notebook, and not for its pages
        assert main(["batch", "tiny", "--small", "--workers", "1"]) == 2
        assert FULL in capfd.readouterr().err.splitlines()[-1]
        records = [p for p in disk.rglob("*.json") if '"done"' in p.read_text(encoding="utf-8")]
        assert left(disk) and not records and not list(disk.rglob("*.part")) and not list(disk.rglob("*.html"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("words", ["--version", "list levers"])
def test_what_cannot_be_printed_on_a_full_disk_is_one_line_too(words):
    with Path("/dev/full").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "simlib", *words.split()], stdout=out, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": ""}, timeout=120,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"simlib: the output: cannot be written: {FULL} on the disk\n"
