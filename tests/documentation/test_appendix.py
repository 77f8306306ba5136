"""The page ends with the reporting checklist, folded, in both languages, filled from the run's own manifest."""

import re
from dataclasses import replace

import pytest

from simlib.documentation.appendix import stress
from simlib.documentation.stress import ROWS
from simlib.documentation.words import words
from simlib.experiments.records import MANIFEST, write_json
from simlib.experiments.store import write_result
from simlib.experiments.study import load_study
from simlib.report.hypertext import hypertext
from simlib.report.page import addresses
from simlib.report.sections import SECTIONS
from simlib.words import LANGUAGES
from tests.handed import fitted, made_sound
from tests.report.made_up import made_up

SAID = {
    "seed": 8642,
    "packages": {"python": "3.99.1", "numpy": "9.8.7"},
    "scenarios": {"x": {"simulation_seconds": 77.0}},
}


@pytest.fixture(scope="module")
def study():
    return replace(made_up({"before-reform": 0.10, "beijing": 0.40}), manifest=SAID)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rows_of_the_checklist_stand_folded_with_what_the_manifest_says(study, language):
    w = words(language)
    body = hypertext(stress(study, w, {}))
    folded = re.search(r"<details><summary>.*?</summary>(.*)</details>$", body, re.S)[1]
    assert re.findall(r"<h4>([0-9.]+) ", folded) == list(ROWS)
    assert "8642" in folded and "9.8.7" in folded and "77" in folded
    assert folded.count("data:image/svg+xml") == 1
    assert addresses(body) == [] and "href=" not in body


def test_it_is_the_last_section_of_the_page():
    assert list(SECTIONS)[-1] == "stress"


def test_a_study_carries_the_manifest_of_its_folder(study, tmp_path):
    (tmp_path / "scenarios").mkdir()
    cell, result = study.cells[0], made_sound(fitted(study.results[study.cells[0].name]))
    write_result(result, tmp_path / "scenarios" / f"{cell.name}.parquet")
    write_json(tmp_path / "scenarios" / f"{cell.name}.json", {"files": {"a": "b"}})
    write_json(tmp_path / MANIFEST, SAID)
    assert load_study("own-rules", tmp_path).manifest == SAID
