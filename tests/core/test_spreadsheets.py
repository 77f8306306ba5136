import csv

import pandas as pd
import pytest

from simlib.cli.output import write
from simlib.core.spreadsheets import inert


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "\n=1"])
def test_a_text_that_excel_would_run_is_kept_as_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Sichuan", "−3", "-3", "+4.5", "1e-3", "", -3, -2.5, None, "a=b", "12 (3)"])
def test_numbers_and_ordinary_texts_stay_as_they_are(cell):
    assert inert(cell) == cell


def test_a_table_written_as_csv_holds_no_formula_in_cells_or_headings(tmp_path):
    table = pd.DataFrame({"=name": ["=1+1", "Beijing"], "n": [-1.5, 2.0], "clause": pd.Categorical(["@x", "12"])})
    write(table, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["'=name", "n", "clause"], ["'=1+1", "-1.5", "'@x"], ["Beijing", "2.0", "12"]]
