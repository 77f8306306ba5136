"""A story says who waited for what, which clause mattered, and says it in both languages."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import numpy as np
import pytest

import simlib
from simlib.model.log import GROUNDS
from simlib.model.model import replicate
from simlib.model.pair_records import STATES
from simlib.outcomes.events import ALL_EVENTS, event_table
from simlib.outcomes.trace import Trace, before_reform, trace_of
from simlib.scenario.scenario import load_scenario
from simlib.words.story import FIRST_STEPS, INDENT, LAST_STEPS, MOST_LINES, MOST_RULES, WAITS, Story, as_text, story
from simlib.words.story_steps import Clause, Teller
from simlib.words.story_words import PHRASES, said
from simlib.words.wrap import COLUMNS, width
from tests.worlds import random_world

WORLDS = (21, 29, 39, 19)
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TOLD_ELSEWHERE = {"rule_decided", "rules_decided_together"}  # with the hearing that they decided


class Told(NamedTuple):
    """A pair's trace with its story and its two texts."""

    trace: Trace
    story: Story
    en: str
    zh: str


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Every pair of some random worlds that may stock the drug, and some that may not."""
    out: list[Trace] = []
    for i in WORLDS:
        scenario = load_scenario(random_world(i))
        record = replicate(scenario, 0, pairs=True, events=True)
        base = before_reform(scenario)
        before = replicate(base, 0, pairs=True) if base else None
        table = event_table(record)
        outside = record.pairs.state == STATES.index("out_of_target")
        pairs = [*np.argwhere(~outside)[:: 1 + (i == WORLDS[-1])], *np.argwhere(outside)[:3]]
        out += [trace_of(record, table, before, h, d) for h, d in pairs]
    return [Told(t, s, as_text(t, "en", s), as_text(t, "zh", s)) for t in out for s in [story(t)]]


def test_the_days_waited_for_each_add_up_to_all_days(told):
    for t, s, _, _ in told:
        first = t.events["day"].iloc[0].date()
        assert sum(s.waits.values()) == ((t.fate.stocked or t.last_day) - first).days == s.total.blanks["n"]
        assert all(n >= 0 for n in s.waits.values()) and 0 <= s.supplied <= s.total.blanks["n"]


def test_steps_come_in_order_of_time_with_the_days_between_them(told):
    for _, s, _, _ in told:
        for before, after in zip(s.steps[:-1], s.steps[1:], strict=True):
            assert (after.day - before.day).days == after.waited >= 0


def test_a_story_ends_with_the_stock_or_with_the_state_at_the_end_of_the_run(told):
    states = set()
    for t, s, en, _ in told:
        states.add(t.fate.state)
        if t.fate.state == "out_of_target":
            assert not s.steps and "does not treat" in en
            continue
        last = s.steps[-1]
        if t.fate.state == "removed":
            assert "left the formulary" in last.say("en") and t.fate.stocked <= last.day <= t.last_day
            last = s.steps[-2]
        if t.fate.stocked:
            assert last.day == t.fate.stocked and "regular stock" in last.say("en")
        else:
            assert last.day == t.last_day and PHRASES[f"state_{t.fate.state}"].en in last.say("en")
    assert {"stocked", "removed", "refused", "not_asked", "deferred", "waiting"} <= states


def test_every_clause_that_a_step_names_is_among_the_rules_and_every_rule_is_in_a_step(told):
    named = 0
    for _, s, _, _ in told:
        cited = {c for step in s.steps for c in step.clauses}
        assert cited == {c.clause for c in s.clauses}
        for step in s.steps:
            for clause in step.clauses:
                label = Clause(clause, "", next(c.document for c in s.clauses if c.clause == clause)).label
                assert label.en in step.say("en") and label.zh in step.say("zh")
                named += 1
    assert named > 100


def test_both_languages_tell_the_same_steps_and_neither_borrows_from_the_other(told):
    for _, _, en, zh in told:
        assert not CHINESE.search(en), en
        assert "{" not in en + zh and "nan" not in en.lower().split() and "None" not in en + zh
        days = lambda text: re.findall(r"^\d{4}-\d{2}-\d{2} {2}", text, re.MULTILINE)  # noqa: E731
        if len(en.splitlines()) <= 20:
            assert days(en) == days(zh)


def test_a_story_is_short_and_fits_a_terminal(told):
    for _, _, *texts in told:
        for text in texts:
            lines = text.splitlines()
            assert max(width(line) for line in lines) <= COLUMNS + 2, lines
            timeline = [x for x in lines if re.match(rf"\d{{4}}|\s{{{INDENT}}}", x)]
            steps = len(re.findall(r"^\d{4}|^\s{11}", "\n".join(timeline), re.MULTILINE))
            assert len(timeline) <= MOST_LINES or steps >= FIRST_STEPS + LAST_STEPS
            assert len(lines) <= 2 * MOST_LINES + 2 * MOST_RULES


def test_the_last_line_compares_with_practice_before_the_reforms(told):
    seen = set()
    for t, s, en, _ in told:
        if not t.before or t.fate.state == "out_of_target":
            continue
        key = s.before.blanks["then"].key
        seen.add(key)
        now, then = t.fate.stocked, t.before.stocked
        assert {"then_both": now != then and bool(now and then), "then_same": now == then is not None,
                "then_only": then and not now, "now_only": now and not then, "then_none": not (now or then)}[key]  # fmt: skip
        assert "same random numbers" in " ".join(en.splitlines()[-2:])
    assert seen == {"then_both", "then_same", "then_only", "now_only", "then_none"}


def test_what_the_duty_did_stands_in_the_story_of_a_toy_world():
    stratum = {"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
               "kind": "assumed", "source": "toy"}  # fmt: skip
    region = {
        "name": "toy",
        "title": {"en": "Toy", "zh": "玩具"},
        "population_million": 1,
        "payment": "DRG",
        "strata": [stratum],
    }
    scenario = load_scenario(
        "meetings-90-duty", {"region": region, "committee.meetings": {"grid": 10_000, "phase": 900}}
    )
    found = simlib.trace(scenario, "drug-1", "h-1")
    assert [(s.waited, s.clauses) for s in story(found).steps[-3:]] == [(0, []), (30, ["toy"]), (0, [])]
    assert "passed it; the meeting was called by duty, for this drug (toy toy)" in " ".join(found.text().split())
    assert "stocked on 2002-06-19 instead of 2000-05-10, 770 days later" in " ".join(found.text().split())
    assert "duty to meet after a listing, 30 days (Convene within 30 days; must, obeyed)" in found.text()
    assert "晚770天" in found.text("zh")
    broken = simlib.trace(load_scenario("meetings-90-duty", {"region": region, "obedience": "none"}), "drug-1", "h-1")
    assert "not obeyed here (toy toy)" in " ".join(broken.text().split()) and "must, not obeyed)" in broken.text()


def test_a_story_for_machines_holds_the_same_in_both_languages(told):
    for t, s, _, _ in told[::7]:
        data = json.loads(json.dumps(t.to_dict(), ensure_ascii=False))
        assert [(x["day"], x["en"], x["zh"]) for x in data["steps"]] == [
            (str(x.day), x.say("en"), x.say("zh")) for x in s.steps
        ]
        assert data["fate"]["state"] == t.fate.state and data["drug"] == t.drug
        assert (data["before_reform"] is None) == (t.before is None or t.fate.state == "out_of_target")


def test_every_event_is_told_or_told_elsewhere():
    for event in ALL_EVENTS:
        assert hasattr(Teller, f"_{event.name}") or event.name in TOLD_ELSEWHERE, event.name
    assert set(WAITS) <= {e.name for e in ALL_EVENTS}


def test_every_state_and_ground_has_words_and_an_open_blank_is_an_error():
    for prefix, wanted in (("state_", STATES), ("ground_of_", GROUNDS)):
        assert {k.removeprefix(prefix) for k in PHRASES if k.startswith(prefix)} == set(wanted)
    with pytest.raises(KeyError):
        said("pushed").say("en")
