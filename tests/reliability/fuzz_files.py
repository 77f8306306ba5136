"""The kinds of files of the fuzzer, and the input that belongs to a number: made, and then changed or left as it is."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from simlib.core.files import scenarios
from simlib.outcomes.observed_columns import KINDS as OBSERVED
from simlib.world.lists_columns import COLUMNS, Column
from tests.reliability import fuzz_inputs as draw
from tests.reliability.fuzz_changes import change_bytes, change_tree, flow, yaml_bytes
from tests.reliability.fuzz_inputs import TITLE, Input, Rng
from tests.reliability.test_bombs import BOOK, SHEET

SMALL = "small.yaml"  # a region beside an experiment
CELLS = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "三级",
    "1,200",
    "=1+1",
    "#REF!",
    "2024-02-30",
    "2024年3月5日",
    "1/2/2024",
    "x" * 300,
    "nan",
    "inf",
    "\x07",
    '"',
    "１２",
]


def _yaml(kind: str, tree: Any, **how: Any) -> Input:
    return Input(kind, {f"{kind}.yaml": tree}, how)


def policy(rng: Rng) -> Input:
    """A document that is laid on a stored one, in a small world."""
    world = draw.world(rng)
    del world["policy"]
    return _yaml("policy", draw.policy(rng), world=world)


def stacked(rng: Rng) -> Input:
    """A document on two others of the user's own, which stand among the stored ones."""
    below = {f"home/policies/fz-{i}.yaml": draw.policy(rng, f"fz-{i}", on) for i, on in enumerate((None, ["fz-0"]))}
    top = draw.policy(rng, on=["fz-1"])
    return Input("stacked", {"policy.yaml": top, **below}, {"world": draw.world(rng)})


def region(rng: Rng) -> Input:
    """A region's file in a small world."""
    return _yaml("region", draw.region(rng), world=draw.world(rng))


def cohort(rng: Rng) -> Input:
    """A cohort's file in a small world."""
    return _yaml("cohort", {"format": 1, "name": "fuzz", **draw.cohort(rng)}, world=draw.world(rng))


def scenario(rng: Rng) -> Input:
    """A scenario's file with all its parts inside."""
    world = draw.world(rng)
    if rng.random() < 0.5:
        world["policy"] = draw.policy(rng)
    if rng.random() < 0.3:
        world["changes"] = draw.changes(rng)
    if rng.random() < 0.6:
        world["parameters"] = draw.parameters(rng)
    return _yaml("scenario", world)


def variant(rng: Rng) -> Input:
    """A variant's file over a small world."""
    return _yaml(
        "variant", {"format": 1, "name": "fuzz", "title": TITLE, "changes": draw.changes(rng)}, world=draw.world(rng)
    )


def sets(rng: Rng) -> Input:
    """Changes as they are typed behind --set."""
    typed = "\n".join(f"{k}={flow(v)}" for k, v in draw.changes(rng).items()).encode()
    return Input("sets", {"sets.txt": typed}, {"world": draw.world(rng)})


def experiment(rng: Rng) -> Input:
    """An experiment with a small region beside it."""
    common = {
        k: v
        for k, v in draw.world(rng).items()
        if k not in ("format", "name", "region", "policy", "obedience", "replications")
    }
    block = {
        "regions": [SMALL],
        "policies": ["before-reform", *rng.sample(["national", "sichuan", "sichuan-alone", "beijing"], 2)],
    }
    if rng.random() < 0.3:
        block |= {"obedience": rng.choice([["full"], ["default", "none"]]), "replications": 1}
    tree = {"format": 1, "name": "fuzz", "title": TITLE, "question": TITLE, "baseline": "before-reform", "replications": 1,
            "small_replications": 1, "common": common, "blocks": [block]}  # fmt: skip
    return Input("experiment", {"experiment.yaml": tree, SMALL: draw.region(rng, "small")})


def rounds(rng: Rng) -> Input:
    """Rounds of the catalogue, in the user's own copy of the folder."""
    days = lambda y: {
        "cut_off": date(y, 6, 30),
        "published": date(y, 12, rng.randrange(1, 28)),
        "effective": date(y + 1, 1, 1),
        "kind": "published",
    }
    tree = {"rounds": {str(y): days(y) for y in range(2021, rng.choice([2023, 2026]))},
            "rule": {"cut_off": [6, 30], "published": [12, 5], "effective": [1, 1], "kind": "assumed"}}  # fmt: skip
    return Input(
        "rounds", {"home/catalogue_rounds.yaml": tree}, {"world": draw.world(rng) | {"rounds": "catalogue_rounds"}}
    )


def assumptions(rng: Rng) -> Input:
    """The assumed numbers, in the user's own copy of the folder."""
    return Input("assumptions", {"home/assumptions.yaml": _stored("assumptions.yaml")}, {"world": draw.world(rng)})


@cache
def _stored(name: str) -> bytes:
    return (scenarios() / name).read_bytes()


def stored(rng: Rng) -> Input:
    """A stored file as a text; nothing may stand in two places."""
    path = rng.choice(sorted(p for p in scenarios().rglob("*.yaml") if p.parent.name in ("policies", "regions", "cohorts", "experiments", "toys", "proofs")
                             or p.name in ("context_reasons.yaml", "readings.yaml")))  # fmt: skip
    text = path.read_bytes()
    if path.parent.name == "policies":
        text = text.replace(f"name: {path.stem}".encode(), b"name: fuzz")
    return Input(
        "stored", {f"{path.stem}.yaml": text}, {"world": draw.world(rng)} if path.parent.name == "policies" else {}
    )


def words(rng: Rng) -> Input:
    """A command line, looked at but not run."""
    names = [
        "run",
        "compare",
        "check",
        "explain",
        "diff",
        "list",
        "trace",
        "events",
        "batch",
        "draw",
        "template",
        "clauses",
        "budget",
        "bottleneck",
        "export",
    ]
    some = [
        "small-world",
        "first",
        "sichuan",
        "--set",
        "--json",
        "--replications",
        "3",
        "--out",
        "a.csv",
        "--language",
        "zh",
        "--variant",
        "-x",
        "",
        "--",
        "--help",
        "--workers",
        "0",
        "x=1",
    ]
    return Input(
        "words",
        {"words.txt": "\n".join([rng.choice(names), *(rng.choice(some) for _ in range(rng.randrange(6)))]).encode()},
    )


# ---- tables


def table(rng: Rng, columns: tuple[Column, ...], number: int) -> list[list[Any]]:
    """Some rows of a list, in words of any language that is understood."""
    heads = [rng.choice(c.names) if rng.random() < 0.3 else c.names[number % 2] for c in columns]
    rows = [[_cell(rng, c, i) for c in columns] for i in range(rng.randrange(1, 6))]
    if rng.random() < 0.2:
        heads.append(rng.choice(["note", "备注", "Bedz", ""]))
        rows = [[*row, "x"] for row in rows]
    return [heads, *rows]


def _cell(rng: Rng, column: Column, i: int) -> Any:
    match column.form:
        case "beds":
            return rng.choice([1, 50, 800, "1,200", 30_000])
        case "date":
            day = draw.day(rng, 0, 500)
            return rng.choice([str(day), day.strftime("%Y/%m/%d"), f"{day.year}年{day.month}月{day.day}日"])
        case "choice" | "choices":
            return rng.choice(rng.choice(list((column.words or {"": ("",)}).values())))
    return {"months": 3 * (i + 1), "stocked": i, "of": 20}.get(column.key, f"{column.key} {i}")


def hospitals(rng: Rng) -> Input:
    """A region whose hospitals stand in a list."""
    tree = {k: v for k, v in draw.region(rng).items() if k != "strata"} | {"hospitals": "list.csv"}
    columns = COLUMNS["hospitals"]
    rows = table(rng, columns, rng.randrange(2))
    kind, areas = (next(i for i, c in enumerate(columns) if c.key == key) for key in ("type", "areas"))
    special = (columns[kind].words or {})["specialty"]
    for row in rows[1:]:  # other hospitals are bound to no area, and a list that says so would be refused each time
        if row[kind] not in special:
            row[areas] = ""
    return _listed(rng, "hospitals", rows, {"region.yaml": tree})


def drugs(rng: Rng) -> Input:
    """A cohort whose drugs stand in a list."""
    return _listed(
        rng,
        "drugs",
        table(rng, COLUMNS["drugs"], rng.randrange(2)),
        {"cohort.yaml": {"format": 1, "name": "fuzz", "list": "list.csv"}},
    )


def observed(rng: Rng) -> Input:
    """What was seen, in one of its two shapes."""
    return _listed(rng, "observed", table(rng, OBSERVED[rng.choice(list(OBSERVED))], rng.randrange(2)), {})


def _listed(rng: Rng, kind: str, rows: list[list[Any]], beside: dict[str, Any]) -> Input:
    name = "list.xlsx" if rng.random() < 0.3 else "list.csv"
    beside = {k: {**tree, **{f: name for f in ("hospitals", "list") if f in tree}} for k, tree in beside.items()}
    return Input(kind, {name: rows, **beside}, {"world": draw.world(rng)} if beside else {})


def as_csv(rows: list[list[Any]]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(row if isinstance(row, list) else [row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def as_xlsx(rows: list[list[Any]], change: Any = bytes) -> bytes:
    """Rows as the least workbook there is. change: of the sheet's own text."""
    sheet = "".join(
        f"<row>{''.join(_xlsx_cell(c) for c in (row if isinstance(row, list) else [row]))}</row>" for row in rows
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            BOOK | {"xl/worksheets/sheet1.xml": SHEET.format(rows="{rows}").replace("{rows}", sheet)}
        ).items():
            data = text.encode("utf-8", "replace")
            archive.writestr(name, change(data) if name.endswith("sheet1.xml") else data)
    return out.getvalue()


def _xlsx_cell(cell: Any) -> str:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"<c><v>{cell}</v></c>"
    text = "".join(c for c in str(cell) if c.isprintable() or c == "\n")
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


# ---- results


def result(rng: Rng) -> Input:
    """A stored result, damaged."""
    return Input("result", {"result.parquet": b"", "record.json": b""}, {"damage": rng.randrange(2**32)})


KINDS: dict[Any, int] = {  # how often each is drawn
    policy: 22, stacked: 5, scenario: 20, variant: 8, sets: 8, region: 6, cohort: 6, experiment: 4, hospitals: 5, drugs: 4, observed: 3,
    rounds: 2, assumptions: 1, stored: 6, words: 3, result: 2,
}  # fmt: skip


def made(seed: int, kinds: dict[Any, int] | None = None) -> Input:
    """The input that belongs to a number: in a third of all as it was drawn, else with one to three changes."""
    rng = random.Random(seed)
    kinds = kinds or KINDS
    drawn = rng.choices(list(kinds), list(kinds.values()))[0](rng)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        drawn = changed(rng, drawn)
    return drawn


def changed(rng: Rng, given: Input) -> Input:
    """With one change of one of its files, most often of the first."""
    names = list(given.files)
    name = names[0] if rng.random() < 0.8 else rng.choice(names)
    content = given.files[name]
    if isinstance(content, bytes) or rng.random() < 0.3:
        new: Any = change_bytes(rng, as_bytes(name, content))
        if name.endswith(".xlsx") and not isinstance(content, bytes) and rng.random() < 0.7:
            new = as_xlsx(content, lambda data: change_bytes(rng, data))
    elif name.endswith((".csv", ".xlsx")) and rng.random() < 0.5:
        new = _other_cell(rng, content)
    else:
        new = change_tree(rng, content)
    return Input(given.kind, {**given.files, name: new}, given.how)


def _other_cell(rng: Rng, rows: list[list[Any]]) -> list[list[Any]]:
    known = [(i, j) for i, row in enumerate(rows) if isinstance(row, list) for j in range(len(row))]
    copy = [list(row) if isinstance(row, list) else row for row in rows]
    if known:
        i, j = rng.choice(known)
        copy[i][j] = rng.choice(CELLS)
    return copy


def as_bytes(name: str, content: Any) -> bytes:
    """A file as it is written."""
    if isinstance(content, bytes):
        return content
    if name.endswith(".csv") and isinstance(content, list):
        return as_csv(content)
    if name.endswith(".xlsx") and isinstance(content, list):
        return as_xlsx(content)
    return yaml_bytes(content)


def write(given: Input, folder: Path) -> None:
    """The files of an input, below a folder."""
    for name, content in given.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(name, content))
