"""The texts that readers see: a file a room and language, `simlib/words/ROOM/LANGUAGE.yaml`, which translators open.

A file is YAML of the simplest kind, so that all of them are read in 15 milliseconds (a full YAML reader needs 750, and
a report waits for it): a line a text, `key: text`, with quotation marks where YAML wants them, and a text of several
lines below `key: |-`, two blanks in. Everything else is refused. This module lies below all rooms because each of them
says something; `simlib.words` has what pages and pictures need on top of it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

from simlib.core.files import InputError, one_of, shown

LANGUAGES = ("en", "zh")  # the first is the one that the others are held against
FOLDER = Path(__file__).resolve().parents[1] / "words"
T = TypeVar("T")

_LINE = re.compile(r'(?:"([^"\\]+)"|([A-Za-z0-9][\w.\- ]*)):(?: +(.*?))? *')
_BLANK = re.compile(r"\{([^{}]*)\}")
_SIGN_FIRST = tuple("-?:,[]{}#&*!|>'\"%@`")
_NOT_TEXT = re.compile(r"(?i:null|true|false|yes|no|on|off|y|n|~)|[-+.\d][-+.:\d_eExX]*")
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_QUOTE = 'put the whole text in quotation marks: "..."'


class Texts(Mapping[str, T], Generic[T]):
    """The texts of a room by key, each in all languages; the files are read when the first text is asked for.

    Parameters
    ----------
    room : str
        The folder below `simlib/words` that holds the texts.
    make : callable
        Makes what a key leads to from one text a language, in the order of LANGUAGES.
    prefix : str
        Only texts whose keys begin so; the keys of this mapping are what follows.
    """

    def __init__(self, room: str, make: Callable[..., T], prefix: str = "") -> None:
        self.room, self._make, self.prefix = room, make, prefix

    @functools.cached_property
    def _all(self) -> dict[str, T]:
        sides = [texts(self.room, n) for n in LANGUAGES]
        own = [key for key in sides[0] if key.startswith(self.prefix)]
        return {key.removeprefix(self.prefix): self._make(*(side[key] for side in sides)) for key in own}

    def __getitem__(self, key: str) -> T:
        try:
            return self._all[key]
        except KeyError:
            raise KeyError(f"no text {self.prefix + key!r} in the files of simlib/words/{self.room}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def side_by_side(*sides: str) -> tuple[str, ...]:
    """A text in all languages, for `Texts`."""
    return sides


@functools.cache
def texts(room: str, language: str) -> Mapping[str, str]:
    """The texts of a room in a language, by key, read once.

    Raises
    ------
    InputError
        For an unknown language, a file that is missing or that cannot be read, or one that has not the same keys and
        blanks as the file of the first language; the message names file, key and remedy.
    """
    if language not in LANGUAGES:
        raise InputError(one_of(language, LANGUAGES, "language"))
    path = FOLDER / room / f"{language}.yaml"
    first = FOLDER / room / f"{LANGUAGES[0]}.yaml"
    found = parse(_text(path), shown(path))
    if language != LANGUAGES[0] and first.is_file():
        agree(texts(room, LANGUAGES[0]), found, shown(path))
    return MappingProxyType(found)


def agree(first: Mapping[str, str], other: Mapping[str, str], file: str) -> None:
    """InputError where a translation (`other`, of `file`) lacks a text or blank of the first language, or has one more."""
    for key in first:
        if key not in other:
            raise InputError(f"{file}: {key}: not translated; add it: {first[key]}")
    for key, text in other.items():
        if key not in first:
            raise InputError(f"{file}: {key}: no such text in {LANGUAGES[0]}.yaml; take it out, or add it there")
        if blanks(text) != blanks(first[key]):
            wanted = ", ".join(sorted(f"{{{b}}}" for b in blanks(first[key]))) or "no blanks"
            raise InputError(f"{file}: {key}: its blanks are not those of {LANGUAGES[0]}.yaml; use {wanted}")


def blanks(text: str) -> set[str]:
    """The names in braces, which are filled when the text is used."""
    return set(_BLANK.findall(text))


def parse(text: str, file: str) -> dict[str, str]:
    """The texts of a file by key, in its order; InputError with file, line and remedy for what is not plain `key: text`."""
    found: dict[str, str] = {}
    lines = text.replace("\r\n", "\n").split("\n")
    n = 0
    while n < len(lines):
        line, n = lines[n], n + 1
        if not line.strip() or line.startswith("#"):
            continue
        at = f"{file}:{n}"
        match = _LINE.fullmatch(line)
        if not match:
            raise InputError(
                f"{at}: expected key: text, from the line's start; a text of several lines stands below key: |-"
            )
        key = match[1] or match[2]
        if key in found:
            raise InputError(f"{at}: {key}: given twice; take one of them out")
        if match[3] == "|-":
            found[key], n = _block(lines, n)
        else:
            found[key] = _one_line(match[3] or "", f"{at}: {key}")
    return found


def _block(lines: list[str], start: int) -> tuple[str, int]:
    """The indented lines from `start` on as one text, and the number of the first line behind them."""
    end = start
    while end < len(lines) and (lines[end].startswith("  ") or not lines[end].strip()):
        end += 1
    return "\n".join(line[2:] for line in lines[start:end]).rstrip("\n"), end


def _one_line(written: str, at: str) -> str:
    """A text as it is meant: quotation marks taken off, or written without them where YAML takes it for text."""
    if written.startswith('"'):
        try:
            return str(json.loads(written))
        except ValueError:
            raise InputError(
                f'{at}: write a quotation mark inside quotation marks as \\", and close the text'
            ) from None
    if written.startswith("'"):
        if match := _SINGLE.fullmatch(written):
            return match[1].replace("''", "'")
        raise InputError(f"{at}: write an apostrophe inside '...' twice, and close the text")
    if not written:
        raise InputError(f"{at}: no text behind the colon; write it")
    if written.startswith(_SIGN_FIRST) or _NOT_TEXT.fullmatch(written):
        raise InputError(f"{at}: YAML does not read this as text; {_QUOTE}")
    if ": " in written or " #" in written or written.endswith(":"):
        raise InputError(f"{at}: a colon with a blank behind it, or a # behind a blank; {_QUOTE}")
    return written


def _text(path: Path) -> str:
    """A file's text; InputError where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise InputError(f"{shown(path)}: cannot be read: {e.strerror}; a language needs this file") from None
    except UnicodeDecodeError:
        raise InputError(f"{shown(path)}: not UTF-8; save it as UTF-8") from None
