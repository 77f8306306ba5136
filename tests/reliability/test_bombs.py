"""Small files that would grow: each is refused within a second, within 200 MB, in one line."""

from __future__ import annotations

import resource
import zipfile
from pathlib import Path

import pytest

from simlib.core.careful_yaml import MOST_TOKENS
from simlib.core.files import InputError, read_yaml
from simlib.world.lists_files import LAST_ROW, MAX_COLUMNS, read_table

MEMORY = 200 * 2**20  # beyond what the process holds already
HEAD = '<c r="A1" t="inlineStr"><is><t>name</t></is></c>'
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def book(path: Path, rows: str, **more: bytes) -> Path:
    """A workbook of one sheet with these rows, and other members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            BOOK | {"xl/worksheets/sheet1.xml": SHEET.format(rows=f'<row r="1">{HEAD}</row>{rows}')}
        ).items():
            archive.writestr(name, text)
        for name, data in more.items():
            archive.writestr(f"xl/{name}.bin", data)
    return path


def refused(read, path: Path, words: str) -> None:
    """Reading is refused with these words, and takes little memory; pytest's time-out is not needed for a second."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError) as e:
        read(path)
    assert words in str(e.value) and "\n" not in str(e.value)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < MEMORY


def test_a_sheet_with_one_row_is_read(tmp_path):
    rows = read_table(book(tmp_path / "a.xlsx", '<row r="7"><c r="A7" t="inlineStr"><is><t>x</t></is></c></row>'))
    assert rows.header == ("name",) and rows.rows == ((7, ("x",)),)


@pytest.mark.parametrize("number", [str(LAST_ROW + 1), "99999999999"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_row_number_that_no_sheet_has_is_refused(tmp_path, number: str, quote: str):
    path = book(tmp_path / "a.xlsx", f"<row r={quote}{number}{quote}>{HEAD}</row>")
    assert path.stat().st_size < 5000
    refused(read_table, path, f"a row says that it is beyond row {LAST_ROW:,}")


def test_a_row_of_thousands_of_columns_is_refused(tmp_path):
    wide = '<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>'
    refused(read_table, book(tmp_path / "a.xlsx", wide), "row 2: 16,384 columns; a list has a few")
    (tmp_path / "a.csv").write_text("name" + ",x" * (MAX_COLUMNS + 1), encoding="utf-8")
    refused(read_table, tmp_path / "a.csv", f"row 1: {MAX_COLUMNS + 2} columns")


@pytest.mark.parametrize(
    ("megabytes", "words"),
    [(130, "unpacks to more than 120,000,000 bytes"), (20, "is packed as no sheet is (more than 250 to 1)")],
)
def test_an_archive_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(tmp_path, megabytes: int, words: str):
    path = book(tmp_path / "a.xlsx", "", bomb=bytes(megabytes * 10**6))
    assert path.stat().st_size < 200_000
    refused(read_table, path, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\n" + "".join(f"k{i}: [1, 2, 3]\n" for i in range(120_000)), "larger than 500,000 bytes"),
        ("a: [" + "1," * 200_000 + ".5]\n", ".yaml:1: near this line something is not plain YAML"),
        ("".join(f"k{i}: [1, 2, 3]\n" for i in range(9000)) + "k5: 3\n", ".yaml:9000: near this line"),
        ("a: &x [1]\n" + "b: [*x, *x]\n" * 9000, ".yaml:1: anchors are not allowed"),
        ("a: " + "[" * 200_000, ".yaml:1: nested deeper than 12 levels"),
    ],
)
def test_a_large_yaml_file_is_read_at_once_or_refused(tmp_path, text: str, words: str):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    refused(read_yaml, path, words)


def test_a_large_plain_file_is_read(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("".join(f"k{i}: [1, 2, 3]\n" for i in range(20_000)), encoding="utf-8")
    assert len(read_yaml(path).data) == 20_000 > MOST_TOKENS / 7
