"""Reading the small YAML files of `scenarios/`: strictly, and remembering where each value stands.

YAML 1.2 without tags, anchors or aliases, with bounds on size and depth. Every complaint is one line that
names file, line, key, what is allowed, and the nearest right spelling (`InputError`).
"""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 2_000_000
MAX_DEPTH = 12
_PLAIN_TAGS = {f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")}


class InputError(Exception):
    """Something a user wrote cannot be used; the message is the one line to show."""


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
    changed: frozenset[tuple] = frozenset()  # key paths that were set from outside the file

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
        if any(path[: len(c)] == c for c in self.changed):
            return InputError(f"set {key.removeprefix('parameters.')}: {message}")
        return InputError(f"{self.file}:{self.line(path)}: {key + ': ' if key else ''}{message}")

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
    return Path(given) if given else Path(__file__).resolve().parent.parent


def scenarios() -> Path:
    """The folder of regions, policies, cohorts and experiments."""
    return home() / "scenarios"


def shown(path: Path) -> str:
    """A path as messages and manifests name it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(home().resolve()).as_posix()
    except ValueError:
        return str(path)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean X?" where a right spelling is near, else nothing."""
    close = difflib.get_close_matches(str(word), [str(a) for a in allowed], n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def one_of(word: str, allowed: Iterable[str], what: str) -> str:
    """The words of a complaint about an unknown name."""
    allowed = sorted(str(a) for a in allowed)
    listed = ", ".join(allowed[:12]) + (f", ... ({len(allowed)} in all)" if len(allowed) > 12 else "")
    return f"unknown {what} {word!r}; allowed: {listed}{nearest(word, allowed)}"


def read_yaml(path: Path) -> Document:
    """Read one file; InputError if it is missing, empty, too large, not UTF-8, not plain YAML or has a key twice."""
    if not path.is_file():
        raise InputError(f"{shown(path)}: no such file")
    state = path.stat()
    if state.st_size > MAX_BYTES:
        raise InputError(f"{shown(path)}: larger than {MAX_BYTES:,} bytes")
    return _read(path, shown(path), state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=256)
def _read(path: Path, name: str, _modified: int, _size: int) -> Document:
    """Parse a file once as long as it does not change: an experiment reads the same few files dozens of times."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"{name}: not UTF-8 (byte {e.start}); save it as UTF-8") from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Document:
    """As `read_yaml`, from text."""
    yaml = YAML(typ="safe", pure=True)
    try:
        for token in yaml.scan(text):
            kind = type(token).__name__
            if kind in ("AliasToken", "AnchorToken", "TagToken"):
                raise InputError(f"{name}:{token.start_mark.line + 1}: {kind[:-5].lower()}s are not allowed")
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        problem = " ".join(str(e.problem or e.context).split())
        raise InputError(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {problem}") from None
    except (YAMLError, ValueError) as e:
        raise InputError(f"{name}: not YAML: {' '.join(str(e).split())[:200]}") from None
    if node is None:
        raise InputError(f"{name}: the file is empty")
    if not isinstance(node, MappingNode):
        raise InputError(f"{name}:{node.start_mark.line + 1}: expected keys and values at the top")
    lines: dict[tuple, int] = {}
    data = _plain(node, (), lines, name)
    return Document(name, data, lines)


def _plain(node: Node, path: tuple, lines: dict[tuple, int], name: str) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if len(path) > MAX_DEPTH:
        raise InputError(f"{name}:{line}: nested deeper than {MAX_DEPTH} levels")
    if str(node.tag) not in _PLAIN_TAGS:
        raise InputError(f"{name}:{line}: {node.tag} is not allowed")
    if isinstance(node, MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise InputError(f"{name}:{key_node.start_mark.line + 1}: a key must be a word")
            key = str(key_node.value)
            if key in out:
                raise InputError(
                    f"{name}:{key_node.start_mark.line + 1}: {'.'.join(map(str, (*path, key)))}: given twice"
                )
            lines[(*path, key)] = key_node.start_mark.line + 1
            out[key] = _plain(value_node, (*path, key), lines, name)
        return out
    if isinstance(node, SequenceNode):
        return [_plain(child, (*path, i), lines, name) for i, child in enumerate(node.value)]
    return YAML(typ="safe", pure=True).constructor.construct_object(node)


def validate(model: type[BaseModel], document: Document, data: Any, path: tuple = ()) -> Any:
    """`data` (found at `path` of `document`) as a `model`; the first complaint as one `InputError`."""
    try:
        return model.model_validate(data)
    except ValidationError as e:
        raise document.error(*_complaint(model, e, path)) from None


def _complaint(model: type[BaseModel], error: ValidationError, path: tuple) -> tuple[tuple, str]:
    """(key path, words) of the most telling of pydantic's complaints."""
    first = max(error.errors(), key=lambda e: (e["type"] == "extra_forbidden", len(e["loc"])))
    loc = tuple(p for p in first["loc"] if not (isinstance(p, str) and _is_label(p)))
    match first["type"]:
        case "extra_forbidden":
            fields = _fields(model, loc[:-1])
            return path + loc, "unknown key" + (
                f"; allowed: {', '.join(fields)}{nearest(str(loc[-1]), fields)}" if fields else ""
            )
        case "missing":
            return path + loc, "missing"
        case "literal_error":
            expected = first["ctx"]["expected"]
            words = [w.strip("' ") for w in expected.replace(" or ", ", ").split(",")]
            return (
                path + loc,
                f"{first['input']!r} is not allowed; allowed: {', '.join(words)}{nearest(str(first['input']), words)}",
            )
        case _:
            message = first["msg"].removeprefix("Value error, ")
            given = first["input"]
            tail = f" (given: {given!r})" if isinstance(given, (str, int, float, bool, type(None))) else ""
            return path + loc, message[0].lower() + message[1:] + tail


def _is_label(part: str) -> bool:
    """Pydantic names the branch of a union inside `loc`; those are no keys of the file."""
    return part[:1].isupper() or part.startswith(("function-", "tuple[", "list[", "dict[", "constrained-", "literal["))


def _fields(model: Any, loc: tuple) -> list[str]:
    """Names of the keys allowed below `loc`, where the model says so."""
    for part in loc:
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or part not in model.model_fields:
            return []
        model = _model_in(model.model_fields[part].annotation)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return None
