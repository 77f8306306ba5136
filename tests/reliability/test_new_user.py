"""Thirty mistakes of a new user, ten each in policies, regions and lists: what the command line says, in one line, of each.

Whoever knows research and little YAML or Excel takes a template, changes a line, and gets one thing wrong. The same thirty
stand in `docs/reliability.md`, with the same words.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simlib.cli import main
from simlib.core.files import home

POLICY = """format: 1
name: my-city
title: {en: My city, zh: 本市}
document: my-city-2026-1
source: notice 1 of 2026 of the city
place: my-city
on: national
in_force: {from: 2026-07-01, to: open, clause: "3"}
rules:
  committee.duty: {listing: {within: 20 days, scope: class1/public, strength: must, clause: "12", kind: stated}}
  committee.provision_target: {value: 0.8, strength: must, clause: "13", kind: stated}
"""
REGION = """format: 1
name: my-region
title: {en: My region, zh: 本地区}
population_million: 5.2
payment: DIP
sources: {hospitals: own count of 2025}
strata:
  - {id: l3, level: 3, type: general, owner: city, place: city, count: 9, beds: 1100, kind: stated, source: own count}
  - {id: l2, level: 2, type: general, owner: county, place: county, count: 24, beds: 300, kind: stated, source: own count}
"""
HOSPITALS = "name,level,type,owner,place,beds,designated\nFirst,3,general,city,city,1200,yes\nSecond,2,tcm,county,county,300,no\n"
DRUGS = "name,registration_class,approval_date,area\nAlpha,chem_1,2024-03-05,oncology\nBeta,biologic_1,2024-06-20,metabolic\n"
SHARES = "level,months,stocked,of\n3,12,15,110\n2,24,9,61\n"
PAIRS = "drug,hospital,level,approved,stock date,observed until\nAlpha,First,3,2023-03-10,2024-05-20,2025-06-30\n"
GOOD = {"policy": POLICY, "region": REGION, "hospitals": HOSPITALS, "drugs": DRUGS, "observed": SHARES, "pairs": PAIRS}

MISTAKES = (  # kind of file, what is mistaken, (what stood there, what the user wrote), what is said behind the file's name
    ("policy", "a strength in Chinese", ("strength: must, clause: \"12\"", "strength: 应当, clause: \"12\""),
     ":10: rules.committee.duty.listing.strength: '应当' is not allowed; allowed: must, declared, encouraged, explore"),
    ("policy", "a date in Chinese", ("2026-07-01", "2026年7月1日"),
     ":8: in_force.from: '2026年7月1日' is no date; write YEAR-MONTH-DAY; did you mean 2026-07-01?"),
    ("policy", "per cent for a share", ("0.8", "80"),
     ":11: rules.committee.provision_target.value: expected a share from 0 to 1; in per cent? write 0.8 (given: 80)"),
    ("policy", "a comma as the decimal mark", ("0.8", "0,8"),
     ":11: rules.committee.provision_target.value: '0, 8' is two things, since a comma ends a value in { }: write 0.8 with a point"),
    ("policy", "a duration in Chinese", ("20 days", "20个工作日"),
     ":10: rules.committee.duty.listing.within: '20个工作日' is no duration: write a number and days, working_days, weeks, months "
     "or years; did you mean '20 working days'?"),
    ("policy", "Word's quotation marks", ('"12"', "“12”"),
     ":10: rules.committee.duty.listing.clause: quotation marks as Word writes them, which YAML takes for letters; write \"12\""),
    ("policy", "a comment that swallows a text", ("notice 1 of", "notice #1 of"),
     ":5: source: a comment swallows '#1 of 2026 of the city'; put the text in quotation marks, or write a blank after the #"),
    ("policy", "a character nobody sees, from a web page", ("place: my-city", "place: my-city\u200b"),
     ":6: place: an invisible character (zero width space, U+200B) in 'my-city'; delete it, or write the text anew"),
    ("policy", "a scope the wrong way round", ("class1/public", "public/class1"),
     ":10: rules.committee.duty.listing.scope: unknown drug scope 'public'"),
    ("policy", "a later notice on a file of one's own", ("on: national", "on: my-city-2025.yaml"),
     ":7: on: unknown policy 'my-city-2025.yaml'"),
    ("region", "about so many", ("count: 9", "count: about 9"),
     ":8: strata.0.count: expected a whole number (given: 'about 9'); write the number alone, without words or units"),
    ("region", "a comma between thousands", ("1100", "1,100"),
     ":8: strata.0.beds: '1, 100' is two things, since a comma ends a value in { }: write 0.8 with a point and 1200 without a mark"),
    ("region", "a point between thousands", ("1100", "1.100"),
     ":8: strata.0.beds: 1.1 beds; a point marks decimals, write thousands without a mark"),
    ("region", "a decimal comma", ("5.2", "5,2"),
     ":4: population_million: expected a number (given: '5,2'); write 5.2, with a point"),
    ("region", "a number with its unit", ("5.2", "520万"),
     ":4: population_million: expected a number (given: '520万'); write the number alone, without words or units"),
    ("region", "a comma in a text", ("source: own count}\n  - {id: l2", "source: own count, table 3}\n  - {id: l2"),
     ":8: strata.0.source: 'own count, table 3' is two things, since a comma ends a value in { }"),
    ("region", "a long dash before an entry", ("  - {id: l2", "  – {id: l2"),
     ":9: not YAML: a list's entries begin with - and not with –"),
    ("region", "a row of totals", ("id: l2", "id: 合计"),
     ":9: strata.1.id: '合计' is a total, which would count its hospitals twice; leave it out"),
    ("region", "areas of a general hospital", ("count: 24,", "count: 24, areas: [oncology],"),
     ":9: strata.1.areas: for specialty hospitals alone; leave it out, since others are not bound to areas"),
    ("region", "a word for a number of the platform", ("sources:", "platform: {reviewers: ten}\nsources:"),
     ":6: platform.reviewers: expected a whole number (given: 'ten')"),
    ("hospitals", "a title above the header", ("name,level", "Hospitals of 2025,,,,,,\nname,level"),
     ": row 1: neither a list of hospitals nor of drugs"),
    ("hospitals", "a number in words", ("1200", "about 1200"),
     ": row 2, column beds: 'about 1200' is not a number above 0; write the number alone, without words or units"),
    ("hospitals", "a row of totals", ("Second", "Total,,,,,1500,\nSecond"), ": row 3: a row of totals; delete it"),
    ("hospitals", "groups with counts", ("designated", "count"),
     ": row 1, column count: a list has a row for each hospital; groups with counts stand under strata: in a region's file"),
    ("drugs", "a heading of one's own", (",area", ",indication"), ": row 1, column indication: unknown column; did you mean 'area'?"),
    ("drugs", "a month for a day", ("2024-03-05", "March 2024"),
     ": row 2, column approval_date: 'March 2024' is not a date; write it like 2024-03-05"),
    ("observed", "a decimal comma", (",12,", ',"12,5",'), ": row 2, column months: '12,5' is not a number; write 12.5, with a point"),
    ("observed", "another unit", ("months", "months (days)"),
     ": row 1, column months (days): this column counts months; write its cells so, and take (days) out of the heading"),
    ("pairs", "a heading of one's own", ("stock date", "first purchase"),
     ": row 1: column stock date (配备日期) is missing; leave a cell empty where there was none"),
    ("pairs", "a word for an empty cell", ("2024-05-20", "not stocked"),
     ": row 2, column stock date: 'not stocked' is nothing; leave the cell empty"),
)  # fmt: skip
ENDS = {  # of lines that are too long for the table above
    "a scope the wrong way round": "; 'public' names hospitals: write it after a slash, such as all/public",
    "a later notice on a file of one's own": "; a file of your own stands in scenarios/policies/ first, and is named without its ending",
    "a title above the header": "; row 2 looks like the header: delete what stands above it",
}  # fmt: skip


def mistaken(folder: Path, kind: str, edit: tuple[str, str]) -> Path:
    """A good file of that kind with one mistake."""
    before, after = edit
    assert GOOD[kind].count(before) == 1, before
    path = folder / f"mine.{'yaml' if kind in ('policy', 'region') else 'csv'}"
    path.write_text(GOOD[kind].replace(before, after), encoding="utf-8")
    return path


@pytest.mark.parametrize(("kind", "mistake", "edit", "said"), MISTAKES, ids=[f"{m[0]}: {m[1]}" for m in MISTAKES])
def test_a_new_users_mistake_is_one_line_with_file_place_and_remedy(kind, mistake, edit, said, tmp_path, capsys):
    path = mistaken(tmp_path, kind, edit)
    before = path.read_bytes()
    assert main(["check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"simlib: {path}{said}") and err.endswith(f"{ENDS.get(mistake, '')}\n"), err
    assert [p.name for p in tmp_path.iterdir()] == [path.name] and path.read_bytes() == before


def test_ten_mistakes_of_each_kind_are_tried_and_stand_on_the_page_with_what_is_said():
    kinds = ["lists" if kind not in ("policy", "region") else kind for kind, *_ in MISTAKES]
    assert {kind: kinds.count(kind) for kind in kinds} == {"policy": 10, "region": 10, "lists": 10}
    page = (home() / "docs/reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| ([^|]+) \| `([^|]+)` \|$", page, re.M)
    told = {(kind, mistake): said for kind, mistake, said in rows}
    assert len(rows) == len(MISTAKES)
    for kind, mistake, _, said in MISTAKES:
        assert told[kind, mistake].startswith(said.removeprefix(":").strip()[:60]), mistake


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_mistake_that_check_tells_of_stops_a_run_and_a_comparison_with_the_same_line(command, tmp_path, capsys):
    for kind in ("policy", "region"):
        edit, said = next((edit, said) for k, _, edit, said in MISTAKES if k == kind)
        path = mistaken(tmp_path, kind, edit)
        name = "guangzhou-national-default"
        out = tmp_path / "out.csv"
        asked = [command, name, *([name] if command == "compare" else []), "--set", f"{kind}={path}", "--out", str(out)]
        assert main(asked) == 2
        assert f"{path}{said}" in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("region", "33 hospitals (level 3: 9, level 2: 24, level 1: 0), 17,100 beds, 5.2 million people"),
        ("hospitals", "2 hospitals (level 3: 1, level 2: 1, level 1: 0), 1500 beds; columns not given: areas"),
        ("drugs", "2 drugs, approved 2024-03-05 to 2024-06-20; columns not given: name_zh, origin, firm"),
        ("observed", "2 shares, 12 to 24 months after approval"),
    ],
)
def test_check_says_what_a_good_file_was_read_as(kind, holds, tmp_path, capsys):
    path = mistaken(tmp_path, kind, (GOOD[kind], GOOD[kind]))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: {kind}, good ({holds})\n"


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("policy", ("My city", "“My” city，本市的“通知”")),  # quotation marks inside a text
        ("policy", ("of the city", "of the city  # as printed")),  # a remark
        ("policy", ("20 days", "20\u00a0days")),  # a blank that looks like one
        ("policy", ("format", "\ufeffformat")),  # a mark of UTF-8 that Windows writes
        ("region", ("own count of 2025", "本地统计，2025年，“十四五”")),
        ("hospitals", ("yes", "yes\u200b")),
        ("hospitals", ("1200", '"1,200"')),
        ("hospitals", ("beds", "beds (number)")),
        ("drugs", ("2024-03-05", "2024年3月5日")),
    ],
)
def test_what_a_new_user_writes_and_means_is_taken(kind, edit, tmp_path):
    assert main(["check", str(mistaken(tmp_path, kind, edit))]) == 0
