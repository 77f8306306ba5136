"""A user's own lists: whatever is wrong is one line that names file, row, column and remedy."""

from __future__ import annotations

import csv
import pickle
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import simlib
from simlib.core.files import InputError, scenarios
from simlib.core.streams import stable_id
from simlib.experiments.check import check_file
from simlib.scenario.world import build_world
from simlib.world import lists_files
from simlib.world.cohort import CLASSES
from simlib.world.lists import ListError, check_table, kind_of_table, read_list
from simlib.world.lists_columns import COLUMNS, folded
from simlib.world.region import AREAS, OWNERS, PLACES, TYPES

HOSPITALS = [
    ["name", "level", "type", "owner", "place", "beds", "designated", "areas"],
    ["First", 3, "general", "city", "city", 1200, "yes", None],
    ["Second", 2, "specialty", "private", "county", 300, "no", "oncology, rare"],
    ["Third", 1, "tcm", "county", "county", 60, None, None],
]
CHINESE = [
    ["医院名称", "级别", "类型", "隶属", "所在地", "床位（张）", "医保定点", "专科领域"],
    ["第一医院", "三级", "综合", "市属", "城区", "１２００", "是", None],
    ["第二医院", "二级", "专科", "民营", "县域", "300", "否", "肿瘤、罕见病"],
    ["第三医院", "一级", "中医", "县属", "县域", "60", None, None],
]
DRUGS = [
    ["name", "registration_class", "approval_date", "area", "origin"],
    ["Alpha", "chem_1", "2024-03-05", "oncology", "domestic"],
    ["Beta", "化药1类", "2024年3月5日", "肿瘤", "进口"],
    ["Gamma", None, "2024/3/5", None, None],
]
TABLES = {"hospitals": HOSPITALS, "drugs": DRUGS, "chinese": CHINESE}


def write(path: Path, table: list[list[Any]], encoding: str = "utf-8") -> Path:
    """A table as .csv or .xlsx."""
    if path.suffix == ".csv":
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(table)
        return path
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


def edited(name: str, edits: dict[tuple[int, int], Any]) -> list[list[Any]]:
    """A good table with some cells (row as Excel counts, column from 1) changed; rows grow as needed."""
    table = [list(row) for row in TABLES[name]]
    for (row, column), value in edits.items():
        while len(table) < row:
            table.append([])
        table[row - 1] += [None] * (column - len(table[row - 1]))
        table[row - 1][column - 1] = value
    return table


AREA_LIST = ", ".join(AREAS)
FAULTS: dict[str, tuple[str, dict[tuple[int, int], Any], list[str]]] = {
    "a word for a number": ("hospitals", {(3, 6): "abc"}, ["row 3, column beds: 'abc' is not a number above 0"]),
    "no beds": ("hospitals", {(3, 6): 0}, ["row 3, column beds: '0' is not a number above 0"]),
    "fewer than no beds": ("chinese", {(4, 6): "-5"}, ["row 4, column 床位（张）: '-5' is not a number above 0"]),
    "too many beds": ("hospitals", {(2, 6): 99999}, ["row 2, column beds: '99999' is out of bounds; allowed: 1 to 30000"]),
    "half a bed": ("hospitals", {(2, 6): 10.5}, ["row 2, column beds: '10.5' is not a whole number"]),
    "an empty cell": ("hospitals", {(4, 6): None}, ["row 4, column beds: empty"]),
    "a misspelt type": ("hospitals", {(2, 3): "genral"}, ["row 2, column type: 'genral' is not allowed; allowed: general, specialty, tcm; did you mean 'general'?"]),
    "a misspelt Chinese type": ("chinese", {(2, 3): "综和"}, ["row 2, column 类型: '综和' is not allowed; allowed: 综合, 专科, 中医; did you mean '综合'?"]),
    "an unknown level": ("hospitals", {(2, 2): 4}, ["row 2, column level: '4' is not allowed; allowed: 3, 2, 1"]),
    "neither yes nor no": ("hospitals", {(2, 7): "perhaps"}, ["row 2, column designated: 'perhaps' is not allowed; allowed: yes, no"]),
    "an unknown area": ("hospitals", {(3, 8): "rare, oncolgy"}, [f"row 3, column areas: 'oncolgy' is not allowed; allowed: {AREA_LIST}; did you mean 'oncology'?"]),
    "a specialty without area": ("hospitals", {(3, 8): None}, ["row 3, column areas: empty; a specialty hospital needs it"]),
    "a hospital twice": ("hospitals", {(4, 1): " first "}, ["row 4, column name: 'first' stands in row 2 too"]),
    "a missing column": ("hospitals", {(1, 5): "where", (2, 5): "here"}, ["row 1: column place (所在地) is missing (columns not known: where)"]),
    "a heading of one's own above our words": ("hospitals", {(1, 5): "elsewhere"}, ["row 1, column elsewhere: unknown column; did you mean 'place'?"]),
    "a heading that ends with ours": ("chinese", {(1, 7): "是否定点"}, ["row 1, column 是否定点: unknown column; did you mean '定点'?"]),
    "another unit": ("chinese", {(1, 6): "床位（百张）"}, ["row 1, column 床位（百张）: this column counts beds; write its cells so, and take (百张) out of the heading"]),
    "a row of totals": ("hospitals", {(5, 1): "Sub-total", (5, 6): 1560}, ["row 5: a row of totals; delete it"]),
    "a full row of totals": ("chinese", {(5, 1): "合计：", (5, 2): "三级", (5, 3): "综合", (5, 4): "市属", (5, 5): "城区", (5, 6): 1560}, ["row 5: a row of totals; delete it"]),
    "areas that nothing reads": ("hospitals", {(2, 8): "rare"}, ["row 2, column areas: for specialty hospitals alone; leave it empty, since others are not bound to areas"]),
    "groups with counts": ("hospitals", {(1, 9): "数量", (2, 9): 9}, ["row 1, column 数量: a list has a row for each hospital; groups with counts stand under strata: in a region's file"]),
    "a word for nothing": ("hospitals", {(2, 7): "无"}, ["row 2, column designated: '无' is nothing; leave the cell empty"]),
    "a number with a unit": ("hospitals", {(2, 6): "1200张"}, ["row 2, column beds: '1200张' is not a number above 0; write the number alone, without words or units"]),
    "a misspelt column": ("hospitals", {(1, 4): "ownr"}, ["row 1, column ownr: unknown column; did you mean 'owner'?"]),
    "a column twice": ("hospitals", {(1, 9): "床位"}, ["row 1: columns 'beds' and '床位' both give beds; keep one"]),
    "a cell outside the table": ("hospitals", {(3, 10): "see below"}, ["row 3, column J: 'see below' stands in a column without a name"]),
    "a note below the table": ("hospitals", {(7, 1): "合计：3家"}, ["row 7: only '合计:3家' stands in this row; fill the row, or delete it if it is a note below the table"]),
    "several at once": ("hospitals", {(2, 6): "x", (3, 4): "privat", (4, 2): None}, [
        "row 2, column beds: 'x' is not a number above 0",
        "row 3, column owner: 'privat' is not allowed; allowed: national, provincial, city, county, private; did you mean 'private'?",
        "row 4, column level: empty"]),
    "no rows": ("hospitals", {}, ["row 1: nothing stands below the header"]),
    "a month for a day": ("drugs", {(2, 3): "2024-03"}, ["row 2, column approval_date: '2024-03' is not a date; write it like 2024-03-05"]),
    "a day that is none": ("drugs", {(3, 3): "2023年2月29日"}, ["row 3, column approval_date: '2023年2月29日' is not a date; write it like 2024-03-05"]),
    "a number for a date": ("drugs", {(3, 3): 45356}, ["row 3, column approval_date: '45356' is not a date; write it like 2024-03-05"]),
    "a date long ago": ("drugs", {(2, 3): "1924-03-05"}, ["row 2, column approval_date: 1924-03-05 is out of bounds; allowed: 1980-01-01 to 2100-12-31"]),
    "an unknown class": ("drugs", {(2, 2): "chem_2"}, ["row 2, column registration_class: 'chem_2' is not allowed; allowed: chem_1, biologic_1, tcm_1, other; did you mean 'chem_1'?"]),
    "a misspelt origin": ("drugs", {(4, 5): "foriegn"}, ["row 4, column origin: 'foriegn' is not allowed; allowed: domestic, foreign; did you mean 'foreign'?"]),
    "an error of a formula": ("drugs", {(2, 1): "#N/A"}, ["row 2, column name: #N/A is an error of the sheet's formula"]),
    "a drug twice": ("drugs", {(4, 1): "ＡＬＰＨＡ"}, ["row 4, column name: 'ALPHA' stands in row 2 too"]),
    "a misspelt optional column": ("drugs", {(1, 5): "orgin"}, ["row 1, column orgin: unknown column; did you mean 'origin'?"]),
}  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_row_column_and_remedy(fault, suffix, tmp_path):
    name, edits, lines = FAULTS[fault]
    table = edited(name, edits) if edits else TABLES[name][:1]
    path = write(tmp_path / f"mine{suffix}", table)
    kind = "drugs" if name == "drugs" else "hospitals"
    assert check_table(path, kind) == [f"{path}: {line}" for line in lines]
    with pytest.raises(ListError) as e:
        read_list(path, kind)
    assert len(e.value.lines) == len(lines) and "\n" not in str(e.value)
    assert pickle.loads(pickle.dumps(e.value)).lines == e.value.lines


def test_good_tables_have_no_complaints_and_are_known_by_their_columns(tmp_path):
    for name, table in TABLES.items():
        for suffix in (".csv", ".xlsx"):
            path = write(tmp_path / f"{name}{suffix}", table)
            kind = "drugs" if name == "drugs" else "hospitals"
            assert check_table(path, kind) == [] and check_file(path) == kind_of_table(path) == kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_words_and_full_width_digits_in_every_encoding(encoding, tmp_path):
    rows = read_list(write(tmp_path / "mine.csv", CHINESE, encoding), "hospitals")
    english = read_list(write(tmp_path / "english.xlsx", HOSPITALS), "hospitals")
    assert [r["name"] for r in rows] == ["第一医院", "第二医院", "第三医院"]
    assert [{**r, "name": ""} for r in rows] == [{**r, "name": ""} for r in english]
    assert rows[1]["areas"] == ("oncology", "rare") and rows[0]["beds"] == 1200


def test_dates_of_every_way_of_writing(tmp_path):
    written = ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "２０２４年３月５日", "2024-03-05 00:00:00",
               date(2024, 3, 5), datetime(2024, 3, 5)]  # fmt: skip
    table = [["名称", "批准日期"], *([f"drug {i}", w] for i, w in enumerate(written))]
    for suffix in (".csv", ".xlsx"):
        rows = read_list(write(tmp_path / f"d{suffix}", table), "drugs")
        assert {r["approval_date"] for r in rows} == {date(2024, 3, 5)}


def test_empty_rows_are_skipped_and_row_numbers_stay_those_of_the_sheet(tmp_path):
    table = [HOSPITALS[0], [], HOSPITALS[1], ["", "  "], HOSPITALS[2]]
    for suffix in (".csv", ".xlsx"):
        assert [r["row"] for r in read_list(write(tmp_path / f"h{suffix}", table), "hospitals")] == [3, 5]


def test_files_that_are_no_tables_are_told_apart(tmp_path):
    def fails(path: Path, words: str) -> None:
        with pytest.raises(InputError, match=words):
            check_file(path)

    (tmp_path / "a.csv").write_bytes("名称,床位\n".encode("utf-16"))
    fails(tmp_path / "a.csv", "neither UTF-8 nor GB18030")
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    fails(tmp_path / "b.csv", "the table is empty")
    (tmp_path / "c.csv").write_text('name,beds\n"First,3\n', encoding="utf-8")
    fails(tmp_path / "c.csv", "not CSV: .*quotation mark")
    (tmp_path / "d.xlsx").write_text("name,beds\n", encoding="utf-8")
    fails(tmp_path / "d.xlsx", "not an Excel workbook")
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    fails(tmp_path / "e.xlsx", "not an Excel workbook")
    (tmp_path / "f.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    fails(tmp_path / "f.xls", r"\.xls is not read; save it as .xlsx or .csv")
    fails(tmp_path / "g.csv", "no such file")
    fails(write(tmp_path / "h.csv", [["colour"], ["red"]]), "row 1: neither a list of hospitals nor of drugs")


def test_more_rows_than_can_be_taken_is_a_complaint(tmp_path, monkeypatch):
    monkeypatch.setattr(lists_files, "MAX_ROWS", 2)
    path = write(tmp_path / "h.csv", HOSPITALS)
    assert check_table(path, "hospitals") == [f"{path}: row 4: more than 2 rows; the rest was not looked at"]


def test_formulas_merged_cells_and_hidden_rows_of_a_workbook(tmp_path):
    path = write(tmp_path / "h.xlsx", edited("hospitals", {(2, 6): "=600*2"}))
    formula = "a formula without stored value; open the file in Excel and save it, or write the value"
    assert check_table(path, "hospitals") == [f"{path}: row 2, column beds: {formula}"]
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stored, "w") as new:
        for item in old.namelist():
            new.writestr(item, old.read(item).replace(b"<v />", b"<v>1200</v>").replace(b"<v></v>", b"<v>1200</v>"))
    assert read_list(stored, "hospitals")[0]["beds"] == 1200
    book = openpyxl.load_workbook(write(tmp_path / "m.xlsx", HOSPITALS))
    book.active.merge_cells("E3:E4")
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("other").merge_cells("A1:B2")
    book.save(tmp_path / "m.xlsx")
    assert check_table(tmp_path / "m.xlsx", "hospitals") == [f"{tmp_path / 'm.xlsx'}: {line}" for line in (
        "row 2: the row is hidden but holds data; show it or delete it",
        "row 3: cells E3:E4 are merged; split them",
        "row 4, column place: empty",
    )]  # fmt: skip


def test_the_words_of_the_columns_are_those_of_the_model():
    h, d = ({c.key: c for c in COLUMNS[k]} for k in ("hospitals", "drugs"))
    assert set(h["level"].words) == {3, 2, 1}
    for column, words in ((h["type"], TYPES), (h["owner"], OWNERS), (h["place"], PLACES), (h["areas"], AREAS),
                          (d["area"], AREAS), (d["registration_class"], CLASSES)):  # fmt: skip
        assert set(column.words) == set(words)
    for columns in COLUMNS.values():
        names = [n for c in columns for n in c.headings]
        assert len(names) == len(set(names))
        for c in columns:
            assert len(c.values) == len({(folded(w), str(v)) for v, g in (c.words or {}).items() for w in g})


SCENARIO = """
format: 1
name: mine
region: {name: mine, title: {en: Mine, zh: 我的}, population_million: 1, payment: DRG, hospitals: lists/mine.xlsx}
cohort: {days: [100]}
calendar: every_day
start: 2018-01-01
policy_from: 0
horizon_days: 1500
"""


def own(folder: Path, table: list[list[Any]]) -> Path:
    """A scenario file beside the list that it names."""
    (folder / "lists").mkdir(exist_ok=True)
    write(folder / "lists" / "mine.xlsx", table)
    path = folder / "mine.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


FIVE = [*HOSPITALS, ["Fourth", 3, "general", "provincial", "city", 1800, "yes", None],
        ["Fifth", 2, "general", "county", "county", 100, "yes", None]]  # fmt: skip


def test_a_region_with_a_list_of_five_hospitals_runs(tmp_path):
    scenario = simlib.load_scenario(own(tmp_path, FIVE))
    h = build_world(scenario, 0).hospitals
    assert h.names == ["First", "Second", "Third", "Fourth", "Fifth"]
    assert h.ids.tolist() == [stable_id("hospital", "mine", n) for n in h.names]
    assert h.beds.tolist() == [1200, 300, 60, 1800, 100]
    assert h.size.tolist() == [0.8, 1.5, 1.0, 1.2, 0.5]
    assert h.level.tolist() == [3, 2, 1, 3, 2] and h.designated.tolist() == [True, False, True, True, True]
    assert AREAS[h.area[1]] in ("oncology", "rare") and set(np.delete(h.area, 1)) == {-1}
    assert h.catchment.sum() == pytest.approx(1e6)
    result = simlib.simulate(scenario, replications=1, workers=1, progress=False)
    assert len(result.values) > 0


def test_a_region_holds_its_list_and_a_longer_list_keeps_the_hospitals_it_had(tmp_path):
    scenario = simlib.load_scenario(own(tmp_path, FIVE))
    spec = scenario.spec
    assert "Fifth" in scenario.region.model_dump_json() and "Fifth" in spec
    again = simlib.load_scenario(tmp_path / "mine.yaml", set={"region": scenario.region.model_dump(mode="json")})
    assert again.region == scenario.region
    fewer = simlib.load_scenario(own(tmp_path, FIVE[:-1]))
    assert fewer.digest() != scenario.digest()
    a, b = build_world(scenario, 0).hospitals, build_world(fewer, 0).hospitals
    assert a.ids[:-1].tolist() == b.ids.tolist() and a.area[:-1].tolist() == b.area.tolist()


def test_names_that_share_an_id_are_kept_apart(tmp_path, monkeypatch):
    monkeypatch.setattr("simlib.world.region.stable_id", lambda *parts: len(parts) * 10 + (parts[3:] or (0,))[0])
    ids = build_world(simlib.load_scenario(own(tmp_path, FIVE), set={"seed": 5}), 0).hospitals.ids
    assert len(set(ids.tolist())) == 5


def test_a_fault_of_a_region_or_of_its_list_is_found_on_loading(tmp_path):
    path = own(tmp_path, edited("hospitals", {(3, 6): "abc", (2, 6): "x"}))
    with pytest.raises(
        ListError, match=r"mine.xlsx: row 2, column beds: 'x' is .* \(and 1 more: simlib check shows all\)"
    ):
        simlib.load_scenario(path)
    text = SCENARIO.replace("lists/mine.xlsx", "lists/gone.xlsx")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.yaml:4: region.hospitals: no such file lists/gone.xlsx"):
        simlib.load_scenario(path)
    for other in ("payment: DRG}", "payment: DRG, strata: [], hospitals: a.csv}"):
        path.write_text(SCENARIO.replace("payment: DRG, hospitals: lists/mine.xlsx}", other), encoding="utf-8")
        with pytest.raises(InputError, match="give exactly one of strata, hospitals"):
            simlib.load_scenario(path)


def test_a_region_file_is_checked_with_its_list(tmp_path):
    write(tmp_path / "mine.csv", HOSPITALS)
    path = tmp_path / "region.yaml"
    path.write_text(
        "format: 1\nname: r\ntitle: {en: R, zh: 区}\npopulation_million: 1\npayment: DIP\nhospitals: mine.csv\n",
        encoding="utf-8",
    )
    assert check_file(path) == "region"
    write(tmp_path / "mine.csv", edited("hospitals", {(2, 6): "abc"}))
    with pytest.raises(InputError, match="mine.csv: row 2, column beds: 'abc'"):
        check_file(path)


def test_drugs_of_a_list_are_taken_as_given_and_what_it_leaves_open_is_drawn_once(tmp_path):
    text = SCENARIO.replace("cohort: {days: [100]}", "cohort: {list: drugs.xlsx}")
    path = own(tmp_path, FIVE)
    path.write_text(text.replace("start: 2018", "start: 2024"), encoding="utf-8")
    write(tmp_path / "drugs.xlsx", DRUGS)
    scenario = simlib.load_scenario(path)
    worlds = [build_world(scenario, i).drugs for i in (0, 1)]
    for d in worlds:
        at = {n: i for i, n in enumerate(d.names)}
        assert set(d.approval) == {64.0} and not d.synthetic.any()
        assert d.ids[at["Beta"]] == stable_id("drug", "Beta")
        assert [CLASSES[d.klass[at[n]]] for n in ("Alpha", "Beta")] == ["chem_1", "chem_1"]
        assert AREAS[d.area[at["Beta"]]] == "oncology" and d.foreign[at["Beta"]] and not d.foreign[at["Alpha"]]
    assert [worlds[0].klass.tolist(), worlds[0].area.tolist()] == [worlds[1].klass.tolist(), worlds[1].area.tolist()]
    write(tmp_path / "drugs.xlsx", DRUGS[:-1])
    assert simlib.load_scenario(path).digest() != scenario.digest()
    (tmp_path / "drugs.xlsx").unlink()
    with pytest.raises(InputError, match=r"mine.yaml:5: cohort.list: no such file drugs.xlsx"):
        simlib.load_scenario(path)


def test_the_list_of_real_approvals_is_good_and_read_as_it_stands():
    path = scenarios() / "cohorts" / "nmpa.csv"
    assert check_table(path, "drugs") == []
    table, rows = pd.read_csv(path), read_list(path, "drugs")
    assert [r["name"] for r in rows] == table["name_en"].tolist()
    assert [str(r["approval_date"]) for r in rows] == table["approval_date"].tolist()
    for key in ("registration_class", "area", "origin"):
        assert [r[key] for r in rows] == table[key].tolist()
