"""Small YAML files are read strictly, and every value remembers its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from simlib import InputError, load_scenario
from simlib.core.files import (
    MAX_BYTES,
    NotWritten,
    beside,
    folder_at,
    nearest,
    one_of,
    parse_yaml,
    read_yaml,
    shown,
    validate,
    write_whole,
)
from simlib.core.quick_yaml import MAX_DEPTH

GOOD = "a: 1\nb:\n  c: [x, y]\n  d: {e: 2.5}\nf: 2024-01-31\n"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    depth: float
    width: int = 1


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    inner: Inner


def test_values_are_plain_and_know_their_lines():
    document = parse_yaml(GOOD, "x.yaml")
    assert document.data["b"] == {"c": ["x", "y"], "d": {"e": 2.5}}
    assert document.data["f"].isoformat() == "2024-01-31"
    assert [document.line(p) for p in (("a",), ("b", "c"), ("b", "d", "e"), ("f",))] == [1, 3, 4, 5]
    assert document.line(("b", "d", "unheard")) == 4 and document.line(("unheard",)) == 1
    assert str(document.source(("b", "c", 1))) == "x.yaml:3"


def test_a_part_keeps_the_lines_of_its_file():
    part = parse_yaml(GOOD, "x.yaml").part(("b",))
    assert part.data == {"c": ["x", "y"], "d": {"e": 2.5}}
    assert str(part.error(("d", "e"), "no")) == "x.yaml:4: d.e: no"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "x.yaml: the file is empty"),
        ("# nothing\n", "x.yaml: the file is empty"),
        ("- a\n- b\n", "x.yaml:1: expected keys and values at the top"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: a: given twice"),
        ("a:\n  b: 1\n  b: 2\n", "x.yaml:3: a.b: given twice"),
        ("a: &x 1\n", "x.yaml:1: anchors are not allowed"),
        ("a: 1\nb: *x\n", "x.yaml:2: aliass are not allowed"),
        ("a: !!python/name:os.system 1\n", "x.yaml:1: tags are not allowed"),
        ("a: [1, 2\nb: 3\n", "not YAML"),
        ("a: b: c\n", "x.yaml:1: not YAML"),
        ("? [a, b]\n: 1\n", "x.yaml:1: a key must be a word"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", f"nested deeper than {MAX_DEPTH} levels"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_in_one_line(text: str, words: str):
    with pytest.raises(InputError) as e:
        parse_yaml(text, "x.yaml")
    assert words in str(e.value).replace("aliases", "aliass") and "\n" not in str(e.value)


def test_a_missing_a_huge_and_a_foreign_file_are_refused(tmp_path: Path):
    path = tmp_path / "a.yaml"
    with pytest.raises(InputError, match="no such file"):
        read_yaml(path)
    path.write_bytes(b"a: " + b"x" * MAX_BYTES)
    with pytest.raises(InputError, match="larger than"):
        read_yaml(path)
    path.write_bytes("a: 药事会\n".encode("gbk"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_yaml(path)


def test_a_byte_order_mark_as_editors_on_windows_write_it_is_no_fault(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xe4\xb8\xad\r\n")
    assert read_yaml(path).data == {"a": 1, "b": "中"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "name: x\ninner: {dept: 1}\n",
            "x.yaml:2: inner.dept: unknown key; allowed: depth, width; did you mean 'depth'?",
        ),
        ("name: x\ninner:\n  width: 2\n", "x.yaml:2: inner.depth: missing"),
        ("name: x\ninner:\n  depth: deep\n", "x.yaml:3: inner.depth: input should be a valid number"),
        ("name: 3\ninner: {depth: 1}\n", "x.yaml:1: name: expected a text (given: 3)"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_line(text: str, words: str):
    document = parse_yaml(text, "x.yaml")
    with pytest.raises(InputError) as e:
        validate(Outer, document, document.data)
    assert str(e.value).startswith(words) and "\n" not in str(e.value)


def test_near_spellings_are_offered_and_far_ones_are_not():
    assert nearest("sichaun", ["sichuan", "beijing"]) == "; did you mean 'sichuan'?"
    assert nearest("xyz", ["sichuan", "beijing"]) == ""
    assert one_of("z", [f"n{i:02}" for i in range(30)], "name").endswith("n11, ... (30 in all)")


def test_paths_are_shown_relative_to_the_project():
    from simlib.core.files import scenarios

    assert shown(scenarios() / "toys" / "chain.yaml") == "scenarios/toys/chain.yaml"
    assert shown(Path("/elsewhere/x.yaml")) == "/elsewhere/x.yaml"


@given(st.text(max_size=200))
def test_no_text_whatever_makes_anything_but_a_document_or_one_line(text: str):
    try:
        document = parse_yaml(text, "x.yaml")
    except InputError as e:
        assert str(e).startswith("x.yaml") and len(str(e).splitlines()) == 1
    else:
        assert isinstance(document.data, dict)


@pytest.mark.parametrize("key", ["region", "cohort", "policy"])
def test_an_unknown_name_in_a_scenario_is_named_with_file_line_and_spelling(key: str, tmp_path: Path):
    name = {"region": "sichuan", "cohort": "nmpa", "policy": "sichuan"}
    text = "".join(f"{k}: {v if k != key else v[:-1] + 'x'}\n" for k, v in name.items())
    path = tmp_path / "mine.yaml"
    path.write_text("format: 1\nname: mine\nend: 2026-12-31\n" + text, encoding="utf-8")
    with pytest.raises(InputError) as e:
        load_scenario(path)
    line = 4 + list(name).index(key)
    assert f"mine.yaml:{line}: {key}: unknown {key} " in str(e.value)
    assert str(e.value).endswith(f"did you mean {name[key]!r}?")


def test_a_file_is_written_whole_with_its_line_ends_as_they_are(tmp_path: Path):
    write_whole(tmp_path / "a.txt", "药\r\nb\n")
    write_whole(tmp_path / "b.bin", b"\x00\xff")
    assert (tmp_path / "a.txt").read_bytes() == "药\r\nb\n".encode()
    assert (tmp_path / "b.bin").read_bytes() == b"\x00\xff"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.bin"]


@pytest.mark.parametrize("wrong", [OSError(28, "No space left on device"), ValueError("a bug"), KeyboardInterrupt()])
def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, wrong: BaseException):
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises((InputError, ValueError, KeyboardInterrupt)) as e, beside(path) as part:
        part.write_text("half", encoding="utf-8")
        raise wrong
    assert path.read_text(encoding="utf-8") == "old" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert e.type is (NotWritten if isinstance(wrong, OSError) else type(wrong))  # a bug is no mistake of the user's


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none/a.txt", "none/a.txt: cannot be written: No such file or directory; make its folder first"),
        ("folder", "folder: cannot be written: Is a directory; it is a folder; name a file"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line_with_the_remedy(tmp_path: Path, name: str, words: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as e:
        write_whole(tmp_path / name, "x")
    assert words in str(e.value) and "\n" not in str(e.value)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_full_disk_is_said_to_be_full(tmp_path: Path):
    with pytest.raises(InputError, match="No space left on device; make room on the disk"), beside(tmp_path / "a"):
        raise OSError(28, "No space left on device")


def test_a_folder_is_made_with_those_it_stands_in_and_a_file_in_its_way_is_named_in_one_line(tmp_path: Path):
    assert folder_at(tmp_path / "a/b").is_dir() and folder_at(tmp_path / "a/b") == tmp_path / "a/b"
    (tmp_path / "file").touch()
    for there in ("file", "file/c"):
        with pytest.raises(NotWritten, match=f"{there}: .*; a file stands where a folder must be; move it away"):
            folder_at(tmp_path / there)


def test_a_file_is_on_the_disk_before_it_takes_the_name_of_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")
    seen = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda n: (fsync(n), seen.append(("synced", path.read_text())))[0])
    monkeypatch.setattr(os, "replace", lambda a, b: (seen.append(("moved", Path(a).read_text())), replace(a, b))[1])
    write_whole(path, "new")
    assert seen == [("synced", "old"), ("moved", "new")] and path.read_text() == "new"


@pytest.mark.parametrize("word", ["1_0", "0.1_5", "2024-01-01T10:00:00", "2024-01-01 10:00:00Z"])
def test_what_only_yaml_1_1_takes_for_a_number_or_a_time_is_text(word):
    assert parse_yaml(f"a: {word}\n", "a.yaml").data == {"a": word}
    with pytest.raises(InputError, match="set decision.rho: expected a number"):
        load_scenario("first", {"decision.rho": parse_yaml(f"a: {word}\n", "a.yaml").data["a"]})


def test_a_complaint_shows_by_its_code_what_would_move_the_cursor_or_turn_the_writing():
    said = str(InputError("a\x1b[2J\x07b\u202ec\u2028d\te\nf"))
    assert said == "a\\x1b[2J\\x07b\\u202ec d e f"
    with pytest.raises(InputError) as e:
        parse_yaml('a: "b', "x\x1b[31m.yaml")
    assert said.isprintable() and str(e.value).isprintable()


def test_a_wrong_value_below_a_number_is_named_by_the_change_that_set_it():
    with pytest.raises(InputError, match="^set decision.b0.level_3: "):
        load_scenario("first", {"decision.b0.level_3.x": 3})
