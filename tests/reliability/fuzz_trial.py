"""One input of the fuzzer, tried: read, and if it is accepted simulated, with all that must hold of what comes out."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import io
import random
import shutil
import tempfile
import traceback
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import click
import numpy as np
import pandas as pd

from simlib.cli.application import parse
from simlib.cli.options import read_sets
from simlib.core.errors import LONGEST_LINE
from simlib.core.files import InputError, home, read_yaml
from simlib.experiments.check import check_file
from simlib.experiments.check_rules import file_rules
from simlib.experiments.records import is_done, read_json
from simlib.experiments.run import simulate
from simlib.experiments.store import check_result, read_result, write_result
from simlib.model.effort import make_sure, projects, work
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.outcomes.indicators import curve, indicators
from simlib.outcomes.sound import WHOLES, complaint
from simlib.policy.explain import as_text, explain
from simlib.policy.load import load_policy
from simlib.scenario.experiment_files import parse_experiment
from simlib.scenario.scenario import Scenario, load_cell, load_scenario
from tests.reliability.fuzz_changes import change_bytes
from tests.reliability.fuzz_files import Input, write

MOST_WORK, MOST_PROJECTS = 3000.0, 20_000.0  # drug-hospital-years; what is larger is accepted, and not simulated here
LOOKED_AT = 60  # the rules of one file in so many are looked at one by one
TWICE = 40  # one in so many is read and simulated twice


class Wrong(Exception):
    """Something that must not be."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of an input. wrong: empty, or what must not be. at: where, for telling one fault from another."""

    kind: str
    accepted: bool = False
    simulated: bool = False
    said: str = ""
    wrong: str = ""
    at: str = ""


def tried(seed: int, given: Input, folder: Path) -> Outcome:
    """Try an input in a folder of its own."""
    write(given, folder)
    accepted, simulated, said = False, 0, ""
    try:
        with warnings.catch_warnings(), at_home(folder, given):
            warnings.simplefilter("error", RuntimeWarning)
            warnings.simplefilter("error", UserWarning)
            for scenario in worlds(given, folder):
                accepted = True
                simulated += scenario is not None and run(scenario)
            if simulated and seed % TWICE == 0:
                same(given, folder)
    except InputError as e:
        said = str(e)
        if fault := odd_line(e, given.kind in ("words", "sets")):
            return Outcome(given.kind, accepted, bool(simulated), said, fault, fault[:30])
    except Wrong as e:
        return Outcome(given.kind, accepted, bool(simulated), "", str(e), str(e)[:40])
    except Exception as e:
        return Outcome(given.kind, accepted, bool(simulated), "", f"{type(e).__name__}: {e}"[:500], place(e))
    return Outcome(given.kind, accepted and not said, bool(simulated), said)


def place(error: BaseException) -> str:
    """The kind of an error and the last line of the package that it went through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/simlib/" in f.filename]
    return (
        f"{type(error).__name__} {frames[-1].filename.split('/simlib/')[1]}:{frames[-1].lineno}"
        if frames
        else repr(error)[:60]
    )


def odd_line(error: InputError, typed: bool = False) -> str:
    """What is wrong with a complaint as a line; empty where nothing is. typed: bytes of the terminal may come back as they were."""
    unseen = {"Cc", "Zl", "Zp"} if typed else {"Cc", "Zl", "Zp", "Cs"}
    for line in getattr(error, "lines", [str(error)]):
        if "\n" in line or not line.strip():
            return f"not one line: {line!r}"
        if signs := [c for c in line if unicodedata.category(c) in unseen or c == "\u202e"]:
            return f"unseen characters in the line: {signs[:3]!r} in {line!r}"
        if len(line) > LONGEST_LINE + 100:
            return f"{len(line)} characters: {line[:80]!r}"
    return ""


@contextmanager
def at_home(folder: Path, given: Input) -> Iterator[None]:
    """The files below `home/` of an input in the place of those that are stored, in a copy that is the project's home."""
    names = [n for n in given.files if n.startswith("home/")]
    if not names:
        yield
        return
    root = project() / "scenarios"
    try:
        for name in names:
            shutil.copyfile(folder / name, root / name.removeprefix("home/"))
        yield
    finally:
        for name in (n.removeprefix("home/") for n in names):
            (root / name).unlink()
            if (stored := STORED / "scenarios" / name).is_file():
                shutil.copy2(stored, root / name)


STORED = home()


@cache
def project() -> Path:
    """A copy of all that is stored, which becomes the project's home."""
    root = Path(tempfile.mkdtemp(prefix="fuzz-home-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    shutil.copytree(STORED / "scenarios", root / "scenarios")
    return root


# ---- reading


def worlds(given: Input, folder: Path) -> Iterator[Scenario | None]:
    """What an input is once it is accepted: worlds to be simulated, None where there is nothing to simulate."""
    path = folder / next(iter(given.files))
    base = given.how.get("world")
    match given.kind:
        case "words":
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(click.exceptions.Exit):  # --help
                parse(path.read_bytes().decode("utf-8", "surrogateescape").split("\n"))
            yield None
        case "sets":
            pairs = tuple(path.read_bytes().decode("utf-8", "surrogateescape").split("\n"))
            yield load_scenario(base, read_sets(pairs))
        case "result":
            yield damaged_result(given.how["damage"], folder)
        case "rounds" | "assumptions":
            yield load_scenario(base)
        case "hospitals" | "drugs":
            check_file(path)
            key, file = list(given.files)[1].removesuffix(".yaml"), folder / list(given.files)[1]
            yield load_scenario(base | {key: str(file)})
        case _:
            kind = check_file(path)
            yield from _of_kind(kind, path, base)


def _of_kind(kind: str, path: Path, base: dict[str, Any] | None) -> Iterator[Scenario | None]:
    if kind in ("policy", "scenario") and crc32(path.read_bytes()) % LOOKED_AT == 0:
        list_of_rules(path, kind)
    if kind == "experiment":
        for cell in parse_experiment(read_yaml(path)).cells[:2]:
            yield load_cell(cell)
    elif kind == "scenario":
        yield load_scenario(path)
    elif base and kind in ("policy", "region", "cohort"):
        yield load_scenario(base | {kind: str(path)})
    elif base and kind == "variant":
        yield load_scenario(base, variants=[str(path)])
    else:
        yield None


def list_of_rules(path: Path, kind: str) -> None:
    """What `simlib check` and `simlib explain` say of each rule, in both languages."""
    for row in file_rules(path, kind, None).rows:
        row.data()
    policy = load_policy(str(path)) if kind == "policy" else load_scenario(path).policy
    for language in ("en", "zh"):
        as_text(explain(policy), language)


# ---- simulating


def run(scenario: Scenario) -> bool:
    """Simulate a world once and look at every number; whether it was small enough to be."""
    make_sure(scenario)
    if work(scenario) > MOST_WORK or projects(scenario) > MOST_PROJECTS:
        return False
    record = replicate(scenario, 0)
    look_at(record)
    values, curves = table(record)
    if wrong := complaint(values, curves):
        raise Wrong(f"no result of a run: {wrong}")
    undefined(values[0])
    return True


def table(record: Record) -> tuple[pd.DataFrame, np.ndarray]:
    """Indicators and curve of one replication, as `simulate` has them."""
    found = indicators(record)
    index = pd.MultiIndex.from_tuples(list(found), names=["indicator", "by", "group"])
    return pd.DataFrame({0: list(found.values())}, index=index), curve(record)[None]


def look_at(record: Record) -> None:
    """No number of the record itself is undefined."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        arrays = (
            [value]
            if isinstance(value, np.ndarray)
            else [getattr(value, f.name) for f in dataclasses.fields(value)]
            if dataclasses.is_dataclass(value)
            else []
        )
        for array in arrays:
            for name, column in _columns(array):
                if column.dtype.kind == "f" and np.isnan(column).any():
                    raise Wrong(f"NaN in {field.name} {name} of the record")


def _columns(array: Any) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(array, np.ndarray) and array.dtype.names:
        yield from ((name, array[name]) for name in array.dtype.names)
    elif isinstance(array, np.ndarray):
        yield "", array


def undefined(row: pd.Series) -> None:
    """Parts of one whole are all known, or none of them is."""
    known = {key: not np.isnan(x) for key, x in row.items()}
    for what, names in WHOLES.items():
        for (name, by, group), there in known.items():
            if name == names[0] and any(known.get((other, by, group), there) != there for other in names):
                raise Wrong(f"NaN in some of {what}, by {by} {group}")


def same(given: Input, folder: Path) -> None:
    """What is read again gives the same numbers, to the last bit."""
    first, second = ([table(replicate(s, 0))[0] for s in worlds(given, folder) if s is not None] for _ in range(2))
    if not all(a.equals(b) for a, b in zip(first, second, strict=True)):
        raise Wrong("read twice, it gives two results")


# ---- results


def damaged_result(seed: int, folder: Path) -> None:
    """A damaged result is refused, or its numbers are still sound; a damaged record is none."""
    rng, scenario = random.Random(seed), sound_world()
    path, record = folder / "result.parquet", folder / "record.json"
    write_result(sound_result(), path)
    path.write_bytes(change_bytes(rng, path.read_bytes()))
    record.write_bytes(
        change_bytes(rng, b'{"key": "k", "files": {"result.parquet": "0123456789abcdef"}, "failed": null}')
    )
    read_json(record)
    is_done(record, "k")
    check_result(path, scenario.name, scenario.digest(), 1)
    read = read_result(path, scenario)
    if complaint(read.values, read.curves):
        raise Wrong("a damaged result is taken for sound")


_KEPT: dict[str, Any] = {}


def sound_world() -> Scenario:
    """A small world that is simulated once."""
    return _KEPT.setdefault("world", None) or _KEPT.update(world=load_scenario("small-world")) or _KEPT["world"]


def sound_result() -> Any:
    """Its result."""
    return (
        _KEPT.setdefault("result", None) or _KEPT.update(result=simulate(sound_world(), 1, 1, False)) or _KEPT["result"]
    )
