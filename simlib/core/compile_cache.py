"""Where compiled code lies: a folder named after everything that it depends on.

A group of functions that were compiled together is one file, beside which each function and signature has a small one that
names its group.

Only names relative to the package count, no absolute path and no date, so that a second checkout or a moved folder
with the same sources finds what is there. A file appears under its name whole or not at all; processes that fill a
folder at once write the same files.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from numba.core.caching import IndexDataCacheFile

PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 4  # folders of earlier sources that stay
COMPLETE = "complete"  # the file that says that every function of the model was compiled
_MARK = re.compile(rb"^@compiled\b", re.M)
_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.M)


# ---- the name


def sources(package: Path = PACKAGE) -> list[Path]:
    """The package's files that compiled code depends on: those that hold some, and all that these import in turn.

    Constants of an imported module become part of the code, so that its file counts as much as the function's own.
    """
    texts = {path: path.read_bytes() for path in package.rglob("*.py")}
    found: set[Path] = set()
    waiting = [path for path, text in texts.items() if _MARK.search(text)]
    waiting += [path for path in texts if path.name.startswith("compile")]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [other for other in _imported(package, texts[path]) if other in texts]
    return sorted(found)


def _imported(package: Path, text: bytes) -> Iterator[Path]:
    """Files of the package that a module's text may import (a name may be a module, or something inside one)."""
    for origin, names, plain in _IMPORT.findall(text):
        listed = [n.split(b" as ")[0].strip(b" ()\r\n\t").decode() for n in (names or plain).split(b",")]
        roots = [f"{origin.decode()}.{n}" for n in listed] + [origin.decode()] if origin else listed
        for name in roots:
            parts = name.split(".")
            if parts[0] == package.name:
                for n in range(
                    2, len(parts) + 1
                ):  # the root's own file imports everything and is read by nothing inside
                    place = package.joinpath(*parts[1:n])
                    yield place.with_suffix(".py")
                    yield place / "__init__.py"


def fingerprint(package: Path = PACKAGE) -> str:
    """Hash of the sources, of the versions of what compiles them and of this machine's processor (16 hex digits)."""
    digest = hashlib.sha256()
    for path in [*(found := sources(package)), *_tables(found)]:
        text = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    digest.update(repr(_surroundings()).encode())
    return digest.hexdigest()[:16]


def _tables(found: list[Path]) -> list[Path]:
    """Data files beside these sources: what is declared there may become a constant too."""
    folders = sorted({path.parent for path in found})
    return sorted(p for folder in folders for p in folder.glob("*.*") if p.suffix in (".csv", ".yaml"))


def _surroundings() -> list[object]:
    """Versions, processor and settings that change machine code."""
    from llvmlite import binding

    settings = {k: v for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_CACHE_DIR"}
    return [
        *(f"{name} {_version(name)}" for name in ("numba", "llvmlite", "numpy")), sys.implementation.cache_tag,
        platform.python_version(), platform.system(), platform.machine(), binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(), sorted(settings.items()),
    ]  # fmt: skip


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


# ---- the folder


@cache
def folder() -> Path:
    """The folder of these sources, whether or not it is there yet."""
    return _base() / f"compiled-{fingerprint()}"


def _base() -> Path:
    given = os.environ.get("SIMLIB_CACHE")
    if given:
        return Path(given).absolute()
    home = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # a user without a home
        return (Path(home) if home else Path.home() / ".cache") / "simlib"
    return Path(tempfile.gettempdir()) / "simlib-nowhere" / str(os.getpid())


class Files:
    """Reads and writes compiled functions."""

    def __init__(self) -> None:
        self.instead: Path | None = None  # a private folder, where the usual one cannot be written

    def read(self, name: str) -> object | None:
        """What was kept under a name; None where there is nothing whole."""
        for place in filter(None, (folder(), self.instead)):
            with suppress(Exception):  # whatever a damaged file makes of itself: the function is compiled anew
                if (found := _entry(place, name).load(name)) is not None:
                    return found
        return None

    def write(self, name: str, compiled: object) -> None:
        """Keep a compiled function under a name."""
        self.make_sure()
        _entry(self.instead or folder(), name).save(name, compiled)

    def complete(self) -> bool:
        """Whether every function of the model was compiled."""
        return any((place / COMPLETE).exists() for place in filter(None, (folder(), self.instead)))

    def complete_now(self) -> None:
        """Say so; and forget folders of sources of long ago."""
        self._put(COMPLETE, b"")
        _forget(folder())

    def make_sure(self) -> None:
        """Find out now whether the folder can be written, so that processes started next use the same one."""
        self._put("writable", b"")

    def _put(self, name: str, data: bytes) -> None:
        if self.instead is None:
            try:
                return _put(folder(), name, data)
            except OSError as e:
                self._fall_back(e)
        _put(self.instead, name, data)

    def _fall_back(self, why: OSError) -> None:
        """A private folder until this process ends; its own processes find it too."""
        usual, private = folder(), tempfile.mkdtemp(prefix="simlib-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        os.environ["SIMLIB_CACHE"] = private
        self.instead = Path(private) / usual.name
        print(
            f"simlib: {usual.parent} cannot be written ({why.strerror or why}), so that every run compiles anew; "
            "set SIMLIB_CACHE to a folder that can be",
            file=sys.stderr,
        )


FILES = Files()


def _entry(place: Path, name: str) -> IndexDataCacheFile:
    """numba's own file of one compiled function: written whole or not at all, read by numba alone.

    Each function and signature has files of its own, so that processes that compile at once write the same ones.
    """
    return IndexDataCacheFile(str(place), name, "")


def _put(place: Path, name: str, data: bytes) -> None:
    """Write a file that is there whole or not at all, whoever else writes it."""
    place.mkdir(parents=True, exist_ok=True)
    number, given = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=place)
    path = Path(given)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(data)
        path.chmod(0o644)  # of a folder that many share, all may read
        os.replace(path, place / name)
    except OSError:
        with suppress(OSError):
            path.unlink()
        if not (
            place / name
        ).exists():  # on Windows a file that another process reads cannot be replaced, nor need it be
            raise


def _forget(current: Path) -> None:
    """Remove the folders of earlier sources but the newest few."""
    others = [p for pattern in ("compiled-*", "numba-*") for p in current.parent.glob(pattern) if p != current]
    with suppress(OSError):
        others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
