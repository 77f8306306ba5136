"""The strips: what happened is numbered and told with its clauses, labels do not overlap, lines have their colours."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from simlib.model.pair_records import PairState
from simlib.outcomes.events import event_table
from simlib.outcomes.trace import Fate, trace_of
from simlib.see.base import LOOKS, WHO_LOOKS, apart
from simlib.see.figure_files import figure_bytes
from simlib.see.spans import Span, drug_story_of
from simlib.see.strip import calendar_strip, rows_for, ticks
from simlib.see.strips import _percent, hospital_strips, picture
from simlib.words.story import story


@pytest.fixture(scope="module")
def told(record):
    table = event_table(record)
    pairs = np.argwhere(record.pairs.state == PairState.STOCKED)
    traces = [trace_of(record, table, None, h, d) for h, d in pairs[:30]]
    return max(traces, key=lambda t: len(story(t).clauses))


def test_every_step_of_the_story_is_numbered_dated_and_told(told, read):
    text = read(calendar_strip(told))
    steps = story(told).steps
    for i, step in enumerate(steps, 1):
        assert str(i) in text.split("\n") and str(step.day) in text
    assert "in stock" in text and told.drug in text and told.hospital in text


def test_the_clauses_that_mattered_are_named(told, read):
    clauses = story(told).clauses
    assert clauses
    text = read(calendar_strip(told))
    assert all(c.label.en in text for c in clauses[:3])


def test_a_strip_is_chinese_in_chinese_and_every_glyph_is_there(told, read):
    figure = calendar_strip(told, "zh")
    assert "获批上市" in read(figure) and "approved" not in read(figure)
    assert figure_bytes(figure, ".svg") == figure_bytes(calendar_strip(told, "zh"), ".svg")


def test_what_happened_before_the_reforms_has_a_lane_of_its_own(told, read):
    from dataclasses import replace

    later = replace(told, before=Fate("stocked", told.last_day))
    never = replace(told, before=Fate("not_asked", None))
    assert f"in regular stock {told.last_day}" in read(calendar_strip(later))
    assert "waiting, not in stock" in read(calendar_strip(never))


def test_a_hospital_outside_the_target_is_said_to_be_outside(record, read):
    h, d = np.argwhere(record.pairs.state == PairState.OUT_OF_TARGET)[0]
    figure = calendar_strip(trace_of(record, event_table(record), None, h, d))
    assert "does not treat the disease" in read(figure) and "in stock" not in read(figure)


def test_labels_share_a_row_only_where_they_do_not_overlap():
    boxes = [(0.0, 1.0), (0.5, 1.0), (0.9, 1.0), (1.6, 0.3), (3.0, 1.0)]
    rows = rows_for(boxes)
    assert rows == [0, 1, 2, 0, 0]


def test_labels_beside_lines_keep_their_order_and_their_bounds():
    placed = apart([0.1, 0.2, 0.3, 9.95], 1.0, 0.0, 10.0)
    assert placed[0] >= 0.0 and placed[-1] <= 10.0
    assert all(b - a >= 1.0 - 1e-9 for a, b in zip(placed, placed[1:], strict=False))


def test_the_calendar_has_as_many_marks_as_have_room():
    assert ticks(date(2024, 2, 1), date(2025, 2, 1))[0] == date(2024, 4, 1)
    assert 2 <= len(ticks(date(2000, 1, 1), date(2300, 1, 1))) <= 40


def test_all_hospitals_of_a_drug_are_drawn_and_counted(record, read):
    d = int((record.pairs.state == PairState.STOCKED).sum(axis=0).argmax())
    found = drug_story_of(record, record.world.drugs.names[d])
    text = read(hospital_strips(found))
    assert f"{found.drug} at its {len(found.hospitals)} hospitals" in text
    for level in np.unique(found.level):
        n, stocked = (found.level == level).sum(), found.at_end(int(level)).get("stocked", 0)
        assert f"{n}, in stock at the end {stocked}" in text
    assert figure_bytes(hospital_strips(found, "zh"), ".png")[:4] == b"\x89PNG"


def test_a_line_has_the_colour_of_whoever_is_waited_for():
    first, middle, end = date(2024, 1, 1), date(2024, 1, 11), date(2024, 1, 21)
    image = picture([(Span("platform", first, middle), Span("stocked", middle, end))], first, end, 4, 40)
    for x, who in ((2, "platform"), (38, "stocked")):
        assert image[0, x].tolist() == [round(255 * c) for c in to_rgb(LOOKS[WHO_LOOKS[who]][0])]


def test_neighbours_in_the_flow_differ_in_grey_by_shade_or_by_hatch():
    def shade(state):
        r, g, b = to_rgb(LOOKS[state][0])
        return 0.3 * r + 0.59 * g + 0.11 * b

    flow = ["not_listed", "not_aware", "not_asked", "waiting", "refused", "waiting", "deferred", "waiting_for_room", "being_bought", "stocked", "removed"]  # fmt: skip
    for a, b in zip(flow, flow[1:], strict=False):
        assert abs(shade(a) - shade(b)) > 0.12 or LOOKS[a][1] != LOOKS[b][1]
    assert LOOKS["refused"][1] != LOOKS["stocked"][1]


def test_zero_and_all_per_cent_mean_none_and_all():
    assert [_percent(n, 1000) for n in (0, 1, 500, 999, 1000)] == ["0%", "<1%", "50%", ">99%", "100%"]
