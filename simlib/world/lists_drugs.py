"""A cohort whose drugs stand in a list: of the project (`scenarios/cohorts/`) or of the user's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from simlib.core.files import scenarios
from simlib.world.cohort import CLASSES, Cohort, Listed
from simlib.world.lists import read_list
from simlib.world.lists_columns import Language
from simlib.world.lists_hospitals import find_list
from simlib.world.region import AREAS


def with_drugs(cohort: Cohort, folder: Path) -> Cohort:
    """The cohort with its list read. As it is if it has none.

    folder: where the file lies that names the list; a list may also lie in `scenarios/cohorts/`. Fault for a list that
    there is not.
    """
    if cohort.list is None:
        return cohort
    file = find_list("list", cohort.list, (folder, scenarios() / "cohorts"))
    rows = read_list(file, "drugs")
    listed = Listed(
        names=tuple(r["name"] for r in rows),
        chinese=tuple(r.get("chinese_name") or r["name"] for r in rows),
        approved=tuple(r["approval_date"] for r in rows),
        klass=tuple(_index(CLASSES, r.get("registration_class")) for r in rows),
        area=tuple(_index(AREAS, r.get("area")) for r in rows),
        foreign=tuple(_index(("domestic", "foreign"), r.get("origin")) for r in rows),
        digest=hashlib.sha256(file.read_bytes()).hexdigest()[:16],
    )
    return cohort.with_listed(listed)


def name_in(cohort: Cohort, drug: str, language: Language) -> str:
    """A drug's name in a language; the name itself where the list gives no other, and for synthetic drugs."""
    rows = cohort.listed
    if language != "zh" or rows is None or drug not in rows.names:
        return drug
    return rows.chinese[rows.names.index(drug)]


def _index(words: tuple[str, ...], word: str | None) -> int:
    """Place of a word, -1 where the list leaves it open."""
    return -1 if word is None else words.index(word)
