"""How an input is changed: a tree by its keys and values, a text by its bytes; and how a tree is written as YAML."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Path = tuple  # of keys and places


class Raw(str):
    """A value that is written as it stands, without quotation marks."""


def _nested(depth: int) -> Any:
    return [_nested(depth - 1)] if depth else []


ODD: list[Any] = [
    0, -1, 1, 2, 3, 17, 366, 1e-9, 1e-300, 1e300, -1e300, 10**9, 2**31, 2**63, 10**30, 0.1, 0.5, 1.0000001, 99.5, -0.0,
    *map(Raw, [".nan", ".inf", "-.inf", "1_0", "0x1F", "0o17", "017", "1e3", "1E400", "1:30", "+5", ".5", "5.", "no", "yes", "~"]),
    *map(Raw, ["2024-02-30", "2024-01-01T10:00:00", "2024-01-01 10:00:00Z", "20240105", "2024-W05-1", "24-1-1", "*a", "&a 1"]),
    True, False, None, "", " ", "all", "off", "open", "none", "own", "nation", "sichuan", "15 days", "0 days", "1 month",
    "999999999 years", "２ 个月", "１２", "0.5 working days", "Ⅻ", "e\u0301", "é", "\U0001f600", "\u202e", "\x07", "\x1b[31m", "\u2028",
    "\x85", "a\nb", "a\tb", "x" * 300, "=1+1", "<b>", "{x.__class__}", "../../x", "CON", "a:b", "#", "%s", "{0}", "a/b&c", "--help",
    [], {}, [[]], {"": 1}, [1, 2], ["all"], {"value": 1}, {"a": {"b": 1}}, _nested(9), _nested(14), "\ud83d",
    date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31), date(2024, 2, 29), date(2030, 1, 1),
]  # fmt: skip


def flow(value: Any) -> str:
    """A value in YAML's flow style."""
    match value:
        case Raw():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{_key(k)}: {flow(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case date() | datetime():
            return str(value)
        case float():
            return _float(value)
    return json.dumps(value, ensure_ascii=not _printable(value))


def _float(value: float) -> str:
    """A number as YAML 1.2 reads it: with a point before an exponent."""
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _printable(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _key(key: Any) -> str:
    return json.dumps(str(key), ensure_ascii=not _printable(str(key)))


def yaml_bytes(tree: Any) -> bytes:
    """A document: each key at the top begins a line."""
    if not isinstance(tree, dict):
        return flow(tree).encode("utf-8", "replace")
    return "".join(f"{_key(k)}: {flow(v)}\n" for k, v in tree.items()).encode("utf-8", "replace")


# ---- trees


def paths(tree: Any, path: Path = ()) -> list[Path]:
    """Every key path below the top."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [p for key, value in items for p in ((*path, key), *paths(value, (*path, key)))]


def at(tree: Any, path: Path) -> Any:
    """What stands at a key path."""
    for key in path:
        tree = tree[key]
    return tree


def put(tree: Any, path: Path, value: Any) -> Any:
    """The tree with another value at a key path; what is not on the way there is shared."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


def without(tree: Any, path: Path) -> Any:
    """The tree without what stands at a key path."""
    above = at(tree, path[:-1])
    if isinstance(above, dict):
        return put(tree, path[:-1], {k: v for k, v in above.items() if k != path[-1]})
    return put(tree, path[:-1], [v for i, v in enumerate(above) if i != path[-1]])


def _slip(rng: random.Random, word: str) -> str:
    """A word with one slip of the pen."""
    i = rng.randrange(len(word) + 1)
    return rng.choice([word[:i] + word[i + 1 :], word[:i] + word[i : i + 1] * 2 + word[i + 1 :], word[:i] + "x" + word[i:],
                       word.upper(), word + " ", word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :]])  # fmt: skip


def _renamed(rng: random.Random, tree: Any, path: Path) -> Any:
    above = at(tree, path[:-1])
    if not isinstance(above, dict):
        return without(tree, path)
    others = [str(k) for p in paths(tree) for k in p if isinstance(k, str)]
    new = rng.choice([_slip(rng, str(path[-1])), rng.choice(others)])
    return put(tree, path[:-1], {new if k == path[-1] else k: v for k, v in above.items()})


def _retyped(rng: random.Random, tree: Any, path: Path) -> Any:
    value = at(tree, path)
    same = [[value], {"value": value}, [value, value], {str(path[-1]): value}]
    if not isinstance(value, (dict, list)):
        same += [str(value), Raw(str(value)) if str(value).isalnum() else str(value), _slip(rng, str(value))]
    return put(tree, path, rng.choice(same))


def _number(rng: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return rng.choice([0, -value, value * 10, value * 1e6, value / 1e3, value + 1, float(value), 1 - value])
    if isinstance(value, str):
        return _slip(rng, value)
    return rng.choice(ODD)


def change_tree(rng: random.Random, tree: Any) -> Any:
    """One structural change: dropped, renamed, retyped, swapped with another place, or an odd value."""
    known = paths(tree)
    if not known:
        return rng.choice(ODD)
    path, other = rng.choice(known), rng.choice(known)
    match rng.randrange(7):
        case 0:
            return without(tree, path)
        case 1:
            return _renamed(rng, tree, path)
        case 2:
            return _retyped(rng, tree, path)
        case 3:
            return put(tree, path, at(tree, other))
        case 4:
            return put(tree, path, _number(rng, at(tree, path)))
    return put(tree, path, rng.choice(ODD))


# ---- texts


def _recoded(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    how = rng.choice(["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "latin-1", "cp1252"])
    return text.encode(how, "replace")


def change_bytes(rng: random.Random, data: bytes) -> bytes:
    """One textual change: a byte, a line or a stretch; cut, repeated, moved, coded anew."""
    i, j = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    lines = data.splitlines(keepends=True) or [b""]
    n, m = rng.randrange(len(lines)), rng.randrange(len(lines))
    changes: list[Callable[[], bytes]] = [
        lambda: data[:i] + bytes([rng.randrange(256)]) + data[i + 1 :],
        lambda: data[:i] + rng.choice(SIGNS) + data[i:],
        lambda: data[:i] + data[min(j, i + 20) :],
        lambda: data[:i],
        lambda: b"".join([*lines[: n + 1], lines[m], *lines[n + 1 :]]),
        lambda: b"".join([*lines[:n], *lines[n + 1 :]]),
        lambda: data[:i] + data[i : i + 8] * rng.choice([2, 3, 500]) + data[i + 8 :],
        lambda: _recoded(rng, data),
        lambda: data.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\n", b"\t\n"])),
        lambda: data.replace(rng.choice([b": ", b",", b"\"", b"1", b"e"]), rng.choice([b":", b";", b"'", b"", b"\xef\xbc\x9a"]), 1),
    ]  # fmt: skip
    return rng.choice(changes)()


SIGNS = [
    b"\0", b"\t", b"\n", b"\r", b"\x1b[2J", b"\x7f", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\x85", b"\xcc\x81",
    b"&a ", b"*a", b"!!int ", b"<<: ", b"? ", b"- ", b"#", b" #", b"'", b'"', b"{", b"}", b"[", b"]", b"|", b">", b"%YAML 1.1\n", b"---\n", b"...\n", b":", b": ",
    "：".encode(), "，".encode(), "１".encode(), b"_", b"0", b"9" * 30, b"e9", b".", b"-", b"=", b"\\", b"\\x07", b"\\ud83d",
]  # fmt: skip
