"""Tables that hold more than the reader looks at, or no header that it knows: both are told, with what to do."""

from __future__ import annotations

import openpyxl
import pytest

from simlib.core.files import InputError
from simlib.experiments.check import check_file
from simlib.world.lists import check_table
from tests.world.test_lists import HOSPITALS, write


def test_a_second_sheet_with_the_same_columns_is_not_left_out_in_silence(tmp_path):
    path = write(tmp_path / "mine.xlsx", HOSPITALS)
    book = openpyxl.load_workbook(path)
    for row in (["", ""], [*HOSPITALS[0][:6]], ["Fourth", 3, "general", "city", "city", 10]):
        book.create_sheet("county") if "county" not in book.sheetnames else None
        book["county"].append(row)
    book.save(path)
    words = "sheet 'county' has the columns of the first sheet, which alone is read; put all rows in one sheet"
    assert check_table(path, "hospitals") == [f"{path}: {words}"]
    book["county"].sheet_state = "hidden"
    book.save(path)
    assert not check_table(path, "hospitals")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My list\nname,level,beds\nA,3,10\n", "row 2 looks like the header: delete what stands above it"),
        ("name|level|beds\nA|3|10\n", "the columns are parted by '|': write commas"),
        ("名称，级别，床位\n甲，三级，10\n", "the columns are parted by '，': write commas"),
        ("List,A\nname,B\nlevel,3\nbeds,10\n", "the headings stand one below the other: put them in the first row"),
        ("level,share\n3,0.1\n", "observed: level, months, stocked, of)"),
    ],
)
def test_a_table_without_our_header_is_told_why(text, words, tmp_path):
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as e:
        check_file(tmp_path / "mine.csv")
    assert str(e.value).startswith(f"{tmp_path / 'mine.csv'}: row 1: neither a list") and str(e.value).endswith(words)
