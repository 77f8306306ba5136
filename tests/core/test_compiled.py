"""Compiled code: kept under a name that covers its sources, made once, and waited for only where it must be."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from joblib.parallel import ParallelBackendBase

numba = pytest.importorskip("numba")

from numba.core import compiler, ir  # noqa: E402
from numba.core.registry import cpu_target  # noqa: E402

from simlib.core import compile_ahead, compile_cache, compile_parts, compiled  # noqa: E402
from simlib.core.compile_cache import Files, fingerprint, sources  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
COUNT = """
import hashlib
from simlib.core import compile_parts
from simlib.core.compiled import compile_all
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
groups, compile = [], compile_parts._compile
compile_parts._compile = lambda calls: groups.append(calls) or compile(calls)
compile_all()
found = replicate(load_scenario("stages"), 0, pairs=True)
print(hashlib.sha256(b"".join(a.tobytes() for a in (found.cube, found.tally, found.fates, found.money))).hexdigest())
print(len(groups))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, with other dates."""
    return Path(shutil.copytree(ROOT / "simlib", tmp_path / "elsewhere/simlib", copy_function=shutil.copyfile))


def run(*words: str, cwd: Path = ROOT, **environment: str | Path) -> subprocess.CompletedProcess:
    """A fresh Python in a checkout, with its cache where `environment` says."""
    clean = {k: v for k, v in os.environ.items() if k not in ("SIMLIB_COMPILE", "SIMLIB_COMPILING", "SIMLIB_PLAIN")}
    given = {k: str(v) for k, v in environment.items()}
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(cwd), **given},
        capture_output=True,
        text=True,
    )


# ---- the name


def test_a_moved_folder_has_the_name_of_its_sources(copy: Path):
    assert fingerprint(copy) == fingerprint()


@pytest.mark.parametrize(
    ("file", "old", "new", "other"),
    [
        ("model/rules.py", "K_DIRECT", "K_DIRECTLY", True),
        ("core/workdays.py", "YEAR = 365.25", "YEAR = 365.26", True),
        (
            "policy/levers.py",
            "BARRIERS",
            "BARRIER",
            True,
        ),  # holds no compiled function, and lengths of its tables are compiled
        ("policy/scopes.yaml", "class1", "class_1", True),
        ("core/compile_parts.py", "nogil", "nogil_", True),
        ("report/page.py", "def", "def ", False),
    ],
)
def test_a_name_covers_what_is_compiled_and_its_constants_and_nothing_else(copy, file, old, new, other):
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert (fingerprint(copy) != fingerprint()) == other


def test_a_name_covers_versions_and_settings_of_numba(monkeypatch):
    before = fingerprint()
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert fingerprint() != before


def test_what_joblib_sets_in_its_workers_changes_no_name_so_that_they_find_what_is_compiled(monkeypatch):
    before = fingerprint()
    for name in ParallelBackendBase.MAX_NUM_THREADS_VARS:
        monkeypatch.setenv(name, "1")
    assert fingerprint() == before


def test_every_module_with_compiled_functions_and_what_it_reads_counts():
    import simlib.model.model  # noqa: F401

    known = {p.relative_to(compile_cache.PACKAGE).as_posix() for p in sources()}
    holds = [m for n, m in sys.modules.items() if n.startswith("simlib.")]
    functions = [f for m in holds for f in vars(m).values() if isinstance(f, compile_parts.Compiled)]
    assert len(functions) > 150
    for function in functions:
        assert function.__module__.removeprefix("simlib.").replace(".", "/") + ".py" in known


# ---- the files


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """The folder of compiled code, not there yet."""
    monkeypatch.setattr(compile_cache, "folder", lambda: tmp_path / "cache/compiled-now")
    return tmp_path / "cache/compiled-now"


def test_what_was_written_is_read_and_half_a_file_is_none(place: Path):
    files = Files()
    assert files.read("f") is None
    files.write("f", [1, 2])
    assert files.read("f") == [1, 2]
    (path,) = place.glob("f.*.nbc")
    path.write_bytes(path.read_bytes()[:-3])
    assert files.read("f") is None
    assert not list(place.glob("*.tmp.*"))


def test_old_folders_are_forgotten_but_the_newest(place: Path):
    for n in range(8):
        old = place.parent / f"compiled-{n}"
        old.mkdir(parents=True)
        os.utime(old, (n, n))
    Files().complete_now()
    assert sorted(p.name for p in place.parent.iterdir()) == [*(f"compiled-{n}" for n in range(4, 8)), "compiled-now"]


def test_a_user_without_a_home_folder_is_told_that_every_run_compiles_anew(monkeypatch, capsys):
    monkeypatch.setenv("SIMLIB_CACHE", "")  # what is put in its place is taken out again after the test
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    monkeypatch.setattr(compile_cache, "folder", compile_cache.folder.__wrapped__)
    files = Files()
    files.make_sure()
    files.make_sure()
    said = capsys.readouterr().err
    assert (
        said.count("\n") == 1 and "you have no home folder, so that every run compiles anew; set SIMLIB_CACHE" in said
    )
    assert (files.instead / "writable").is_file()
    shutil.rmtree(files.instead.parent)


def test_a_folder_that_cannot_be_written_is_replaced_and_said_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SIMLIB_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(compile_cache, "folder", lambda: tmp_path / "file/compiled-now")
    files = Files()
    for name in "ab":
        files.write(name, None)
    files.complete_now()
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "every run compiles anew; set SIMLIB_CACHE to a folder that can be" in said
    assert files.complete() and (files.instead / "a.nbi").exists()
    assert Path(os.environ["SIMLIB_CACHE"]) == files.instead.parent  # processes that are started later find it
    shutil.rmtree(files.instead.parent)


# ---- which way the functions run


class Maker:
    """A process that compiles: as long as `left` looks at it."""

    def __init__(self, left: int) -> None:
        self.left = left

    def poll(self) -> int | None:
        """As of Popen."""
        self.left -= 1
        return None if self.left >= 0 else 0


@pytest.fixture
def engine(place: Path, monkeypatch) -> compile_ahead._Engine:
    """A process that has not chosen yet, on a cold cache; nothing is compiled or started in earnest."""
    one = compile_ahead._Engine()
    one.chosen = []
    monkeypatch.delenv("SIMLIB_COMPILE", raising=False)
    monkeypatch.setattr(compile_ahead, "POLL", 0.0)
    monkeypatch.setattr(compile_ahead, "FILES", Files())
    monkeypatch.setattr(compile_ahead, "_FIRST_TELLS", True)
    monkeypatch.setattr(compile_ahead, "run_plainly", one.chosen.append)
    monkeypatch.setattr(compile_ahead, "compile_all", lambda: one.chosen.append("compiled here"))
    monkeypatch.setattr(one, "_start", lambda: setattr(one, "maker", one.maker or Maker(50)))
    return one


def test_a_worker_does_not_wait_for_a_process_that_has_ended_and_is_not_yet_collected(engine, monkeypatch):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    while psutil.Process(ended.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    monkeypatch.setenv("SIMLIB_COMPILING", str(ended.pid))
    assert not engine._making()
    ended.wait()
    assert not engine._making()


def test_a_small_world_runs_plainly_until_the_code_is_there(engine, place, capsys):
    engine.choose(100.0)
    engine.choose(100.0)
    Files().complete_now()
    engine.choose(100.0)
    assert engine.chosen == [True, True, False]
    assert capsys.readouterr().err.count("compiling the model, once on this machine; small worlds are answered") == 1


def test_a_large_world_waits_and_says_so(engine, capsys):
    engine.choose(1e7)
    assert engine.chosen == ["compiled here", False]  # the other process ended without success
    assert "this world waits for it" in capsys.readouterr().err


def test_who_wants_the_code_first_gets_it_first(engine, monkeypatch):
    monkeypatch.setenv("SIMLIB_COMPILE", "first")
    engine.choose(100.0)
    assert engine.chosen == ["compiled here", False] and engine.maker is None


def test_cold_until_all_is_compiled(place: Path, monkeypatch):
    monkeypatch.setattr(compile_cache, "FILES", Files())
    assert compiled.cold()
    Files().complete_now()
    assert not compiled.cold()
    monkeypatch.setattr(compiled, "PLAIN", True)  # plain Python never compiles
    assert not compiled.cold()


# ---- in earnest


@pytest.mark.slow
def test_a_second_checkout_compiles_nothing(tmp_path: Path):
    first = run("-c", COUNT)
    assert first.returncode == 0, first.stderr
    for name in ("simlib", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / "second" / name, copy_function=shutil.copyfile)
    second = run("-c", COUNT, cwd=tmp_path / "second")
    assert second.stdout.split() == [first.stdout.split()[0], "0"], second.stderr


@pytest.mark.slow
def test_two_cold_processes_at_once_give_the_same_numbers_and_leave_a_whole_cache(tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SIMLIB_CACHE": str(tmp_path), "SIMLIB_COMPILE": "first"}
    both = [
        subprocess.Popen([sys.executable, "-c", COUNT], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [p.communicate()[0].split() for p in both]
    assert said[0] == [said[1][0], "1"] and said[1][1] == "1"  # all functions together, and none by itself afterwards
    after = run("-c", COUNT, SIMLIB_CACHE=tmp_path)
    assert after.stdout.split() == [said[0][0], "0"], after.stderr
    assert not list(tmp_path.rglob("*.tmp.*"))


ANSWER = """
import os
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from simlib.core.compile_parts import is_plain
replicate(load_scenario("stages"), 0)
print(is_plain(), os.environ["SIMLIB_COMPILING"])
"""


@pytest.mark.slow
@pytest.mark.parametrize("writable", [True, False])
def test_the_first_answer_on_a_cold_cache_waits_for_nothing_and_leaves_no_process(tmp_path: Path, writable):
    (tmp_path / "file").touch()
    found = run("-c", ANSWER, SIMLIB_CACHE=tmp_path / ("cache" if writable else "file"))
    assert found.returncode == 0, found.stderr
    plain, number = found.stdout.split()
    assert plain == "True" and not psutil.pid_exists(int(number))
    assert "simlib: compiling the model, once on this machine; small worlds are answered" in found.stderr
    assert found.stderr.count("cannot be written") == (not writable)


def test_a_function_with_other_types_is_compiled_by_itself_and_kept(place: Path):
    @compile_parts.Compiled
    def double(x):
        return x + x

    assert double.whole(2.5) == 5.0 and double.whole(3) == 6
    assert len(list(place.glob("group-*.nbi"))) == 2


def test_numba_works_as_ever_after_the_model_was_compiled(place: Path):
    def least(x):
        return np.argsort(x)[0]

    before = dict(vars(ir.Inst)), dict(vars(compiler.Flags)), dict(vars(cpu_target.typing_context))
    x = np.array([3.0, 1.0, 2.0])
    assert compile_parts.Compiled(least).whole(x) == 1
    assert before[:2] == (dict(vars(ir.Inst)), dict(vars(compiler.Flags)))
    assert before[2].keys() == vars(cpu_target.typing_context).keys()
    same = {k: v for k, v in compile_parts.ENTRY.items() if k != "nopython"}
    assert numba.njit(**same)(least)(x) == 1  # with the same options, so that it finds the same helpers


def test_another_version_of_numba_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(numba, "__version__", "0.99.0")
    with pytest.raises(ImportError, match="found 0.99.0: install numba==.*, or set SIMLIB_PLAIN=1"):
        runpy.run_path(str(ROOT / "simlib/core/compile_passes.py"))


def test_a_pointer_gives_compiled_functions_what_plain_python_reads():
    from typing import NamedTuple

    from simlib.model.pointer import Pointer

    class Arrays(NamedTuple):
        key: tuple
        x: np.ndarray
        table: tuple

    @compile_parts.Compiled
    def read(S, i):
        return S.x[i, 1] * S.key[1] + S.table[1][0] + S.x.shape[0]

    arrays = Arrays((3, 5), np.arange(6.0).reshape(3, 2), (np.zeros((2, 2), np.int32), np.array([7], np.int32)))
    assert read.whole(Pointer(arrays), 2) == read.py_func(arrays, 2) == 5.0 * 5 + 7 + 3
