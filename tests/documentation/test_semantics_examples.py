"""The exact semantics (docs/semantics*.md): every section has a worked example that the model gives, and every reference resolves.

An example ends with a block of YAML: a toy with the indicators that it must give, a stretch of days of waiting patients, or a
case under its payment standard, or a bill and who pays it. Tables of limits are read as they stand. The figures of a block stand in its prose as well.
"""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import simlib
from simlib.core.files import home, parse_yaml, scenarios
from simlib.core.workdays import ROLLING, UNITS, calendar, deadline
from simlib.model.model import replicate
from simlib.model.stages.payers_case import case_bill
from simlib.outcomes.events import events
from simlib.scenario.scenario import load_scenario
from tests.documentation.shown import fenced
from tests.known_answers.test_toys import ANSWERS
from tests.known_answers.test_toys import TOYS as ALL_TOYS
from tests.twin.toys import toy
from twin.demand import waits

PAGES = {p.name: p.read_text(encoding="utf-8") for p in sorted((home() / "docs").glob("semantics*.md"))}
TOP = re.compile(r"^## (\d+) .*$", re.MULTILINE)
HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^### [\d.]+ Worked example$\n(.*?)(?=^#{2,3} |\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {
    int(m[1]): (name, text[m.start() : nxt.start() if nxt else None])
    for name, text in PAGES.items()
    for m, nxt in ((m, TOP.search(text, m.end())) for m in TOP.finditer(text))
}
BLOCKS = [
    (number, parse_yaml(block.text, name).data)
    for number, (name, text) in SECTIONS.items()
    for example in EXAMPLE.findall(text)
    for block in fenced(example)
]
WITH_TOY = [(n, b) for n, b in BLOCKS if "toy" in b and "answers" in b]
LONGEST = 350  # lines of a page


def _named(blocks: list[tuple[int, dict[str, Any]]]) -> list[Any]:
    return [pytest.param(n, b, id=f"{n}-{b.get('toy', '')}-{'-'.join(_told(b))}") for n, b in blocks]


def _told(block: dict[str, Any]) -> dict[str, Any]:
    """What an example says that comes out."""
    return block["answers"] if "answers" in block else block["events"]


# ---- the pages


def test_sections_are_numbered_without_a_gap_and_each_has_an_example():
    assert sorted(SECTIONS) == list(range(16))
    for number, (name, text) in SECTIONS.items():
        assert len(EXAMPLE.findall(text)) == 1, (name, number)
        found = [int(m) for m in re.findall(rf"^### {number}\.(\d+) ", text, re.MULTILINE)]
        assert found == list(range(1, len(found) + 1)), (name, number)
        assert len(re.findall(r"^### ", text, re.MULTILINE)) == len(found), (name, number)


def test_no_page_is_longer_than_it_may_be_and_the_first_one_lists_them_all():
    for name, text in PAGES.items():
        assert len(text.splitlines()) <= LONGEST, name
        if name != "semantics.md":
            assert f"]({name})" in PAGES["semantics.md"]
            for number, _ in ((n, s) for n, s in SECTIONS.items() if s[0] == name):
                (row,) = [x for x in PAGES["semantics.md"].splitlines() if x.startswith(f"| [{name}]")]
                assert re.search(rf"\b{number} {SECTIONS[number][1].splitlines()[0].split(' ', 2)[2]}", row)


def _anchor(heading: str) -> str:
    """The anchor that a heading has where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


ANCHORS = {name: {_anchor(h) for h in HEADING.findall(text)} for name, text in PAGES.items()}


def test_every_link_of_a_page_leads_to_a_heading_with_the_number_that_it_shows():
    count = 0
    for name, text in PAGES.items():
        for shown, page, anchor in re.findall(r"\[([^\[\]]+)\]\(([^)#]*)#?([^)]*)\)", text):
            count += 1
            assert (home() / "docs" / (page or name)).is_file(), (name, page)
            if anchor:
                assert anchor in ANCHORS[page or name], (name, shown, anchor)
                number = re.search(r"[\d.]+", shown)
                assert number is None or anchor.startswith(number[0].replace(".", "") + "-"), (name, shown, anchor)
    assert count > 20


SUBSECTIONS = {m for text in PAGES.values() for m in re.findall(r"^#{2,3} ([\d.]+) ", text, re.MULTILINE)}


def test_every_section_that_a_page_names_by_its_number_exists():
    for name, text in PAGES.items():
        for listed in re.findall(r"\b[Ss]ections? ([\d.]+\d|\d+)(?: (?:to|and) ([\d.]+\d|\d+))?", text):
            assert {n for n in listed if n} <= SUBSECTIONS, (name, listed)
        for number in re.findall(r"\((\d+\.\d+)\)", text):
            assert number in SUBSECTIONS, (name, number)


def _readers() -> list[Path]:
    folders = ("simlib", "twin", "tests", "tools", "docs", "scenarios")
    files = [
        p for folder in folders for p in (home() / folder).rglob("*") if p.suffix in (".py", ".md", ".yaml", ".csv")
    ]
    return [*files, *home().glob("*.md")]


def test_every_file_that_names_a_page_or_a_section_of_it_names_one_that_exists():
    seen = 0
    for path in _readers():
        text = path.read_text(encoding="utf-8")
        for m in re.finditer(r"docs/(semantics[\w-]*\.md)`?,? ?([^.\n]*)", text):
            seen += 1
            assert m[1] in PAGES, (path, m[1])
            own = {str(n) for n, (name, _) in SECTIONS.items() if name == m[1]}
            own |= {s for s in SUBSECTIONS if s.split(".")[0] in own}
            said = re.search(r"sections? ((?:[\d.]+(?:, | and | to )?)+)", m[2])
            for number in re.findall(r"\d+(?:\.\d+)?", said[1]) if said else ():
                assert number in own, (path, m[0])
            for title in re.findall(r'"([A-Z][\w ]+)"', m[2]):
                headings = " ".join(HEADING.findall(PAGES[m[1]]))
                assert title in headings, (path, title)
    assert seen > 30


# ---- the examples


def _figures(text: str) -> set[float]:
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return {float(x) for x in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", plain)}


def test_the_figures_of_an_example_stand_in_its_prose():
    for number, block in BLOCKS:
        (prose,) = EXAMPLE.findall(SECTIONS[number][1])
        for value in _told(block).values():
            if not isinstance(value, bool):
                assert float(value) in _figures(prose), (number, value)


@pytest.mark.parametrize(("number", "block"), _named([x for x in WITH_TOY if not {"changes", "rules"} & set(x[1])]))
def test_an_example_that_changes_nothing_is_a_known_answer_of_its_toy(number: int, block: dict[str, Any]):
    assert block["toy"] in ALL_TOYS
    known = {a.indicator: float(a.stated) for a in ANSWERS.get(block["toy"], [])}
    if not known:  # a world of patients, whose answer tests/known_answers/test_patients.py works out from its comment
        text = (scenarios() / "toys" / f"{block['toy']}.yaml").read_text(encoding="utf-8")
        tested = (home() / "tests" / "known_answers" / "test_patients.py").read_text(encoding="utf-8")
        (stated,) = block["answers"].values()
        assert f'"{block["toy"]}"' in tested and str(stated) in tested
        known = {"treated": float(stated)} if f"= {stated}" in text else {}
    assert block["answers"].items() <= known.items()


def _scenario(block: dict[str, Any]) -> simlib.Scenario:
    """The toy of an example with its changes, and its rules as a policy that binds all."""
    changes = dict(block.get("changes", {}))
    rules = {lever: _rule(lever, value) for lever, value in block.get("rules", {}).items()}
    if rules:
        changes["policy"] = {
            "format": 1, "name": "toy-example", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy", "rules": rules,
        }  # fmt: skip
    return load_scenario(block["toy"], changes)


def _rule(lever: str, value: Any) -> dict[str, Any]:
    """A lever's entry in a policy file; duties are written by trigger, with their limit or a whole entry."""
    if lever == "committee.duty":
        whole = {trigger: told if isinstance(told, dict) else {"within": told} for trigger, told in value.items()}
        return {trigger: _BINDING | entry for trigger, entry in whole.items()}
    return {"value": value, **_BINDING}


_BINDING = {"strength": "must", "clause": "toy", "kind": "stated"}


@pytest.mark.parametrize(("number", "block"), _named([x for x in WITH_TOY if {"changes", "rules"} & set(x[1])]))
def test_an_example_with_changes_comes_to_its_figures(number: int, block: dict[str, Any]):
    scenario = _scenario(block)
    result = simlib.simulate(scenario, min(8, scenario.replications), workers=1, progress=False)
    for indicator, answer in block["answers"].items():
        row = result.value(indicator)
        error = row["sd"] / math.sqrt(row["replications"]) if row["replications"] > 1 else 0.0
        assert row["mean"] == pytest.approx(answer, abs=4 * error + 1e-6), (number, indicator)


@pytest.mark.parametrize(("number", "block"), _named([x for x in BLOCKS if "stretch" in x[1]]))
def test_a_stretch_of_days_leaves_as_many_waiting_as_the_example_says(number: int, block: dict[str, Any]):
    s, answers = block["stretch"], block["answers"]
    at_once, a_day = s["chance"] * s["waiting"], s["chance"] * s["a_day"]
    left, exits = waits(s["waiting"] - at_once, s["a_day"] - a_day, s["days"], s["window"])
    assert at_once + a_day * s["days"] == answers["treated"]
    assert (left, exits) == pytest.approx((answers["left"], answers["exits"]), abs=0.0005)
    assert answers["treated"] + answers["left"] + answers["exits"] == s["waiting"] + s["a_day"] * s["days"]


@pytest.mark.parametrize(("number", "block"), _named([x for x in BLOCKS if "case" in x[1]]))
def test_a_case_is_paid_as_the_example_says(number: int, block: dict[str, Any]):
    case, p = block["case"], load_scenario("stages").parameters.payment
    (prose,) = EXAMPLE.findall(SECTIONS[number][1])
    assert f"carve_over_group = {p.carve_over_group:g}" in prose and str(p.carve_over_case) in prose
    bill = case_bill(
        p, case["standard"], case["other"], case["drug"], case["carve_out"], reviewed=case.get("reviewed", False)
    )
    found = {"carved_out": bill["extra"] > 0, "result": bill["result"] / 100}
    assert block["answers"].items() <= found.items()


@pytest.mark.parametrize(("number", "block"), _named([x for x in BLOCKS if "bill" in x[1]]))
def test_a_bill_is_shared_among_the_treated_as_the_example_says(number: int, block: dict[str, Any]):
    bill, answers = block["bill"], block["answers"]
    numbers = {"always_afford": False, "income": bill["income"], "income_slope": bill["slope"], "insured": bill["insured"],
               "plan_benefit": bill["benefit"], "plan_cover": {"fixed": 1}, "charity": 0, "advance": 0}  # fmt: skip
    price = {"median_daily_cost_yuan": bill["price"] / 365.25, "price_log_sd": 0}
    model = toy("payment", parameters={"payment": numbers, "drugs": price})
    payers = replicate(model.world.scenario, 0).payers
    assert payers.pay["afford"][0, 0, 0] == pytest.approx(answers["afford"])
    assert payers.commercial[0, 0, 0] == pytest.approx(answers["commercial"], abs=5e-7)
    twin = model.payers
    assert twin.afford(model.hospitals[0], model.drugs[0], 0) == payers.pay["afford"][0, 0, 0]
    assert twin.shares(model.hospitals[0], model.drugs[0], 0).commercial == payers.commercial[0, 0, 0]


LIMITS = [
    (number, row)
    for number, (_, text) in SECTIONS.items()
    for row in re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (\d+) (\w+) \| ([\d-]{10}) \| (.*?) \|$", text, re.MULTILINE)
]


@pytest.mark.parametrize(("number", "row"), LIMITS, ids=lambda x: "-".join(x[:3]) if isinstance(x, tuple) else str(x))
def test_a_limit_ends_on_the_day_that_the_example_says(number: int, row: tuple[str, ...]):
    start, count, unit, *ends = row
    for rolling, end in zip(ROLLING, ends if number == 14 else ends[:1], strict=number == 14):
        days = calendar("china", date(2024, 1, 1), 400, rolling)
        last = deadline(days.table, float(days.index(date.fromisoformat(start))), float(count), UNITS[unit])
        assert days.date(last) == date.fromisoformat(end)


def test_there_are_limits_to_look_at():
    assert sorted(n for n, _ in LIMITS) == [0] * 5 + [14] * 4


@pytest.mark.parametrize(("number", "block"), _named([x for x in BLOCKS if "events" in x[1]]))
def test_the_log_tells_what_the_example_says(number: int, block: dict[str, Any]):
    table = events(_scenario(block))
    one = table["hospital"].dropna().iloc[0]
    told = table[table["hospital"].isna() | (table["hospital"] == one)].set_index("outcome")
    assert {e: told["time"][e] for e in block["events"]} == block["events"]
    assert {e: told["lever"][e] for e in block["levers"]} == block["levers"]
    (prose,) = EXAMPLE.findall(SECTIONS[number][1])
    assert all(f"*{e}*" in prose for e in block["events"])
