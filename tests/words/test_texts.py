"""The texts of every room: complete, in both languages, used, and nowhere else than in their files."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import simlib
from simlib.core.files import read_yaml
from simlib.core.phrases import FOLDER, LANGUAGES, texts
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.flow import SHARED, STAGES, THINGS
from simlib.policy.levers import LEVERS
from simlib.world.cohort import CLASSES
from simlib.world.region import AREAS, OWNERS, PLACES, TYPES

ROOT = Path(simlib.__file__).resolve().parent
ROOMS = sorted(p.name for p in FOLDER.iterdir() if list(p.glob("*.yaml")))
ONE_LANGUAGE = {"indicators": "zh"}  # the English definitions stand in the table of indicators
TWO = [room for room in ROOMS if room not in ONE_LANGUAGE]
EMPTY = {("documents", "zh", "between")}  # Chinese has no blank between sentences
HAN = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{3}")
CHINESE_IN_ENGLISH = {
    ("documents", "col_other_language"),
    ("report", "language_zh"),
}  # a language's name in that language
SAME = {"language_en", "tab_python"}  # the same in both languages
SHOWN_WHOLE = ("glossary", "indicators", "nouns")  # every text of the file stands on a page
# every text of the file belongs to something that is declared elsewhere, and a test compares the two
DECLARED = ("dictionary", "flow", "levers", "rules")
FEWEST_LETTERS = 2  # of the fixed part of a key that is put together, such as f"col_{name}"
OTHER_KEYS = (r"why_(gap|ratio)_\w+",)  # of patterns that the code hides, here in the codes of what moved with a result


# Python that holds Chinese, and why it is not in the files of texts.
HOLDS_CHINESE = {
    "core/complaints.py": "words for yes and no are known as a user may have written them",
    "core/hints.py": "dates and durations in Chinese are known, to say how they are written here",
    "world/lists.py": "dates in a user's own list are known as Chinese writes them",
    "world/lists_columns.py": "columns and values of a user's own list are known by headings and words in both languages, and "
    "the example rows of a template are made of them",
    "teach/processes.py": "students read this source, docstrings included, in both languages",
}


def pair(room: str) -> tuple[dict[str, str], dict[str, str]]:
    """The English and the Chinese texts of a room."""
    return dict(texts(room, "en")), dict(texts(room, "zh"))


@pytest.mark.parametrize("room", TWO)
def test_both_languages_have_the_same_keys_in_the_same_order(room):
    """That blanks and keys are the same is checked where a file is read (`simlib.core.phrases.agree`)."""
    assert sorted(p.stem for p in (FOLDER / room).iterdir()) == sorted(LANGUAGES)
    en, zh = pair(room)
    assert list(en) == list(zh)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.yaml")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_full_yaml_reader_reads_the_same_and_no_text_is_empty(path):
    found = texts(path.parent.name, path.stem)
    assert dict(found) == read_yaml(path).data
    assert {k for k, text in found.items() if not text} <= {
        k for r, n, k in EMPTY if (r, n) == (path.parent.name, path.stem)
    }
    assert path.read_text(encoding="utf-8").startswith("# "), "a file begins with a paragraph for translators"


@pytest.mark.parametrize("room", TWO)
def test_english_is_english_and_chinese_chinese(room):
    en, zh = pair(room)
    assert [k for k, text in en.items() if HAN.search(text) and (room, k) not in CHINESE_IN_ENGLISH] == []
    bare = {k: re.sub(r"\{\w*\}|`[^`]*`", "", text) for k, text in en.items()}
    same = [k for k, text in bare.items() if LETTERS.search(text) and zh[k] == en[k]]
    assert [k for k in same if not HAN.search(zh[k])] == [k for k in same if k in SAME]


@pytest.mark.parametrize("room", [room for room in TWO if room not in (*SHOWN_WHOLE, *DECLARED)])
def test_every_text_is_used(room):
    """Where it can be told: its key stands in the code, or fits a key that the code puts together."""
    whole, put_together = used()
    unused = [k for k in texts(room, "en") if k not in whole and not put_together.fullmatch(k)]
    assert unused == []


def test_texts_of_levers_stages_and_the_dictionary_are_of_what_is_declared_and_in_its_order():
    assert list(texts("levers", "en")) == [key for name in LEVERS for key in (name, f"{name}.says")]
    stages = [f"stage.{name}" for name in STAGES]
    assert list(texts("flow", "en")) == stages + [f"thing.{t}" for t in THINGS] + [f"shared.{s}" for s in SHARED]
    families = [
        f"family.{b}{part}" for b in ("reason_", "decisive_", "state_", "waiting_") for part in ("title", "meaning")
    ]
    kinds = {"reason": "reason_", "state": "state_"}
    things = [f"{k}.{n.removeprefix(b)}" for k, b in kinds.items() for n in INDICATORS if n.startswith(b)]
    rest = [k for k in texts("dictionary", "en") if k.startswith(("grouping.", "column."))]
    told = {"owner": OWNERS, "place": PLACES, "type": TYPES, "class": CLASSES, "area": AREAS}
    groups = [f"group.{by}.{group}" for by, all_of_them in told.items() for group in all_of_them]
    assert list(texts("dictionary", "en")) == families + things + rest + groups


def test_texts_of_rules_are_words_of_levers_or_are_used():
    """Words of levers, their units and addressees: `tests/policy/test_words.py`."""
    whole, put_together = used()
    others = [
        k for k in texts("rules", "en") if not k.startswith(("word.", "unit.", "strength.", "kind.", "binds.", "code."))
    ]
    assert [k for k in others if k not in whole and not put_together.fullmatch(k)] == []


def test_a_text_that_nobody_uses_is_found():
    whole, put_together = used()
    assert "fig_headline" in whole and put_together.fullmatch("col_anything")
    assert "left_from_long_ago" not in whole and not put_together.fullmatch("left_from_long_ago")


def test_chinese_stands_in_the_files_of_texts_and_not_in_python():
    found = [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*.py") if HAN.search(p.read_text(encoding="utf-8"))]
    assert sorted(set(found) - set(HOLDS_CHINESE)) == [], "move it to simlib/words/ROOM/zh.yaml"
    assert sorted(set(HOLDS_CHINESE) - set(found)) == [], "take it off the list"
    assert all(len(reason.split()) > 4 for reason in HOLDS_CHINESE.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_compiling_takes_is_said_in_one_place_and_by_the_guides_alike(language):
    takes = texts("engine", language)["compiling_takes"]
    files = [p for p in ROOT.rglob("*") if p.suffix in (".py", ".md", ".yaml")]
    assert [p.relative_to(ROOT).as_posix() for p in files if takes in p.read_text(encoding="utf-8")] == [
        f"words/engine/{language}.yaml"
    ]
    guide = ROOT.parent / "docs" / ("guide-teacher.md" if language == "en" else f"guide-teacher.{language}.md")
    assert takes in guide.read_text(encoding="utf-8")


@cache
def used() -> tuple[set[str], re.Pattern[str]]:
    """Strings of the code, members of enums as they are told, and a pattern of those that are put together: f"col_{name}", name + "_title"."""
    whole = {i.unit for i in INDICATORS.values()}
    patterns: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(_pattern([v.value if isinstance(v, ast.Constant) else None for v in node.values]))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.right, ast.Constant):
                patterns.add(_pattern([None, str(node.right.value)]))
            elif isinstance(node, ast.ClassDef) and any(
                isinstance(b, ast.Name) and b.id == "IntEnum" for b in node.bases
            ):
                whole |= {t.id.lower() for n in node.body if isinstance(n, ast.Assign) for t in n.targets}
    return whole, re.compile("|".join([*sorted(patterns - {""}), *OTHER_KEYS]))


def _pattern(fixed: list[str | None]) -> str:
    """What fixed parts and others (None) make; "" where there are too few fixed letters, or signs that no key has."""
    letters = "".join(f for f in fixed if f)
    if len(re.findall("[a-z]", letters)) < FEWEST_LETTERS or not re.fullmatch(r"[\w.\-]+", letters):
        return ""
    return "".join(r"[\w.\-]+" if f is None else re.escape(f) for f in fixed)
