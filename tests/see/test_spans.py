"""Spans follow one another without a gap, and add up to what the story says."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from simlib.model.pair_records import PairState
from simlib.outcomes.events import event_table
from simlib.outcomes.trace import trace_of
from simlib.see.spans import FARTHEST, drug_story_of, spans, supply_spans
from simlib.words.story import supplied, waited


def day(n: int) -> date:
    return date(2024, 1, 1) + timedelta(days=n)


def test_each_span_ends_where_the_next_begins_and_equal_neighbours_are_one():
    events = [
        ("approved", 0),
        ("filed", 40),
        ("listed", 50),
        ("learned", 60),
        ("lapsed", 90),
        ("asked", 100),
        ("stocked", 130),
    ]
    found = spans([(o, day(n)) for o, n in events], day(200))
    assert [s.who for s in found] == ["firm", "platform", "learning", "department", "committee", "stocked"]
    assert [s.days for s in found] == [40, 10, 10, 40, 30, 70]
    assert all(a.until == b.first for a, b in zip(found, found[1:], strict=False))


def test_a_drug_that_is_taken_out_is_no_longer_in_stock():
    found = spans([("approved", day(0)), ("stocked", day(10)), ("asked", day(12)), ("removed", day(20))], day(30))
    assert [(s.who, s.days) for s in found] == [("firm", 10), ("stocked", 10), ("removed", 10)]


def test_supply_on_need_and_on_filing_at_once_is_one_span():
    events = [
        ("recorded_began", 0),
        ("supply_began", 5),
        ("recorded_ended", 8),
        ("supply_ended", 20),
        ("supply_began", 30),
    ]
    found = supply_spans([(o, day(n)) for o, n in events], day(40))
    assert [(s.first, s.days) for s in found] == [(day(0), 20), (day(30), 10)]


def test_the_spans_of_a_pair_are_the_waits_of_its_story(record):
    table, pairs = event_table(record), record.pairs
    many = np.argwhere((pairs.state != PairState.OUT_OF_TARGET) & np.isfinite(pairs.first_ask))[:60]
    assert len(many) > 30
    for h, d in many:
        t = trace_of(record, table, None, h, d)
        rows = [(o, x.date()) for o, x in zip(t.events["outcome"], t.events["day"], strict=True)]
        days: dict[str, int] = {}
        for s in spans(rows, t.last_day):
            days[s.who] = days.get(s.who, 0) + s.days
        days.pop("stocked", None), days.pop("removed", None)
        assert days == {k: n for k, n in waited(t).items() if n}
        if t.fate.stocked is None:
            assert sum(s.days for s in supply_spans(rows, t.last_day)) == supplied(t, t.last_day)


def test_a_drug_is_followed_at_every_hospital_that_treats_its_disease(record):
    d = int((record.pairs.state == PairState.STOCKED).sum(axis=0).argmax())
    story = drug_story_of(record, record.world.drugs.names[d])
    state = record.pairs.state[:, d]
    assert len(story.hospitals) == (state != PairState.OUT_OF_TARGET).sum()
    assert sum(story.at_end(v).get("stocked", 0) for v in (1, 2, 3)) == (state == PairState.STOCKED).sum() > 0


def test_hospitals_are_sorted_by_level_and_by_how_far_and_how_early_they_came(record):
    d = int((record.pairs.state == PairState.STOCKED).sum(axis=0).argmax())
    story = drug_story_of(record, record.world.drugs.names[d])
    assert list(story.level) == sorted(story.level, reverse=True)
    for level in np.unique(story.level):
        ends = [s[-1] for s, v in zip(story.spans, story.level, strict=True) if v == level]
        keys = [(FARTHEST.index(s.who), s.first) for s in ends]
        assert keys == sorted(keys)
