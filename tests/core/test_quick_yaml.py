"""The quick reader of YAML gives what the careful one gives, or leaves the text to it."""

from __future__ import annotations

import random

import pytest

from simlib.core import quick_yaml
from simlib.core.careful_yaml import read_carefully
from simlib.core.files import InputError, home, parse_yaml, scenarios
from simlib.core.quick_yaml import MAX_DEPTH, read_quickly

STORED = sorted(scenarios().rglob("*.yaml"))
SHORT = 700  # characters: the careful reader takes its time
# what mistakes and unusual notations are made of
PIECES = [
    *"{}[],:#&*!|>'\"%@`-?~= \t\n\\0123456789.eE+_xnN", "\n  ", "\n- ", ": ", " #", "...\n", "---\n", "%YAML 1.1\n---\n",
    "true", "null", "NaN", ".5", "1e3", "0x1F", "1_000", "2024-02-30", "2024-1-1", "：", "\r\n", "\xa0", "\u3000", "\u2028",
    "? ", "\n\n", '"\\n"', '"a\\/b"', "\ufeff", "12:30", "1.", "-.inf", "+1", "-0", "0o7", "08", "''", "<<: ", "&a ", "*a", "!!str ",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[str]:
    files = [*STORED, *home().glob("tests/broken_*/*.yaml")]
    return [p.read_text(encoding="utf-8") for p in files if p.stat().st_size < SHORT]


def test_every_stored_file_is_read_quickly():
    assert len(STORED) > 50
    assert [p.name for p in STORED if read_quickly(p.read_text(encoding="utf-8")) is None] == []


@pytest.mark.parametrize("path", [p for p in STORED if p.stat().st_size < 15_000], ids=lambda p: p.name)
def test_a_stored_file_gives_the_same_data_and_lines_either_way(path):
    text = path.read_text(encoding="utf-8")
    assert repr(read_quickly(text)) == repr(read_carefully(text, path.name))


def test_damaged_texts_are_read_alike_or_left_to_the_careful_reader(texts):
    chance, read = random.Random(20240101), 0
    for _ in range(1200):
        text = damaged(chance.choice(texts)[:400], chance)
        if (quick := read_quickly(text)) is not None:
            read += 1
            assert repr(quick) == repr(read_carefully(text, "damaged")), text
    assert read > 250


def damaged(text: str, chance: random.Random) -> str:
    """The text with one to three pieces put in, some in place of what stood there."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 1, 2, 5)) :]
    return text


@pytest.mark.parametrize(
    "value",
    ["0x10", "0o17", "017", "1_000", "1.", ".5", "1e3", "-.inf", ".nan", "2024-01-31 10:00:00", "12:30", "~x", "1.0E+2"],
)  # fmt: skip
def test_unusual_notations_of_numbers_are_read_as_the_careful_reader_reads_them(value):
    text = f"a: {value}\n"
    assert repr(parse_yaml(text, "x").data) == repr(read_carefully(text, "x")[0])


@pytest.mark.parametrize("value", ["yes", "off", "15 working days", "1 month", "12 h", "Null point"])
def test_words_stay_words(value):
    assert read_quickly(f"a: {value}\n") == ({"a": value}, {(): 1, ("a",): 1})


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing\n", "- a\n", "text\n", "a: 1\na: 2\n", "a: &x 1\n", "a: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "a:\n",
        "a: [1, ]\nb: {c}\n", "a: 1\n---\nb: 2\n", "%YAML 1.1\n---\na: yes\n", "{[a]: 1}\n", "a:\t1\n", "a: 2024-02-30\n",
        "a: " + "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2) + "\n", "a: 9" + "9" * 30 + "\n", "a: b\u2028c\n", "a: [1\n", "a: =\n",
    ],
)  # fmt: skip
def test_whatever_is_unusual_or_wrong_is_left_to_the_careful_reader(text):
    assert read_quickly(text) is None


def test_without_libyaml_everything_is_read_carefully(monkeypatch):
    monkeypatch.setattr(quick_yaml, "_LOADER", None)
    assert read_quickly("a: 1\n") is None
    assert parse_yaml("a: 1\n", "x").data == {"a": 1}
    with pytest.raises(InputError, match="x:1: not YAML: a missing comma"):
        parse_yaml("a: [1\n", "x")
