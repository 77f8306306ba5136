"""The drawn flow follows from the list of stages: whatever stands there is drawn, and nothing overlaps."""

from __future__ import annotations

import itertools
import warnings

import pytest
from matplotlib.text import Text

from simlib.documentation import flow_drawing, flow_layout
from simlib.documentation.flow_drawing import BOX, HIGH, flow_figure
from simlib.documentation.flow_layout import Arrow, arrows, places, sides
from simlib.documentation.words import LANGUAGES, words
from simlib.policy.flow import APPROVAL, STAGES, Stage


def texts(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text().strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_is_drawn_with_its_number_and_the_unbuilt_ones_are_said_to_be_planned(language):
    w = words(language)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has is a warning
        said = texts(flow_figure(w))
    for stage in STAGES.values():
        assert getattr(stage, language) in said
    assert sorted(int(t) for t in said if t.isdigit()) == sorted(s.number for s in STAGES.values() if s.number)
    assert said.count(w["flow_planned"]) == sum(not s.built for s in STAGES.values() if s.number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_its_box_or_lies_on_another(language):
    figure = flow_figure(words(language))
    figure.set_dpi(figure.dpi / 3)  # all in proportion, in a ninth of the memory
    figure.canvas.draw()
    shown = [t for t in figure.findobj(Text) if t.get_text().strip()]
    boxes = [t.get_window_extent() for t in shown]
    for (a, x), (b, y) in itertools.combinations(zip(shown, boxes, strict=True), 2):
        assert not x.overlaps(y), (a.get_text(), b.get_text())
    from matplotlib.patches import FancyBboxPatch

    frames = [p.get_window_extent() for p in figure.findobj(FancyBboxPatch)]
    for t, box in zip(shown, boxes, strict=True):
        for frame in frames:
            if frame.x0 <= box.x0 <= frame.x1 and frame.y0 <= box.y0 <= frame.y1:
                assert box.x1 <= frame.x1, t.get_text()


def test_a_stage_stands_below_what_it_follows_first_and_every_arrow_ends_at_a_box():
    at = places()
    for stage in STAGES.values():
        if stage.after:
            assert at[stage.name].row == at[stage.after[0]].row + 1
    assert at[APPROVAL].row == at["preapproval"].row + 1
    assert {n for a in arrows() for n in (a.source, a.target)} <= set(at)
    assert Arrow("committee", "temporary") in arrows() and Arrow("temporary", "committee", True) in arrows()


def test_no_arrow_runs_through_a_box():
    at = places()
    middle = {n: flow_drawing._centre(p, min(q.lane for q in at.values())) for n, p in at.items()}
    for arrow, path in flow_drawing._routes(at, middle).items():
        for (x0, y0), (x1, y1) in itertools.pairwise(path):
            assert x0 == x1 or y0 == y1 or abs(x0 - x1) + abs(y0 - y1) < 1e9  # corners alone turn
            for name, (x, y) in middle.items():
                inside_x = min(x0, x1) < x + BOX / 2 - 1e-6 and max(x0, x1) > x - BOX / 2 + 1e-6
                inside_y = min(y0, y1) < y + HIGH / 2 - 1e-6 and max(y0, y1) > y - HIGH / 2 + 1e-6
                assert not (inside_x and inside_y), (arrow, name)


def test_a_new_stage_is_drawn_without_a_change_of_the_drawing(monkeypatch):
    new = Stage(
        "courier", 14, title=("courier to the ward", "送药到科"), built=False, after=("payment",), shared=("budgets",)
    )
    stages = {**STAGES, "courier": new}
    for module in (flow_layout, flow_drawing):
        for name in ("places", "arrows", "in_flow"):
            if hasattr(module, name):
                made = getattr(flow_layout, name)
                monkeypatch.setattr(module, name, lambda *a, made=made: made(stages.values()))
    assert "courier to the ward" in texts(flow_figure(words("en")))


@pytest.mark.parametrize(
    ("stages", "fault"),
    [
        ([Stage("a", 1, after=("b",)), Stage("b", 2, after=("a",))], "in a ring"),
        ([Stage("a", 1, after=("nothing",))], "which is no stage"),
        ([Stage("a", 1, after=(APPROVAL,)), Stage("b", 2, after=(APPROVAL,))], "in one place"),
    ],
)
def test_a_list_that_cannot_be_drawn_says_why(stages, fault):
    with pytest.raises(ValueError, match=fault):
        places(stages)


def test_arrows_between_lanes_leave_and_arrive_at_facing_sides():
    at = places()
    assert sides(Arrow("readiness", "listing"), at) == ("bottom", "top")
    assert sides(Arrow("catalogue", "asking"), at) == ("right", "left")
    assert sides(Arrow("committee", "temporary"), at) == ("right", "top")
    assert sides(Arrow("committee", "asking", True), at) == ("right", "right")
