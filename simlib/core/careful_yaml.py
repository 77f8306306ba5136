"""Reading YAML strictly: YAML 1.2 without tags, anchors, aliases or merge keys, and plain words for every mistake.

`quick_yaml` reads what is beyond doubt; this reader has the last word on the rest.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from simlib.core.complaints import full_width, of_yaml
from simlib.core.errors import InputError
from simlib.core.misread import misread
from simlib.core.quick_yaml import MAX_DEPTH, stumbles_at

MOST_TOKENS = 25_000  # about a second
_NO_VALUE = "no value after the colon; write one, or leave the key out (what belongs to it is indented further)"
_COMMA = (
    "a comma ends a value in { }: write 0.8 with a point and 1200 without a mark, put a text that holds a comma in "
    "quotation marks, and a list in [ ]"
)
_REFUSED = {
    "Alias": "aliases are not allowed; write the value out",
    "Anchor": "anchors are not allowed; leave the & and its name out",
    "Tag": "tags are not allowed; leave the word that begins with ! out, or put the text in quotes",
}
_SURROGATE = re.compile("[\ud800-\udfff]")  # as "\\ud83d" gives it; no file can be written with one
_NESTING = {
    "BlockMappingStart": 1, "BlockSequenceStart": 1, "FlowMappingStart": 1, "FlowSequenceStart": 1,
    "BlockEnd": -1, "FlowMappingEnd": -1, "FlowSequenceEnd": -1,
}  # fmt: skip
_PLAIN_TAGS = {f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")}


def read_carefully(text: str, name: str) -> tuple[dict[str, Any], dict[tuple, int]]:
    """The data of a document, and the line of every key path; InputError, with the line, for what is not plain YAML."""
    try:
        _scan(text, name)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as e:
        lacks_colon = str(e.problem).startswith("could not find expected ':'")  # noticed lines later
        mark = e.context_mark if lacks_colon and e.context_mark else e.problem_mark or e.context_mark
        problem = " ".join(str(e.problem or e.context).split())
        line, words = of_yaml(text, mark.line if mark else 0, problem)
        raise InputError(f"{name}:{line + 1}: not YAML: {words}") from None
    except ReaderError as e:
        line = text[: e.position].count("\n") + 1
        raise InputError(f"{name}:{line}: not YAML: an invisible character, number {e.character}; delete it") from None
    except (YAMLError, ValueError) as e:
        raise InputError(f"{name}: not YAML: {' '.join(str(e).split())[:200]}") from None
    if node is None:
        raise InputError(f"{name}: the file is empty")
    if not isinstance(node, MappingNode):
        line = node.start_mark.line
        words = f"expected keys and values at the top, found {'a list' if isinstance(node, SequenceNode) else 'text'}"
        line, found = of_yaml(text, line, words)
        raise InputError(f"{name}:{line + 1}: {found}")
    lines: dict[tuple, int] = {}
    data = _plain(node, (), lines, name)
    return data, lines


def _scan(text: str, name: str) -> None:
    """Refuse what plain files do not use, before anything is built of it."""
    depth = 0
    for number, token in enumerate(YAML(typ="safe", pure=True).scan(text)):
        if number > MOST_TOKENS:
            told = f"near this line something is not plain YAML (a mistake, or a notation such as .5), and {name} is too large"
            raise InputError(
                f"{name}:{stumbles_at(text)}: {told} for a closer look; check it in an editor, or split it"
            )
        kind = type(token).__name__.removesuffix("Token")
        at = f"{name}:{token.start_mark.line + 1}"
        if kind in _REFUSED:
            raise InputError(f"{at}: {_REFUSED[kind]}")
        depth += _NESTING.get(kind, 0)
        if depth > MAX_DEPTH + 1:
            raise InputError(f"{at}: nested deeper than {MAX_DEPTH} levels")


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
            key = _key(key_node, path, out, name)
            lines[(*path, key)] = key_node.start_mark.line + 1
            if _is_empty(value_node) and (wrong := _without_value(key_node, value_node, out)):
                at, words = wrong
                raise InputError(f"{name}:{lines[(*path, at)]}: {'.'.join(map(str, (*path, at)))}: {words}")
            out[key] = _plain(value_node, (*path, key), lines, name)
        return out
    if isinstance(node, SequenceNode):
        return [_plain(child, (*path, i), lines, name) for i, child in enumerate(node.value)]
    if half := _SURROGATE.search(node.value):
        key = ".".join(map(str, path))
        raise InputError(f"{name}:{line}: {key}: {half[0]!r} is half a character; write the character itself")
    if words := misread(node.value, node.style is None, _rest_of_line(node)):
        raise InputError(f"{name}:{line}: {'.'.join(map(str, path))}: {words}")
    try:
        value = YAML(typ="safe", pure=True).constructor.construct_object(node)
    except ValueError as e:  # 2025-02-30, or a number of thousands of digits
        what = "date; write YEAR-MONTH-DAY" if str(node.tag).endswith("timestamp") else "number"
        key = ".".join(map(str, path))
        raise InputError(f"{name}:{line}: {key}: {node.value[:40]} is no {what} ({str(e)[:80]})") from None
    older = isinstance(value, datetime) or (isinstance(value, (int, float)) and "_" in node.value)
    return node.value if older else value  # 1_0 and times of day are numbers and times in YAML 1.1 alone


def _key(node: Node, path: tuple, seen: dict[str, Any], name: str) -> str:
    """The word of a key that was not given before."""
    at = f"{name}:{node.start_mark.line + 1}: "
    if not isinstance(node, ScalarNode):
        raise InputError(at + "a key must be a word")
    key = str(node.value)
    if half := _SURROGATE.search(key):
        raise InputError(f"{at}{half[0]!r} is half a character; write the character itself")
    if words := misread(key, False, ""):
        raise InputError(at + words)
    if key == "<<":
        raise InputError(at + "merge keys (<<) are not allowed; write the keys out")
    if key in seen:
        raise InputError(f"{at}{'.'.join(map(str, (*path, key)))}: given twice")
    return key


def _without_value(key: Node, value: Node, before: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a key without a value, at which key; None for nothing. Who means no value writes null."""
    if value.start_mark.index > key.end_mark.index:
        lower = re.match(r"[ \t]*(?:#.*)?\n([\u00a0\u2000-\u200a\u202f\u3000]| *\S)", _after(key).lstrip(":"))
        if lower and lower[1].strip(" ")[0].isspace():
            return key.value, "the lines below are indented with blanks that are none of YAML's; indent with spaces"
        return key.value, _NO_VALUE
    if ":" in key.value or "：" in key.value:
        return None  # value:true, which is an unknown key
    last = next(reversed(before), None)
    if last is None or isinstance(before[last], (dict, list)):
        return key.value, f"no value; {_COMMA}{full_width(key.value)}"
    pair = f"{before[last]}, {key.value}"
    return last, f"{pair!r} is two things, since {_COMMA}{full_width(pair)}"


def _rest_of_line(node: ScalarNode) -> str:
    """What stands behind a value in its line."""
    return _after(node).partition("\n")[0]


def _after(node: Node) -> str:
    mark = node.end_mark
    return mark.buffer[mark.pointer :] if mark.buffer else ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and not node.style
