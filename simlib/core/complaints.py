"""Plain words for what is wrong with a file: near spellings, full-width characters, complaints of YAML and pydantic."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
_MARKS = re.compile("[：，｛｝［］＃－＂＇\u3000]")  # those that a keyboard left in Chinese writes for YAML's own
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_GLUED = re.compile(r"\s*(?:- )?[A-Za-z_][A-Za-z0-9_.@-]*(：|:(?=[^\s:/]))")  # a key whose colon YAML does not see
_LITERAL = re.compile(r"'([^']*)'|(-?\d+|True|False)")  # as pydantic lists what is expected: 'a', 'b' or 3
_KINDS = {
    "bool_type": "true or false", "int_type": "a whole number", "float_type": "a number", "string_type": "a text",
    "finite_number": "a finite number",
}  # fmt: skip
_SWITCHES = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
_LOOK_BACK = 3  # lines: YAML notices such a key only at the next colon
_WORDS = (  # what a complaint of YAML's begins with, and what it means
    ("mapping values are not allowed", "a second ': ' in one value, or a line indented wrongly; quote a text that holds ': '"),
    ("sequence entries are not allowed", "a list that begins beside its key; begin it on the next line, or write [a, b]"),
    ("could not find expected ':'", "a line without `key: value`"),
    ("expected <block end>", "a line indented unlike its neighbours, or a bracket too many"),
    ("expected ',' or '}'", "a missing comma, or a '{' that is not closed"),
    ("expected ',' or ']'", "a missing comma, or a '[' that is not closed"),
    ("found unexpected end of stream", "a quote that is not closed"),
    ("found undefined alias", "aliases are not allowed; write the value out"),
    ("but found another document", "a second document after ---; one file holds one"),
)  # fmt: skip


def nearest(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean X?" where a right spelling is near, else nothing."""
    close = difflib.get_close_matches(str(word), [str(a) for a in allowed], n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def nearest_path(path: str, allowed: Iterable[str]) -> str:
    """As `nearest`, for dotted names: a misspelt group is set right first, so that what follows it is looked for inside."""
    allowed = [str(a) for a in allowed]
    group, _, rest = str(path).partition(".")
    groups = list(dict.fromkeys(a.partition(".")[0] for a in allowed))
    close = difflib.get_close_matches(group, groups, n=1, cutoff=0.6)
    if group in groups or not close or (not rest and close[0] in allowed):
        return nearest(path, allowed)
    inside = [a for a in allowed if a.startswith(f"{close[0]}.")]
    if rest and (found := nearest(f"{close[0]}.{rest}", inside)):
        return found
    return nearest(path, allowed) if not inside else f"; did you mean the group {close[0]!r}, such as {inside[0]!r}?"


def one_of(word: str, allowed: Iterable[str], what: str) -> str:
    """The words of a complaint about an unknown name, with the nearest that there is."""
    allowed = sorted(str(a) for a in allowed)
    return unknown(word, allowed, what) + nearest_path(word, allowed)


def unknown(word: str, allowed: Iterable[str], what: str) -> str:
    """As `one_of`, without the nearest."""
    allowed = sorted(str(a) for a in allowed)
    listed = ", ".join(allowed[:12]) + (f", ... ({len(allowed)} in all)" if len(allowed) > 12 else "")
    return f"unknown {what} {word!r}; allowed: {listed}"


def full_width(value: Any) -> str:
    """ "; full-width '１'; write 1" for a text, or words in a list, that a Chinese keyboard wrote; else nothing."""
    text = " ".join(v for v in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(v, str))
    found = _FULL_WIDTH.search(text)
    return f"; full-width {found[0]!r}; write {unicodedata.normalize('NFKC', found[0])}" if found else ""


def of_yaml(text: str, line: int, problem: str) -> tuple[int, str]:
    """(line from 0, plain words) of a complaint of the YAML reader's."""
    lines = text.splitlines() or [""]
    line = min(line, len(lines) - 1)
    for at in range(line, max(-1, line - _LOOK_BACK), -1):
        glued = _GLUED.match(lines[at])
        if glued and glued[1] == "：":
            return at, "full-width '：'; write : and a space"
        if glued and ("mapping values" in problem or "expected ':'" in problem):
            return at, "write a space after the colon"
    if re.match(r" *\t", lines[line]):
        return line, "a tab in the indentation; indent with spaces"
    words = next((plain for begin, plain in _WORDS if problem.startswith(begin)), problem)
    found = _MARKS.search(_QUOTED.sub("", lines[line]))
    return line, words + (full_width(found[0]) if found else "")


def of_pydantic(model: type[BaseModel], error: ValidationError, data: Any) -> tuple[tuple, str]:
    """(key path, words) of the most telling of pydantic's complaints about some data."""
    errors = error.errors()
    first = max(errors, key=lambda e: (e["type"] == "extra_forbidden", len(e["loc"])))
    loc = _place(first["loc"], data, first["type"] == "missing")
    beside = [e for e in errors if _place(e["loc"], data, False) == loc]  # other branches of a union
    given = first["input"]
    if isinstance(given, (int, float)):
        first = next((e for e in beside if not e["type"].startswith("date")), first)
    match first["type"]:
        case "extra_forbidden":
            return loc, _unknown_key(model, loc)
        case "missing":
            return loc, "missing"
        case "literal_error":
            words = _literals(first)
            return loc, f"{given!r} is not allowed; allowed: {', '.join(words)}{nearest(str(given), words)}"
        case kind if given is None and kind.endswith(("_type", "_parsing")):
            return loc, "no value given; write one, or leave the key out"
        case kind if kind.startswith("date"):
            words = [w for e in beside if e["type"] == "literal_error" for w in _literals(e)]
            words += ["a number of days"] * any(e["type"].startswith(("float", "int")) for e in beside)
            return loc, f"{shown(given)} is no date; write YEAR-MONTH-DAY{''.join(f', or {w}' for w in words)}"
        case kind if kind in _KINDS and not isinstance(given, dict):
            return loc, f"expected {_KINDS[kind]} (given: {shown(given)}){_near_switch(kind, given)}"
        case "dict_type" | "model_type":
            return loc, f"expected keys and values{_keys(model, loc)} (given: {shown(given)})"
        case "list_type" | "tuple_type":
            return loc, f"expected a list, such as [a, b] (given: {shown(given)})"
    message = first["msg"].removeprefix("Value error, ")
    if isinstance(given, dict):  # keys that do not go together: the last of those that the message names
        loc += tuple([k for k in given if re.search(rf"\b{re.escape(str(k))}\b", message)][-1:])
    tail = f" (given: {given!r})" if isinstance(given, (str, int, float)) and repr(given) not in message else ""
    return loc, message[0].lower() + message[1:] + tail


def _near_switch(kind: str, given: Any) -> str:
    """ "; did you mean true?" for a word or number that other formats take for a switch."""
    near = _SWITCHES.get(str(given).lower()) if kind == "bool_type" else None
    return f"; did you mean {near}?" if near else ""


def shown(value: Any) -> str:
    """A value as a message names it."""
    return repr(value) if isinstance(value, (str, int, float, bool)) else str(value)


def _unknown_key(model: type[BaseModel], loc: tuple) -> str:
    fields = _fields(model, loc[:-1])
    if ":" in str(loc[-1]):  # {value:true}
        return "unknown key; write a space after the colon"
    return "unknown key" + (f"; allowed: {', '.join(fields)}{nearest(str(loc[-1]), fields)}" if fields else "")


def _keys(model: type[BaseModel], loc: tuple) -> str:
    fields = _fields(model, loc)
    return f": {', '.join(fields)}" if fields else ""


def _literals(error: Any) -> list[str]:
    return [quoted or plain for quoted, plain in _LITERAL.findall(error["ctx"]["expected"])]


def _place(loc: tuple, data: Any, missing: bool) -> tuple:
    """The keys of a place as the file has them: pydantic also names the branch of a union, which is no key."""
    out = []
    for i, part in enumerate(loc):
        if isinstance(data, dict) and (part in data or (missing and i == len(loc) - 1)):
            data = data.get(part)
        elif isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        out.append(part)
    return tuple(out)


def _fields(model: Any, loc: tuple) -> list[str]:
    """Names of the keys allowed below `loc`, where the model says so."""
    for part in loc:
        fields = {f.alias or n: f for n, f in model.model_fields.items()}
        if part in fields:
            model = _model_in(fields[part].annotation)
            if model is None:
                return []
    return [f.alias or n for n, f in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation speaks of, such as the one in a tuple of them; None if there is none or several."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = {m for inner in get_args(annotation) if (m := _model_in(inner))}
    return found.pop() if len(found) == 1 else None
