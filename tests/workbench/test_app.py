"""The widgets without a browser: moves reach the world, the picture follows, both languages say all."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import threading
import time

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from PIL import Image

from simlib import explore
from simlib.core.files import InputError, scenarios
from simlib.experiments.run import interval
from simlib.see.colours import look
from simlib.words import words
from simlib.workbench.app import Explorer
from simlib.workbench.controls import Moved
from simlib.workbench.picture import Line, Picture, band, end_of_axis, paired
from simlib.workbench.refusal import Refusal, refused
from simlib.workbench.session import Session
from simlib.workbench.widgets import Row, name, read, scope, tooltip
from tests.workbench.standing import Standing, made_up

DUTY = "committee.duty.listing@SC-02a"


@pytest.fixture
def explorer():
    made = Explorer(Session(), "en", 4, Standing())
    yield made
    made.close()


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A copy of the data that may be written to."""
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    return tmp_path


def test_outside_a_notebook_it_says_how_to_start_one():
    with pytest.raises(InputError, match="simlib lab"):
        explore()


def test_a_slider_moves_the_rule_and_asks_for_the_new_world(explorer):
    before = explorer.sheet.image.value
    row = explorer.panel.rows[DUTY]
    assert (row.value.value, row.value.continuous_update) == (1.0, False)
    row.value.value = 3.0
    assert explorer.session.changes == {DUTY: "3 months"} and explorer.engine.asked[-1] == explorer.session.spec()
    assert (
        explorer.sheet.image.value != before
        and "3 months" in explorer.tabs.changed.value
        and "3 months" in explorer.tabs.python.value
    )
    assert "1 changed" in explorer.panel.box.titles[4] and "simlib-moved" in row.box._dom_classes
    explorer.head.reset.click()
    assert row.value.value == 1.0 and "simlib-moved" not in row.box._dom_classes
    assert explorer.engine.asked[-1] == explorer.session.written_spec() and "Nothing" in explorer.tabs.changed.value


def test_what_a_preset_sets_is_on_the_screen_and_undone_in_one_step(explorer):
    explorer.panel.rows[DUTY].value.value = 3.0
    explorer.head.policy.value = "beijing"
    assert explorer.session.choice.policy == "beijing" and DUTY not in explorer.panel.rows
    assert any("BJ-" in key for key in explorer.panel.rows)
    explorer.head.undo.click()
    assert explorer.head.policy.value == "sichuan" and explorer.panel.rows[DUTY].value.value == 3.0


def test_a_rule_that_is_off_cannot_be_moved_and_a_missing_one_can_be_added(explorer):
    row = explorer.panel.rows[DUTY]
    row.on.value = False
    assert row.value.disabled and row.strength.disabled and explorer.session.changes == {DUTY: "off"}
    added = explorer.panel.rows["committee.min_meetings_per_year"]
    added.on.value = True
    assert explorer.session.changes["committee.min_meetings_per_year"]["value"] == 4
    added.strength.value = "explore"
    assert explorer.session.changes["committee.min_meetings_per_year"]["strength"] == "explore"


def test_every_stage_opens_and_every_control_shows_what_the_rulebook_says(explorer):
    for i in range(len(explorer.panel.stages)):
        explorer.panel.box.selected_index = i
    rows = explorer.panel.rows
    assert len(rows) == len(explorer.session.controls())
    for row in rows.values():
        assert row.on.value is row.control.written.on
        if row.value is not None:
            shown = read(row.control, row.value)
            assert row.control.said(shown) == row.control.said(row.control.written.value), row.control.key
    assert not explorer.session.changes


def test_the_hint_of_a_rule_names_clause_document_and_whoever_obeys():
    for language, who in (("en", "hospitals"), ("zh", "医疗机构")):
        w = words(language, "workbench")
        control = next(c for c in Session().controls() if c.key == DUTY)
        hint = tooltip(control, w)
        assert "SC-02a" in hint and "sichuan-2025-64" in hint and who in hint and "SC-02a" in name(control, w)


def test_every_hint_and_name_is_whole_in_both_languages():
    for language in ("en", "zh"):
        w = words(language, "workbench")
        for control in Session().controls():
            for text in (tooltip(control, w), name(control, w)):
                assert text and "{" not in text and (language == "en" or re.search("[一-鿿]", text))


def test_another_language_keeps_the_change_and_says_everything_anew(explorer):
    explorer.panel.rows[DUTY].value.value = 3.0
    before = explorer.sheet.image.value
    explorer.head.language.value = "zh"
    assert explorer.session.changes == {DUTY: "3 months"} and explorer.panel.rows[DUTY].value.value == 3.0
    assert (
        "药事会审议" in explorer.panel.box.titles[4]
        and "完成" in explorer.status.value
        and explorer.sheet.image.value != before
    )


def test_a_refused_move_is_told_until_the_next_step_that_succeeds(explorer):
    control = explorer.panel.rows[DUTY].control
    assert explorer.do(lambda: explorer.session.put({control.key: "2 moons"})) is False
    assert "Not possible" in explorer.status.value and explorer.panel.rows[DUTY].value.value == 1.0
    explorer.look()  # the next replication
    assert "Not possible" in explorer.status.value and "Done: 4" in explorer.status.value
    explorer.panel.rows[DUTY].value.value = 2.0
    assert "Not possible" not in explorer.status.value


def test_an_error_of_one_round_is_told_and_the_next_round_is_looked_at_all_the_same(explorer, monkeypatch):
    rounds = []

    def look():
        rounds.append(1)
        if len(rounds) == 1:
            raise InputError("cohort.yaml:3: start: 2018-13-01 is no date")
        explorer.say("all is well")

    async def two_rounds():
        news = asyncio.Event()
        task = asyncio.get_running_loop().create_task(explorer._watch(news))
        told = []
        for _ in range(2):
            news.set()
            for _ in range(3):
                await asyncio.sleep(0)
            told.append(explorer.status.value)
        assert not task.done()
        task.cancel()
        return told

    monkeypatch.setattr(explorer, "look", look)
    first, second = asyncio.run(two_rounds())
    assert "cohort.yaml:3" in first and second == "all is well"


def test_a_file_that_is_broken_meanwhile_is_told_and_the_workbench_lives_on(own_home):
    explorer = Explorer(Session(), "en", 4, Standing())
    path = own_home / "scenarios/policies/sichuan.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text("format: [", encoding="utf-8")
    explorer.panel.rows[DUTY].value.value = 2.0
    assert "sichuan.yaml" in explorer.status.value
    path.write_text(text, encoding="utf-8")
    explorer.panel.rows[DUTY].value.value = 3.0
    assert "sichuan.yaml" not in explorer.status.value and explorer.session.changes == {DUTY: "3 months"}


def test_a_picture_of_what_was_asked_before_is_dimmed_until_the_first_replication(explorer):
    def dimmed():
        return ["simlib-stale" in x._dom_classes for x in (explorer.sheet.image, explorer.sheet.table)]

    answer, explorer.engine.ask = explorer.engine.ask, lambda specs, most: None
    assert dimmed() == [False, False]
    explorer.panel.rows[DUTY].value.value = 3.0
    assert dimmed() == [True, True]
    answer([explorer.session.spec()], 1)
    explorer.look()
    assert dimmed() == [False, False]


def test_opening_a_variant_that_is_refused_is_not_said_to_be_opened(own_home):
    explorer = Explorer(Session(), "en", 4, Standing())
    path = own_home / "scenarios/variants/broken.yaml"
    path.write_text("format: 1\nname: broken\ntitle: {en: a, zh: b}\nchanges: {comittee: 1}\n", encoding="utf-8")
    explorer.tabs.which.options = ["broken"]
    explorer.tabs.which.value = "broken"
    explorer.tabs.open.click()
    assert "Opened" not in explorer.tabs.said.value and "comittee" in explorer.tabs.said.value
    assert "comittee" in explorer.status.value and not explorer.session.changes


def test_widgets_that_are_replaced_are_closed_and_so_are_all_at_the_end():
    before = len(_instances)
    explorer = Explorer(Session(), "en", 4, Standing())
    counts = []
    for language in ("zh", "en", "zh", "en"):
        explorer.head.language.value = language
        explorer.head.policy.value = "beijing"
        explorer.head.undo.click()
        counts.append(len(_instances))
    assert counts[1] == counts[3]
    explorer.close()
    assert len(_instances) == before


def test_a_rule_of_two_scopes_in_one_clause_can_be_switched_but_not_moved(explorer):
    explorer.panel.box.selected_index = 0
    row = explorer.panel.rows["readiness.firm_support@SC-09"]
    assert row.value.disabled and row.strength.disabled and not row.on.disabled
    assert "more than once: coordination" in tooltip(row.control, explorer.w)
    row.on.value = False
    assert row.value.disabled and explorer.session.changes == {row.control.key: "off"}
    row.on.value = True
    assert not explorer.session.changes and row.value.disabled
    assert explorer.do(lambda: explorer.session.move(row.control, value=("feedback",))) is False


def test_a_share_with_a_part_of_a_per_cent_is_shown_whole(explorer):
    control = next(c for c in explorer.session.controls() if c.lever.kind == "share" and not c.clause)
    explorer.session.move(control, on=True)
    row = Row(control, explorer.session.where(control), explorer.w, lambda *a, **k: None)
    row.show(Moved(True, 25.5, "must"))
    assert read(control, row.value) == 25.5 and control.said(25.5) == 0.255


def test_scopes_are_joined_by_words_of_the_language():
    assert scope("class1+negotiated/public&tertiary", words("en", "workbench")).count(" or ") == 1
    chinese = scope("class1+negotiated/public&tertiary", words("zh", "workbench"))
    assert "或国谈药" in chinese and "公立医院且三级医院" in chinese and not re.search(r" [+&] |; ", chinese)


def test_what_the_workbench_refuses_is_said_in_the_readers_language():
    w = words("zh", "workbench")
    assert refused(Refusal("second", name="'x'"), w) == "无法执行：变体'x'已存在；请换一个名称"
    assert refused(InputError("a.yaml:1: no"), w) == "无法执行（说明为英文）：a.yaml:1: no"
    assert "choose another" in str(Refusal("second", name="'x'"))


def test_a_variant_is_saved_and_opened(explorer, tmp_path, monkeypatch):
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    explorer.panel.rows[DUTY].value.value = 3.0
    explorer.tabs.name.value = "three-months"
    explorer.tabs.save.click()
    assert "simlib run small-world --set policy=sichuan --variant three-months" in explorer.tabs.said.value
    explorer.tabs.save.click()
    assert "choose another" in explorer.tabs.said.value
    explorer.head.reset.click()
    explorer.tabs.which.value = "three-months"
    explorer.tabs.open.click()
    assert explorer.session.changes == {DUTY: "3 months"}


def test_the_baseline_stays_in_the_picture(explorer):
    assert [x.name for x in explorer.lines()] == ["before reform", "Sichuan"]
    explorer.panel.rows[DUTY].value.value = 3.0
    lines = explorer.lines()
    assert [x.name for x in lines] == ["before reform", "Sichuan, as written", "Sichuan, changed"]
    assert [x.look.colour for x in lines] == [
        look("before-reform").colour,
        look("sichuan").colour,
        look("sichuan").colour,
    ]


def test_intervals_shrink_and_one_replication_has_none():
    curves = np.stack(made_up(0.4, 16).curves)[:, 2]
    widths = [np.nanmax(high - low) for _, low, high in (band(curves[:n]) for n in (4, 16))]
    assert widths[0] > widths[1] > 0 and np.isnan(band(curves[:1])[1]).all()
    mean, low, high = band(curves)
    assert (mean[36], low[36], high[36]) == pytest.approx(interval(100 * curves[:, 36]))


def test_differences_are_paired_over_what_both_have():
    key = ("stocked_24m", "level", "3")
    assert paired(made_up(0.4, 9), made_up(0.3, 6), key, 100) == pytest.approx((10.0, 10.0, 10.0))


def test_axes_do_not_shrink_when_a_rule_is_moved_until_the_world_is_another():
    picture, w = Picture(), words("en", "workbench")
    for level in (0.5, 0.1):
        line = Line(made_up(level, 3), "x", look("sichuan"), True)
        picture.png([Line(made_up(0.05, 3), "base", look("national")), line], 4, w)
    assert picture.ends["3"] == end_of_axis(52.0) == 60.0
    picture.forget()
    picture.png([line], 4, w)
    assert picture.ends["3"] == end_of_axis(12.0) == 20.0


def test_a_picture_drawn_on_an_old_background_is_the_same_as_one_drawn_anew():
    w = words("zh", "workbench")
    base = Line(made_up(0.2, 4), "改革前", look("before-reform"))
    one, two = ([base, Line(made_up(level, 4), "四川", look("sichuan"), True)] for level in (0.41, 0.42))
    again, fresh = Picture(), Picture()
    again.png(one, 4, w)
    assert again.png(two, 4, w) == fresh.png(two, 4, w)
    assert Image.open(io.BytesIO(again.png(two, 4, w))).size == (924, 605)


def test_a_row_does_not_tell_what_it_is_told():
    told = []
    session = Session()
    control = next(c for c in session.controls() if c.key == DUTY)
    row = Row(control, session.where(control), words("en", "workbench"), lambda *a, **k: told.append((a, k)))
    session.move(control, value=5.0)
    row.show(session.where(control))
    assert row.value.value == 5.0 and not told
    row.value.value = 6.0
    assert told == [((control,), {"value": 6.0})]


def test_a_move_waits_while_another_thread_draws_what_has_come(explorer, monkeypatch):
    """JupyterLab hands what a user does to a thread of its own: two that draw at once spoil picture and session."""
    inside, most = [0], [0]
    draw = explorer.sheet.draw

    def slow(lines):
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.05)
        draw(lines)
        inside[0] -= 1

    def redraw():
        for _ in range(5):
            explorer.drawn = ()
            explorer.look()

    monkeypatch.setattr(explorer.sheet, "draw", slow)
    other = threading.Thread(target=redraw)
    other.start()
    for value in (2.0, 3.0, 4.0):
        explorer.panel.rows[DUTY].value.value = value
    other.join()
    assert most[0] == 1
