"""Plain words for what is wrong with a file: near spellings, full-width characters, complaints of YAML and pydantic."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from simlib.core.hints import for_day, for_number

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
_CURLY = str.maketrans(
    "【】“”‘’", "[]\"\"''"
)  # of other marks: those that Word or a Chinese keyboard writes for YAML's own
_MARKS = re.compile("[：，｛｝［］＃－＂＇\u3000【】“”]")  # those that a keyboard left in Chinese writes for YAML's own
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_GLUED = re.compile(r"\s*(?:- )?[A-Za-z_][A-Za-z0-9_.@-]*(：|:(?=[^\s:/]))")  # a key whose colon YAML does not see
_LITERAL = re.compile(r"'([^']*)'|(-?\d+|True|False)")  # as pydantic lists what is expected: 'a', 'b' or 3
_KINDS = {
    "bool_type": "true or false", "int_type": "a whole number", "float_type": "a number", "string_type": "a text",
    "finite_number": "a finite number",
}  # fmt: skip
_SWITCHES = {
    "yes": "true", "on": "true", "1": "true", "true": "true", "是": "true", "有": "true",
    "no": "false", "off": "false", "0": "false", "false": "false", "否": "false", "无": "false",
}  # fmt: skip
_ODD_BLANK = re.compile(r"^ *[\u00a0\u2000-\u200a\u202f]|:[\u00a0\u2000-\u200a\u202f]")
_NO_DASH = re.compile(r" *([–—•·*]|-(?=[^\s-]))")
_LOOK_BACK = 3  # lines: YAML notices such a key only at the next colon
_IN_QUOTES = "; a text that holds ', ' or ': ' or ' #' goes in quotation marks"
_WORDS = (  # what a complaint of YAML's begins with, and what it means
    ("mapping values are not allowed", "a second ': ' in one value, or a line indented wrongly; quote a text that holds ': '"),
    ("sequence entries are not allowed", "a list that begins beside its key; begin it on the next line, or write [a, b]"),
    ("could not find expected ':'", "a line without `key: value`"),
    ("expected <block end>", "a line indented unlike its neighbours, or a bracket too many"),
    ("expected ',' or '}'", f"a missing comma, or a '{{' that is not closed{_IN_QUOTES}"),
    ("expected ',' or ']'", f"a missing comma, or a '[' that is not closed{_IN_QUOTES}"),
    ("expected the node content", f"a value is missing, or a bracket that is not closed{_IN_QUOTES}"),
    ("found character '\\t'", "a tab; write spaces in its place"),
    ("found character", "a value that begins with a sign; put it in quotation marks"),
    ("found unknown escape character", "a backslash in double quotation marks; put the text in single ones"),
    ("mapping keys are not allowed", "a value that begins with ?; put it in quotation marks"),
    ("expected alphabetic or numeric character", "a value that begins with * or &; put it in quotation marks, and begin entries of a list with -"),
    ("expected a comment or a line break", "text beside a | or >; begin it on the next line, or put it in quotation marks"),
    ("expected chomping or indentation", "text beside a | or >; begin it on the next line, or put it in quotation marks"),
    ("expected '<document start>'", "something that is no `key: value` of this file, or a line indented wrongly"),
    ("found unexpected end of stream", "a quote that is not closed"),
    ("found undefined alias", "aliases are not allowed; write the value out"),
    ("but found another document", "a second document after ---; one file holds one"),
)  # fmt: skip


def nearest(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean X?" where a right spelling is near, else nothing."""
    words = [str(a) for a in allowed]
    close = difflib.get_close_matches(str(word), words, n=1, cutoff=0.6)
    if not close:  # Capitals alone make DIP and dip strangers
        lower = {a.casefold(): a for a in reversed(words)}
        close = [lower[c] for c in difflib.get_close_matches(str(word).casefold(), lower, n=1, cutoff=0.6)]
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
    """ "; full-width '１'; write 1" for a text, or words in a list, that a Chinese keyboard or Word wrote; else nothing."""
    text = " ".join(v for v in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(v, str))
    found = _FULL_WIDTH.search(text)
    if found:
        return f"; full-width {found[0]!r}; write {unicodedata.normalize('NFKC', found[0])}"
    mark = next((c for c in text if ord(c) in _CURLY), "")
    return f"; {mark!r} is none of YAML's marks; write {mark.translate(_CURLY)}" if mark else ""


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
    for at in range(line, max(-1, line - 2), -1):
        if found := _ODD_BLANK.search(_QUOTED.sub("", lines[at])):
            return (
                at,
                f"a blank that is none of YAML's (U+{ord(found[0].strip(' :') or found[0][-1]):04X}, as Word and web pages have it); write a space",
            )
    if found := _NO_DASH.match(lines[line]):
        glued = found[1] == "-"
        return (
            line,
            "write a space after the dash" if glued else f"a list's entries begin with - and not with {found[1]}",
        )
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
        others = [e for e in beside if not e["type"].startswith("date")]
        bounds = [e for e in others if e["type"].endswith(("_equal", "_than"))]  # numbers may be, but not this one
        first = next(iter(bounds + others), first)
    match first["type"]:
        case "extra_forbidden":
            return loc, _unknown_key(model, loc)
        case "missing":
            return loc, "missing"
        case "literal_error":
            words = _literals(first)
            near = "; leave the quotation marks out" if given in words else nearest(str(given), words)
            number = ", or a number" * any(e["type"] == "float_type" for e in beside)
            return loc, f"{given!r} is not allowed; allowed: {', '.join(words)}{number}{near}"
        case kind if given is None and kind.endswith(("_type", "_parsing")):
            return loc, "no value given; write one, or leave the key out"
        case kind if kind.startswith("date"):
            words = [w for e in beside if e["type"] == "literal_error" for w in _literals(e)]
            words += ["a number of days"] * any(e["type"].startswith(("float", "int")) for e in beside)
            return (
                loc,
                f"{shown(given)} is no date; write YEAR-MONTH-DAY{''.join(f', or {w}' for w in words)}{for_day(given)}",
            )
        case kind if kind in _KINDS and not isinstance(given, dict):
            return loc, f"expected {_KINDS[kind]} (given: {shown(given)}){_remedy(kind, given)}"
        case "dict_type" | "model_type":
            tail = "; leave the dashes or square brackets out" if isinstance(given, (list, tuple)) else ""
            return loc, f"expected keys and values{_keys(model, loc)} (given: {shown(given)}){tail}"
        case "list_type" | "tuple_type":
            tail = "; begin each entry with a dash" if isinstance(given, dict) else ""
            return loc, f"expected a list, such as [a, b] (given: {shown(given)}){tail}"
    message = first["msg"].removeprefix("Value error, ")
    if isinstance(given, dict):  # keys that do not go together: the last of those that the message names
        loc += tuple([k for k in given if re.search(rf"\b{re.escape(str(k))}\b", message)][-1:])
    tail = f" (given: {given!r})" if isinstance(given, (str, int, float)) and repr(given) not in message else ""
    return loc, message[0].lower() + message[1:] + tail


def near_switch(given: Any) -> str:
    """ "; did you mean true?" for a word or number that other formats, or people, take for a switch."""
    near = _SWITCHES.get(str(given).lower())
    return f"; did you mean {near}?" if near else ""


def _remedy(kind: str, given: Any) -> str:
    """What to write where a switch, a number or a text is expected."""
    if kind == "bool_type":
        return near_switch(given)
    if kind == "string_type":
        return "; write one text, not a list" if isinstance(given, (list, tuple)) else "; put it in quotation marks"
    return for_number(given, whole=kind == "int_type")


def shown(value: Any) -> str:
    """A value as a message names it: the beginning of a long list or mapping."""
    text = repr(value) if isinstance(value, (str, int, float, bool)) else str(value)
    return text if isinstance(value, str) or len(text) <= 100 else f"{text[:100]}…"


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
