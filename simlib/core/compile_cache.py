"""Where compiled code is cached: in a folder named after a hash of everything it depends on.

Functions that are compiled together are one file; beside it, each function and signature has a small file that names the
group that it belongs to. The hash covers file names relative to the package, and no
absolute paths or dates, so that another checkout of the same sources, or a moved one, uses the same folder. Files are
written atomically. Several processes may fill a folder at the same time; they write the same files.
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
KEPT = 4  # number of folders of earlier sources that are not deleted
# settings of numba that change no machine code of ours; joblib sets the second in its workers, which would look elsewhere
INDIFFERENT = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS")
COMPLETE = "complete"  # name of the file whose presence says that every function of the model has been compiled
_MARK = re.compile(rb"^@compiled\b", re.M)
_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.M)


# ---- the name


def sources(package: Path = PACKAGE) -> list[Path]:
    """The package's source files that compiled code depends on.

    These are the files that contain compiled functions and everything that they import, directly or indirectly: numba
    compiles the constants of an imported module into the code, so a change of that module must change the hash as well.

    Parameters
    ----------
    package : Path
        Folder of the package.

    Returns
    -------
    list of Path
        The files, sorted.
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
    """Files of the package that a module may import, whether or not they exist.

    An imported name may be a module or an object inside one; the source alone does not tell which.
    """
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
    """Hash of everything that compiled code depends on.

    That is the sources and the data files beside them, the versions of Python, numba, llvmlite and numpy, numba's
    settings, and this machine's processor.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in [*(found := sources(package)), *_tables(found)]:
        text = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    digest.update(repr(_surroundings()).encode())
    return digest.hexdigest()[:16]


def _tables(found: list[Path]) -> list[Path]:
    """Data files in the folders of these sources, since values read from them may become constants of compiled code."""
    folders = sorted({path.parent for path in found})
    return sorted(p for folder in folders for p in folder.glob("*.*") if p.suffix in (".csv", ".yaml"))


def _surroundings() -> list[object]:
    """Versions, settings and processor features that affect machine code."""
    from llvmlite import binding

    settings = {k: v for k, v in os.environ.items() if k.startswith("NUMBA_") and k not in INDIFFERENT}
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


NOWHERE = Path("nowhere")  # where there is no folder to keep anything in


@cache
def folder() -> Path:
    """The cache folder for the current sources, which may not exist yet."""
    return _base() / f"compiled-{fingerprint()}"


def _base() -> Path:
    given = os.environ.get("SIMLIB_CACHE")
    if given:
        return Path(given).absolute()
    home = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # the user has no home directory
        return (Path(home) if home else Path.home() / ".cache") / "simlib"
    return NOWHERE


class Files:
    """The compiled functions on disk.

    `instead` is a private folder that is used where the usual one cannot be written.
    """

    def __init__(self) -> None:
        self.instead: Path | None = None

    def read(self, name: str) -> object | None:
        """Load what is stored under a name; None if there is nothing, or nothing that can be read."""
        for place in filter(None, (folder(), self.instead)):
            with suppress(Exception):  # a damaged file can raise anything; the function is then compiled again
                if (found := _entry(place, name).load(name)) is not None:
                    return found
        return None

    def write(self, name: str, compiled: object) -> None:
        """Store a compiled function under a name."""
        self.make_sure()
        _entry(self.instead or folder(), name).save(name, compiled)

    def complete(self) -> bool:
        """Whether every function of the model has been compiled."""
        return any((place / COMPLETE).exists() for place in filter(None, (folder(), self.instead)))

    def complete_now(self) -> None:
        """Record that every function has been compiled, and delete folders of old sources."""
        self._put(COMPLETE, b"")
        _forget(folder())

    def make_sure(self) -> None:
        """Find out now whether the folder can be written, so that processes started later use the same folder."""
        self._put("writable", b"")

    def _put(self, name: str, data: bytes) -> None:
        if self.instead is None:
            try:
                if folder().parent == NOWHERE:
                    raise OSError("you have no home folder")
                return _put(folder(), name, data)
            except OSError as e:
                self._fall_back(e)
        _put(self.instead, name, data)

    def _fall_back(self, why: OSError) -> None:
        """Switch to a private folder that is deleted when this process ends. Processes that it starts use it too."""
        usual, private = folder(), tempfile.mkdtemp(prefix="simlib-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        os.environ["SIMLIB_CACHE"] = private
        self.instead = Path(private) / usual.name
        said = f"{usual.parent} cannot be written ({why.strerror or why})" if usual.parent != NOWHERE else str(why)
        print(
            f"simlib: {said}, so that every run compiles anew; set SIMLIB_CACHE to a folder that can be written",
            file=sys.stderr,
        )


FILES = Files()


def _entry(place: Path, name: str) -> IndexDataCacheFile:
    """Numba's own cache file for one compiled function, which numba writes atomically.

    Each function and signature has its own files, so that processes that compile at the same time write the same ones.
    """
    return IndexDataCacheFile(str(place), name, "")


def _put(place: Path, name: str, data: bytes) -> None:
    """Write a file atomically, even if other processes write it at the same time."""
    place.mkdir(parents=True, exist_ok=True)
    number, given = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=place)
    path = Path(given)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(data)
        path.chmod(0o644)  # in a shared cache folder everybody may read
        os.replace(path, place / name)
    except OSError:
        with suppress(OSError):
            path.unlink()
        if not (
            place / name
        ).exists():  # on Windows a file that another process reads cannot be replaced, nor need it be
            raise


def _forget(current: Path) -> None:
    """Delete the folders of earlier sources, except the newest few."""
    others = [p for pattern in ("compiled-*", "numba-*") for p in current.parent.glob(pattern) if p != current]
    with suppress(OSError):
        others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
