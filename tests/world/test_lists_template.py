"""Templates of the lists load as they are written, once their examples have been replaced."""

from __future__ import annotations

import openpyxl
import pytest

from simlib.core.files import InputError
from simlib.experiments.check import check_file
from simlib.world.lists import ListError, read_list, read_table
from simlib.world.lists_columns import COLUMNS
from simlib.world.lists_template import write_template
from tests.filled import fill_in


@pytest.mark.parametrize("kind", ["hospitals", "drugs"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_loads_once_its_examples_are_replaced_and_overwrites_nothing(kind, language, suffix, tmp_path):
    path = tmp_path / f"mine{suffix}"
    write_template(kind, path, language)
    with pytest.raises(ListError) as refused:
        check_file(path)
    assert [line.partition(": ")[2][:5] for line in refused.value.lines] == ["row 2", "row 3"]
    assert all("is an example of the template" in line for line in refused.value.lines)
    fill_in(path)
    assert check_file(path) == kind and len(read_list(path, kind)) == 2
    assert read_table(path).header == tuple(c.name(language) for c in COLUMNS[kind])
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        write_template(kind, path, language)
    assert path.read_bytes() == before
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        choices = [c for c in COLUMNS[kind] if c.words]
        rules = book.worksheets[0].data_validations.dataValidation
        assert [r.formula1.strip('"').split(",") for r in rules] == [c.allowed(language) for c in choices]
        assert all(len(r.formula1) <= 255 for r in rules)
        assert [r[0].value for r in book.worksheets[1].iter_rows(min_row=2, max_row=len(COLUMNS[kind]) + 1)] == [
            c.name(language) for c in COLUMNS[kind]
        ]


def test_a_template_of_an_unknown_kind_language_or_ending_is_refused(tmp_path):
    for kind, path, language, words in (
        ("hospital", "a.csv", "en", "unknown kind of list 'hospital'.*did you mean 'hospitals'"),
        ("drugs", "a.csv", "cn", "unknown language 'cn'"),
        ("drugs", "a.txt", "en", r"ends in .xlsx or .csv"),
        ("drugs", "nowhere/a.csv", "en", "there is no folder"),
    ):
        with pytest.raises(InputError, match=words):
            write_template(kind, tmp_path / path, language)
    assert list(tmp_path.iterdir()) == []
