"""A user's observed stocking: read from both shapes, complaints that name row and column, templates that load."""

import re
from datetime import date

import pytest

from simlib.cli import main
from simlib.core.files import InputError
from simlib.experiments.check import check_file
from simlib.outcomes.observed import Share, later, read_observed
from simlib.outcomes.observed_columns import KINDS, write_template
from simlib.world.lists import ListError
from tests.filled import fill_in


def written(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def complaints(tmp_path, text):
    with pytest.raises(ListError) as e:
        read_observed(written(tmp_path, text))
    return [line.partition("mine.csv: ")[2] for line in e.value.lines]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_examples_of_a_template_are_never_taken_for_observations(kind, language, suffix, tmp_path):
    path = tmp_path / f"mine{suffix}"
    assert main(["template", kind, str(path), "--language", language]) == 0
    with pytest.raises(ListError) as refused:
        check_file(path)
    assert [re.search(r"row (\d): .* example of the template", line)[1] for line in refused.value.lines] == ["2", "3"]
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        write_template(kind, path, language)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_with_own_data_in_place_of_the_examples_loads(kind, language, tmp_path):
    path = tmp_path / "mine.csv"
    write_template(kind, path, language)
    fill_in(path)
    assert check_file(path) == kind and read_observed(path).shares


def test_a_chinese_template_is_chinese(tmp_path):
    write_template("observed-pairs", tmp_path / "a.csv", "zh")
    said = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "示例药品甲,示例医院甲" in said and "Drug" not in said and "Hospital" not in said


def test_shares_are_read_in_either_language(tmp_path):
    found = read_observed(written(tmp_path, "级别,批准后月数,已配备,总数\n三级,12,15,120\n2,6.5,0,60\n"))
    assert found.shares == (Share(3, 12.0, 15, 120), Share(2, 6.5, 0, 60))
    assert not found.pairs


def test_every_wrong_cell_is_named_with_row_and_column(tmp_path):
    text = "level,months,stocked,of\n4,12,1,10\n3,abc,1,10\n3,12,1.5,10\n3,12,11,10\n2,12,1,10\n2,12,2,10\n3,999,1,0\n"
    said = complaints(tmp_path, text)
    assert said[0].startswith("row 2, column level: '4' is not allowed; allowed: 3, 2, 1")
    assert said[1] == "row 3, column months: 'abc' is not a number"
    assert said[2] == "row 4, column stocked: '1.5' is not a whole number"
    assert "row 8, column months: '999' is out of bounds; allowed: 0 to 240" in said
    assert "row 8, column of: '0' is out of bounds; allowed: 1 to 1,000,000" in said
    assert "row 5: 11 stocked of 10; no more can stock than were looked at" in said
    assert "row 7: level and months stand in row 6 too; add the two rows up" in said


@pytest.mark.parametrize("months", ["12,5", "1e1", "1_0", "nan", "12%", "12 months"])
def test_a_number_that_is_written_otherwise_is_never_read_as_another(months, tmp_path):
    assert complaints(tmp_path, f'level,months,stocked,of\n3,"{months}",15,120\n')[0].startswith(
        f"row 2, column months: {months!r} is not a number"
    )


def test_totals_notes_beside_the_table_and_contradictions_between_rows_are_told(tmp_path):
    assert complaints(tmp_path, "level,months,stocked,of,\n3,12,15,120,see below\ntotal,,15,120\n") == [
        "row 2, column E: 'see below' stands in a column without a name",
        "row 3: a row of totals; delete it",
    ]
    head, row = "drug,hospital,level,approved,stock date,observed until\n", "A,{},{},{},,2025-06-30\n"
    assert complaints(tmp_path, head + row.format("H", 3, "2023-03-10") + row.format("I", 3, "2023-04-10")) == [
        "row 3: approved of 'A' is 2023-04-10 here and 2023-03-10 in row 2; one of them is wrong"
    ]
    assert complaints(tmp_path, head + row.format("H", 3, "2023-03-10") + "B,h,2,2023-03-10,,2025-06-30\n") == [
        "row 3: level of 'h' is 2 here and 3 in row 2; one of them is wrong"
    ]


def test_a_misspelt_column_gets_its_right_spelling(tmp_path):
    assert "did you mean 'months'" in complaints(tmp_path, "level,mnths,stocked,of\n3,12,1,10\n")[0]


def test_a_table_of_something_else_says_which_columns_are_needed(tmp_path):
    with pytest.raises(
        InputError, match="level, months, stocked, of; or drug, hospital, level, approved, observed until"
    ):
        read_observed(written(tmp_path, "a,b\n1,2\n"))


PAIRS = "drug,hospital,level,approved,stock date,observed until\n"


def test_pairs_count_only_while_they_are_watched(tmp_path):
    rows = (
        "A,x,3,2023-01-31,2023-07-31,2024-06-30\n"  # stocked on the last day of its sixth month, watched 16 months
        "A,y,3,2023-01-31,,2023-08-01\n"  # watched six months, never stocked
        "B,x,3,2023-01-31,2023-02-01,2023-03-01\n"  # watched for one month: no month of those counted
    )
    found = read_observed(written(tmp_path, PAIRS + rows))
    assert found.pairs
    assert found.shares == (Share(3, 3.0, 0, 2), Share(3, 6.0, 1, 2), Share(3, 12.0, 1, 1))


def test_a_month_later_is_the_same_day_or_the_months_last():
    assert later(date(2023, 1, 31), 1) == date(2023, 2, 28)
    assert later(date(2023, 1, 31), 6) == date(2023, 7, 31)


def test_dates_of_a_pair_that_contradict_one_another_are_refused(tmp_path):
    rows = "A,x,3,2023-01-31,2022-12-01,2024-06-30\nA,X,3,2023-01-31,,2024-06-30\nB,x,3,2023-01-31,,2022-06-30\n"
    said = complaints(tmp_path, PAIRS + rows)
    assert said[0].startswith("row 2: stocked on 2022-12-01, which is not between the approval on 2023-01-31")
    assert said[1] == "row 3: this drug and hospital stand in row 2 too; keep one"
    assert said[2] == "row 4: observed until 2022-06-30, before the approval on 2023-01-31"


def test_pairs_watched_too_shortly_are_no_empty_figure(tmp_path):
    with pytest.raises(InputError, match="no pair was watched for 3 months"):
        read_observed(written(tmp_path, PAIRS + "A,x,3,2023-01-31,,2023-02-20\n"))


def test_a_list_of_drugs_that_says_drug_and_approved_is_a_list_of_drugs(tmp_path):
    assert check_file(written(tmp_path, "drug,class,approved\nA,chem_1,2024-03-05\n")) == "drugs"
