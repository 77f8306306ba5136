"""Reading the small YAML files of `scenarios/`: strictly, and remembering where each value stands.

YAML 1.2 without tags, anchors or aliases, with bounds on size and depth. Every complaint is one line that
names file, line, key, what is allowed, and the nearest right spelling (`InputError`).
"""

from __future__ import annotations

import errno
import functools
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from simlib.core.complaints import full_width, nearest, of_pydantic
from simlib.core.complaints import one_of as one_of
from simlib.core.errors import Fault as Fault
from simlib.core.errors import InputError as InputError
from simlib.core.errors import within as within
from simlib.core.formats import kind_of, up_to_date
from simlib.core.numerals import grouped
from simlib.core.quick_yaml import MAX_DEPTH as MAX_DEPTH
from simlib.core.quick_yaml import read_quickly

if TYPE_CHECKING:
    from pydantic import BaseModel

FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}  # no room: the disk, a file, a user's share
ROOM = "make room on the disk"
MAX_BYTES = 500_000  # five times the largest file of ours, and read in half a second


class NotWritten(InputError):
    """A file or folder that the system did not let be written. why: the system's words."""

    def __init__(self, path: Path, e: OSError) -> None:
        self.why = os.strerror(e.errno) if e.errno else str(e)  # libraries put their own words around the system's
        super().__init__(f"{shown(path)}: cannot be written: {self.why}; {_remedy(e, path)}")


@dataclass(frozen=True)
class Source:
    """Where a value stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Document:
    """One read file: its plain data, and the line of every key path such as ``("rules", "committee.duty")``."""

    file: str
    data: dict[str, Any]
    lines: dict[tuple, int] = field(default_factory=dict)
    changed: dict[tuple, str] = field(
        default_factory=dict
    )  # key paths set by a change: by which (`set`, a variant, ...)

    def line(self, path: Iterable) -> int:
        """The line of a key path, or of the nearest path above it."""
        path = tuple(path)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: Iterable, message: str) -> InputError:
        """An `InputError` at a key path of this file."""
        path = tuple(path)
        key = ".".join(str(p) for p in path)
        if "full-width" not in message:
            message += full_width([path[-1] if path else "", *self._texts(path)])
        for n in range(len(path), 0, -1):
            if path[:n] in self.changed:
                return InputError(f"{self.changed[path[:n]]} {key.removeprefix('parameters.')}: {message}")
        if below := next((label for place, label in self.changed.items() if path and place[: len(path)] == path), ""):
            return InputError(f"{below} {key.removeprefix('parameters.')}: {message}")
        return InputError(f"{self.file}:{self.line(path)}: {key + ': ' if key else ''}{message}")

    @contextmanager
    def placed(self, path: tuple = ()) -> Iterator[None]:
        """A `Fault` in the block, at a key path below `path`, becomes an `InputError` at its place in this file."""
        try:
            yield
        except Fault as e:
            raise self.error((*path, *e.path), e.words) from None

    def _texts(self, path: tuple) -> list:
        """The text at a key path, or the words of the list there."""
        data: Any = self.data
        for key in path:
            if not (isinstance(data, dict) and key in data or isinstance(data, list) and key in range(len(data))):
                return []
            data = data[key]
        return data if isinstance(data, list) else [data]

    @property
    def folder(self) -> Path:
        """The folder of the file; the working folder for what came from no file."""
        for path in (home() / self.file, Path(self.file)):
            if path.is_file():
                return path.parent
        return Path()

    def source(self, path: Iterable) -> Source:
        """Where a key path stands."""
        return Source(self.file, self.line(path))

    def part(self, path: Iterable) -> Document:
        """What stands at a key path, as a document of its own that keeps its lines."""
        path = tuple(path)
        data = self.data
        for key in path:
            data = data[key]
        lines = {p[len(path) :]: line for p, line in self.lines.items() if p[: len(path)] == path}
        return Document(self.file, data, lines)


def home() -> Path:
    """The folder that holds `scenarios/`: $SIMLIB_HOME, or the checkout this package lies in."""
    given = os.environ.get("SIMLIB_HOME")
    return Path(given) if given else Path(__file__).resolve().parents[2]


def scenarios() -> Path:
    """The folder of regions, policies, cohorts and experiments."""
    return home() / "scenarios"


def scenario_files() -> dict[str, Path]:
    """Names and paths of the scenario files that stand in `scenarios/` (single ones, toys and lessons)."""
    folder = scenarios()
    return {
        p.stem: p
        for p in sorted([*folder.glob("single/*.yaml"), *folder.glob("toys/*.yaml"), *folder.glob("lessons/*.yaml")])
    }


def shown(path: Path) -> str:
    """A path as messages and manifests name it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(home().resolve()).as_posix()
    except ValueError:
        return str(path)


def read_yaml(path: Path) -> Document:
    """Read one file; InputError if it is missing, empty, too large, not UTF-8, not plain YAML or has a key twice."""
    if path.is_dir():
        raise InputError(f"{shown(path)}: is a folder; name the files")
    if not path.is_file():
        raise InputError(f"{shown(path)}: no such file{near_file(path)}")
    state = path.stat()
    if state.st_size > MAX_BYTES:
        raise InputError(f"{shown(path)}: larger than {grouped(MAX_BYTES)} bytes")
    return _read(path, shown(path), state.st_mtime_ns, state.st_size)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A file to write beside `path`; moved there when the block ends well, and gone when it does not.

    So `path` is whole, or what it was before, though power is lost: the new file is on the disk before it takes the name.
    NotWritten, with the path and the remedy, where the system refuses.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as e:
        raise NotWritten(path, e) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def saved(save: Callable[[IO[bytes]], object]) -> bytes:
    """What a library's `save` would put into a file: where a disk is full, its own half-written archive ends in tracebacks."""
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file whole or not at all; text as UTF-8, its line ends as they are. NotWritten as `beside`."""
    with beside(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def folder_at(path: Path) -> Path:
    """Make a folder, and those it stands in, where they are not there yet. NotWritten as `beside`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise NotWritten(path, e) from None
    return path


def _remedy(e: OSError, path: Path) -> str:
    """What to do where a file or folder cannot be written."""
    if e.errno in (errno.EEXIST, errno.ENOTDIR):
        return "a file stands where a folder must be; move it away, or name another place"
    if e.errno in FULL:
        return ROOM
    if not path.parent.is_dir():
        return "make its folder first, or name another"
    if path.is_dir():
        return "it is a folder; name a file"
    return "close it where it is open (Word, Excel), or name another place"


def near_file(path: Path) -> str:
    """As `nearest`, for a YAML file that is not there: one of its folder."""
    stems = {p.stem: p.name for p in path.parent.glob("*.y*ml")} if path.parent.is_dir() else {}
    close = nearest(path.stem, stems)
    return next((close.replace(repr(s), repr(n)) for s, n in stems.items() if repr(s) in close), close)


@functools.lru_cache(maxsize=256)
def _read(path: Path, name: str, _modified: int, _size: int) -> Document:
    """Parse a file once as long as it does not change: an experiment reads the same few files dozens of times."""
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise InputError(f"{name}: cannot be read: {e.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        raise InputError(f"{name}:{line}: not UTF-8{_coding(raw)}; save it as UTF-8") from None
    if "\0" in text:
        raise InputError(f"{name}: not UTF-8{_coding(raw)}; save it as UTF-8")
    return parse_yaml(text, name)


def _coding(raw: bytes) -> str:
    """ " but UTF-16" where the bytes look like it, or like what Windows writes in China."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        return " but UTF-16, or no text at all"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " but probably GB18030 (GBK)"


def state_of(path: Path) -> tuple[int, ...]:
    """What changes when a file does, to remember what was made of it by; empty where there is none, as reading it says."""
    return (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else ()


def parse_yaml(text: str, name: str) -> Document:
    """As `read_yaml`, from text."""
    found = read_quickly(text)
    if found is None:
        from simlib.core.careful_yaml import read_carefully  # takes a while to load, and most files are plain

        found = read_carefully(text, name)
    return Document(name, *found)


def validate(model: type[BaseModel], document: Document, data: Any, path: tuple = ()) -> Any:
    """`data` (found at `path` of `document`) as a `model`; the first complaint as one `InputError`.

    A whole file (`path` is empty) of a kind that has a format says which; `check_format` sees to that.
    """
    if "format" in model.model_fields and isinstance(data, dict) and (not path or "format" in data):
        data = check_format(kind_of(model), document, data, path)
    with document.placed(path):
        return checked(model, data)


def checked(model: type[BaseModel], data: Any) -> Any:
    """`data` as a `model`; the most telling of pydantic's complaints as a `Fault`."""
    from pydantic import ValidationError  # takes a while to load, and a list of names needs none of it

    try:
        return model.model_validate(data)
    except ValidationError as e:
        raise Fault(*of_pydantic(model, e, data)) from None


def check_format(kind: str, document: Document, data: dict[str, Any], path: tuple = ()) -> dict[str, Any]:
    """The data of a file in the format that this version reads; InputError if it is of another that cannot be read."""
    try:
        return up_to_date(kind, data)
    except ValueError as e:
        raise InputError(f"{document.source((*path, 'format'))}: {e}") from None
