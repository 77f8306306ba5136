"""Seals: what a number was made of, as a small file that anyone can check it by, and the key by which it is called.

A seal says what was asked (two scenarios as data, the indicator, how much was run), and has a hash of every input file, source
and package that decides the answer. The key is the hash of all that. The digits that came out stand beside it and are no part of
it: whoever has the key and the same inputs has to find them again.

One file is one result: KEY means all of its lines, KEY/LINE one of them.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from simlib.core.files import Document, Fault, InputError, checked, home, one_of, shown, write_whole
from simlib.core.numerals import grouped
from simlib.core.strict import Strict
from simlib.experiments import records
from simlib.experiments.recipes import Recipe, files_of
from simlib.outcomes.groups import Key
from simlib.scenario.scenario import Scenario

FORMAT = 1
LENGTH = 12  # hexadecimal digits of a key
FOLDER, LEDGERS = "seals", "ledgers"  # of a batch
BEGINS, ENDS = "seal-", ".json"
MAX_BYTES = 2_000_000
DECIDE = (
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "chinesecalendar",
    "holidays",
)  # packages that, beside Python, decide a number
STATISTICS = ("experiments/intervals",)
ESTIMATORS = {
    "difference": STATISTICS,
    "ledger": (*STATISTICS, "experiments/attribution/", "experiments/precision"),
}  # beginnings of files that decide a number beside those that decide a replication


class Shares(Strict):
    """How a difference is shared out; the parameters of `attribute` by their names there."""

    by: Literal["clause", "article", "document"]
    together: bool
    exactly: bool | None
    within: float | None
    worlds: int
    most: int
    top: int


class Asked(Strict):
    """What was asked.

    indicator: its name, grouping and group. replications: of both sides, numbered from 0. shares: of a ledger, which tells by
    itself how much it runs.
    """

    what: Literal["difference", "ledger"]
    scenario: Recipe
    baseline: Recipe
    indicator: list[str]
    world: Literal["middle", "assumed", "fitted"]
    replications: int | None = None
    shares: Shares | None = None

    @property
    def key(self) -> Key:
        """(indicator, by, group)."""
        name, by, group = self.indicator
        return name, by, group


class Made(Strict):
    """How it was made, which no digit depends on. seconds, runs: how long it took for how many runs, of those that it rests on."""

    simlib: str
    commit: str | None
    changed_since_commit: bool | None
    lock: str
    system: str
    seconds: float
    runs: int
    of: int


Digits = dict[str, dict[str, float | None]]  # by line, and there by what it is: value, low, high, ...


class Seal(Strict):
    """A sealed result. inputs, sources, packages: hashes and versions by name. digits: the numbers, None for one that is not defined."""

    format: Literal[1]
    key: str
    asked: Asked
    inputs: dict[str, str]
    sources: dict[str, str]
    packages: dict[str, str]
    digits: Digits
    made: Made

    def lines(self, line: str = "") -> Digits:
        """The digits of one line, or of all; InputError for a line that there is not."""
        if line and line not in self.digits:
            raise InputError(one_of(line, self.digits, f"line of {self.key}"))
        return {line: self.digits[line]} if line else self.digits


def seal(
    asked: Asked,
    sides: Iterable[Scenario],
    digits: Mapping[str, Mapping[str, float]],
    seconds: float,
    runs: int,
    of: int,
) -> Seal:
    """Seal a result.

    Parameters
    ----------
    asked : Asked
        What was asked.
    sides : iterable of Scenario
        The scenario and the baseline, in their world.
    digits : mapping
        The numbers, by line.
    seconds : float
        How long it took.
    runs, of : int
        How many runs that was, and on how many the result rests: the others were there already.

    Returns
    -------
    Seal
        With its key.
    """
    inputs = {name: input_sha(name) for name in sorted(inputs_of(asked, sides))}
    content = {"asked": asked, "inputs": inputs, "sources": sources_of(asked), "packages": packages()}
    plain = {line: {name: _plain(x) for name, x in numbers.items()} for line, numbers in digits.items()}
    code = records.code_version()
    made = Made(
        simlib=code["simlib"], commit=code["commit"], changed_since_commit=code["changed_since_commit"],
        lock=records.lock_sha(), system=sys.platform, seconds=round(seconds, 1), runs=runs, of=of,
    )  # fmt: skip
    return Seal(format=FORMAT, key=_key(**content), digits=plain, made=made, **content)


def _plain(x: float) -> float | None:
    return float(x) if x == x else None


def _key(asked: Asked, inputs: dict, sources: dict, packages: dict) -> str:
    told = asked.model_dump(mode="json")
    return records.key_of(format=FORMAT, asked=told, inputs=inputs, sources=sources, packages=packages)[:LENGTH]


def inputs_of(asked: Asked, sides: Iterable[Scenario]) -> set[str]:
    """The files on which a result rests."""
    recipes = (asked.scenario, asked.baseline)
    found = set().union(*(files_of(s, r) for s, r in zip(sides, recipes, strict=True)))
    return found | ({"scenarios/clauses.csv"} if asked.shares and asked.shares.by == "article" else set())


def input_sha(name: str) -> str:
    """The hash of an input file here: of a stored one, or of one's own by its path from the working folder."""
    return records.file_sha(home() / name if name.startswith("scenarios/") else Path(name))


def sources_of(asked: Asked) -> dict[str, str]:
    """The hashes of all sources that decide such a number."""
    return records.sources((*records.MODEL, *ESTIMATORS[asked.what]))


def packages() -> dict[str, str]:
    """The versions of Python and of the packages that decide a number."""
    return {"python": platform.python_version()} | records.installed(DECIDE)


def write_seal(found: Seal, folder: Path) -> Path:
    """Write a seal into the folder of its result; one that is there already and says the same is left as it is."""
    path = folder / f"{BEGINS}{found.key}{ENDS}"
    try:
        if path.is_file() and read_seal(path).digits == found.digits:
            return path
    except InputError:  # damaged: it is written anew
        pass
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(found.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n")
    return path


def read_seal(path: Path) -> Seal:
    """Read a seal; InputError for a file that is damaged, of another format, or whose key is not that of its content."""
    name = shown(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{name}: no seal: larger than {grouped(MAX_BYTES)} bytes")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise InputError(f"{name}: cannot be read: {e.strerror}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{name}: no seal, or a damaged one: it is not JSON; ask for the file again") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        given = data.get("format") if isinstance(data, dict) else None
        raise InputError(
            f"{name}: no seal of format {FORMAT} (given: {given!r}); take the version of simlib that made it"
        )
    found = _typed(Document(name, data))
    if _key(found.asked, found.inputs, found.sources, found.packages) != found.key:
        raise InputError(f"{name}: damaged: its key is not that of what it holds; ask for the file again")
    return found


def _typed(document: Document) -> Seal:
    try:
        return checked(Seal, document.data)
    except Fault as e:
        where = ".".join(map(str, e.path))
        raise InputError(f"{document.file}: damaged: {where}: {e.words}; ask for the file again") from None


def find_seal(key: str, place: Path | None = None) -> Seal:
    """The seal of a key, in a file or below a folder; below outputs/ if none is given. InputError where there is none."""
    place = place or home() / "outputs"
    if place.is_file():
        found = read_seal(place)
        if key and key != found.key:
            raise InputError(f"{shown(place)}: is the seal of {found.key}, not of {key}")
        return found
    if not place.is_dir() and place != home() / "outputs":
        raise InputError(f"{shown(place)}: no such file or folder")
    files = {p.name.removeprefix(BEGINS).removesuffix(ENDS): p for p in sorted(place.rglob(f"{BEGINS}*{ENDS}"))}
    if key in files:
        return read_seal(files[key])
    if not files:
        raise InputError(f"unknown key {key!r}: no seal below {shown(place)}; name the file that was sent with --from")
    raise InputError(f"{one_of(key, files, 'key')} (looked below {shown(place)}; a file that was sent: --from)")


def differing(found: Seal) -> list[tuple[str, str, str, str]]:
    """What is not here as it was sealed: (kind, name, as sealed, as here), kinds "inputs", "sources" and "packages"; "" for none."""
    names = [*found.inputs, *_rests_on_now(found)]
    here = {
        "inputs": {name: input_sha(name) for name in dict.fromkeys(names)},
        "sources": sources_of(found.asked),
        "packages": packages(),
    }
    out = []
    for kind, now in here.items():
        was = getattr(found, kind)
        out += [(kind, n, was.get(n, ""), now.get(n, "")) for n in {**was, **now} if was.get(n, "") != now.get(n, "")]
    return out


def _rests_on_now(found: Seal) -> list[str]:
    """The files on which the same question rests here; none where it cannot be asked here, which a changed file then explains."""
    try:
        return sorted(inputs_of(found.asked, (found.asked.scenario.scenario(), found.asked.baseline.scenario())))
    except InputError:
        return []
