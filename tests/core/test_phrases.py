"""The files of texts: what they may hold, and what is said of a file that a translator got wrong."""

from __future__ import annotations

import pytest

from simlib.core import phrases
from simlib.core.files import InputError, parse_yaml
from simlib.core.phrases import Texts, agree, blanks, parse, texts

GOOD = """# a heading
one: A text, with {blank} and 100%.
"yes": "yes"
"quotes and: colons": 'She said "go: now", didn''t she?'
escaped: "a \\"b\\" \\\\ c"
row_2.5.1: 批准后24个月：{n}家
blank: " "

several: |-
  First line.

  Third: line, with a # in it.
last: x
"""


def test_a_file_is_read_as_a_full_reader_reads_it():
    found = parse(GOOD, "a.yaml")
    assert found == parse_yaml(GOOD, "a.yaml").data
    assert list(found)[:3] == ["one", "yes", "quotes and: colons"]
    assert found["several"] == "First line.\n\nThird: line, with a # in it."
    assert parse(GOOD.replace("\n", "\r\n"), "a.yaml") == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: x\na: y\n", "f.yaml:2: a: given twice; take one of them out"),
        ("a: x\n  b: y\n", "f.yaml:2: expected key: text"),
        ("just words\n", "f.yaml:1: expected key: text"),
        ("a:\n", "f.yaml:1: a: no text behind the colon"),
        ("a: {n} days\n", "put the whole text in quotation marks"),
        ("a: as follows: b\n", "put the whole text in quotation marks"),
        ("a: see #3, or # 3\n", "put the whole text in quotation marks"),
        ("a: no\n", "put the whole text in quotation marks"),
        ("a: 1.5\n", "put the whole text in quotation marks"),
        ("a: 2026-01-01\n", "put the whole text in quotation marks"),
        ('a: "he said "go""\n', 'f.yaml:1: a: write a quotation mark inside quotation marks as \\"'),
        ('a: "open\n', "close the text"),
        ("a: 'don't'\n", "f.yaml:1: a: write an apostrophe inside '...' twice"),
    ],
)
def test_a_fault_is_one_line_with_file_line_and_remedy(text, said):
    with pytest.raises(InputError) as e:
        parse(text, "f.yaml")
    assert said in str(e.value) and str(e.value).startswith("f.yaml:") and "\n" not in str(e.value)


def test_a_translation_has_the_same_keys_and_blanks():
    first = {"a": "{n} of {all} days", "b": "x"}
    agree(first, {"a": "{all}天中的{n}天", "b": "某"}, "zh.yaml")
    for other, said in (
        ({"a": "{all}天中的{n}天"}, "zh.yaml: b: not translated; add it: x"),
        ({**first, "c": "y"}, "zh.yaml: c: no such text in en.yaml; take it out, or add it there"),
        ({**first, "a": "{n}天"}, "zh.yaml: a: its blanks are not those of en.yaml; use {all}, {n}"),
        ({**first, "b": "{x}"}, "zh.yaml: b: its blanks are not those of en.yaml; use no blanks"),
    ):
        with pytest.raises(InputError) as e:
            agree(first, other, "zh.yaml")
        assert str(e.value) == said
    assert blanks("{a} and {b}, {a}") == {"a", "b"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of texts with one room."""
    monkeypatch.setattr(phrases, "FOLDER", tmp_path)
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall" / "en.yaml").write_text("a: door\nb: bell\n", encoding="utf-8")
    (tmp_path / "hall" / "zh.yaml").write_text("\ufeffa: 门\nb: 铃\n", encoding="utf-8")
    texts.cache_clear()
    yield tmp_path / "hall"
    texts.cache_clear()


def test_texts_of_a_room_stand_side_by_side_and_are_read_once(folder):
    hall = Texts("hall", lambda en, zh: f"{en}/{zh}")
    assert dict(hall) == {"a": "door/门", "b": "bell/铃"} and len(hall) == 2
    (folder / "en.yaml").unlink()
    assert texts("hall", "en")["a"] == "door"
    with pytest.raises(KeyError, match="no text 'c' in the files of simlib/words/hall"):
        hall["c"]


def test_a_file_that_is_missing_or_of_another_coding_is_named(folder):
    (folder / "zh.yaml").write_bytes("a: 门\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"zh\.yaml: not UTF-8; save it as UTF-8"):
        texts("hall", "zh")
    (folder / "zh.yaml").unlink()
    with pytest.raises(InputError, match=r"zh\.yaml: cannot be read"):
        texts("hall", "zh")
    with pytest.raises(InputError, match="language"):
        texts("hall", "fr")


def test_a_translation_that_lacks_a_text_is_refused_when_it_is_read(folder):
    (folder / "zh.yaml").write_text("a: 门\n", encoding="utf-8")
    with pytest.raises(InputError, match="b: not translated; add it: bell"):
        texts("hall", "zh")
