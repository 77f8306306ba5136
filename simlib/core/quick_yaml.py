"""Reading plain YAML quickly, by libyaml: what is in any way unusual is left to `careful_yaml`, which is slow and explains.

The two agree on whatever this one reads; it gives up (None) at the first thing on which YAML 1.1 (libyaml) and YAML 1.2
(ours) could differ, and at the first mistake. A command that lists names reads 230 kB, in a tenth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from simlib.core.misread import UNSEEN

MAX_DEPTH = 12

Lines = dict[tuple, int]

_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
          "~": None, "null": None, "Null": None, "NULL": None}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,17}(?:e[-+]?[0-9]{1,3})?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERHAPS_A_NUMBER = re.compile(r"[-+.0-9][-+.:_0-9A-Fa-fINOTXZinotxz \t]*|<<|=")  # in some notation or other
_DISPUTED = re.compile(  # tabs, what only YAML 1.1 takes for the end of a line, and what `misread` looks at
    f"[\t\x85\u2028\u2029{UNSEEN}]| #[0-9]"
)
_LOADER = getattr(yaml, "CBaseLoader", None)  # missing where PyYAML was built without libyaml


class _Unsure(Exception):
    """Something that the careful reader must look at."""


def read_quickly(text: str) -> tuple[dict[str, Any], Lines] | None:
    """The data of a plain document, and the line of every key path; None where the careful reader must look at it."""
    return _read(text, {})


def stumbles_at(text: str) -> int:
    """The line at which `read_quickly` gives up, counted from 1: of the last key or value that it has begun."""
    lines: Lines = {}
    _read(text, lines)
    disputed = _DISPUTED.search(text)
    return text.count("\n", 0, disputed.start()) + 1 if disputed else max(lines.values(), default=1)


def _read(text: str, lines: Lines) -> tuple[dict[str, Any], Lines] | None:
    if _LOADER is None or _DISPUTED.search(text):
        return None
    try:
        events = yaml.parse(text, Loader=_LOADER)
        next(events)  # the stream's beginning
        _document(next(events))
        first = next(events)
        if not isinstance(first, yaml.MappingStartEvent):
            return None
        data = _value(first, events, (), lines)
        next(events)  # the document's end
        return (data, lines) if isinstance(next(events), yaml.StreamEndEvent) else None
    except (yaml.YAMLError, _Unsure, StopIteration, ValueError):
        return None


def _document(start: yaml.Event) -> None:
    """Refuse an empty stream, and a document that says its own version or tags."""
    if not isinstance(start, yaml.DocumentStartEvent) or start.version or start.tags:
        raise _Unsure


def _value(event: yaml.Event, events: Iterator[yaml.Event], path: tuple, lines: Lines) -> Any:
    """The value that begins with an event."""
    lines.setdefault(path, event.start_mark.line + 1)
    if len(path) >= MAX_DEPTH or isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
        raise _Unsure
    if isinstance(event, yaml.ScalarEvent):
        return _plain(event.value) if event.implicit[0] else event.value
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, path, lines)
    return _sequence(events, path, lines)


def _mapping(events: Iterator[yaml.Event], path: tuple, lines: Lines) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return out
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag or event.value in out:
            raise _Unsure
        key = event.value
        if key == "<<":
            raise _Unsure
        lines[(*path, key)] = event.start_mark.line + 1
        out[key] = _value(next(events), events, (*path, key), lines)
    raise _Unsure


def _sequence(events: Iterator[yaml.Event], path: tuple, lines: Lines) -> list[Any]:
    out: list[Any] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return out
        out.append(_value(event, events, (*path, len(out)), lines))
    raise _Unsure


def _plain(text: str) -> Any:
    """What an unquoted word means in YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if number := _NUMBER.fullmatch(text):
        return float(text) if number[1] else int(text)
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if not text or text[0] in "“”„‟‘’" or _PERHAPS_A_NUMBER.fullmatch(text):
        raise _Unsure
    return text
