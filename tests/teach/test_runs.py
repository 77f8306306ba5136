"""Every lesson runs from top to bottom: with its solutions, with nothing answered, and with a student's mistakes."""

from collections.abc import Container

import matplotlib.font_manager
import pytest

from simlib.experiments.run import interval
from simlib.teach import lesson_2, lesson_3, open_lesson
from simlib.teach.lesson import NUMBERS
from simlib.teach.pictures import timeline
from simlib.teach.words import LANGUAGES
from simlib.teach.worlds import run, values
from tests.teach.cells import run_lesson

SD = "np.std(with_rule - same_luck, ddof=1)"
STUDENT = {
    1: {
        "1.1": "90",
        "1.2": "np.median(waits)",
        "1.3": "1 / 6",
        "1.4": "np.mean(g) ** 2 / (2 * np.mean(g))",
        "1.5": "np.mean(g)",
        "1.6": "45",
    },
    2: {
        "2.1": "0.15 / 5",
        "2.2": 'result.value("wait_days")["high"]',
        "2.3": 'result.value("wait_days")["mean"]',
        "2.4": "queue - 5",
        "2.5": "3.5 / 0.15",
        "2.6": "5",
    },
    3: {
        "3.1": '"CN21-01"',
        "3.2": "30",
        "3.3": 'waits["default"] / waits["none"]',
        "3.4": 'effects["declared"]["difference"]',
        "3.5": "45",
        "3.6": 'extra["default"]',
    },
    4: {
        "4.1": "1.96 * np.std(with_rule, ddof=1) / np.sqrt(10)",
        "4.2": "stats.t.ppf(0.975, 9) * np.std(with_rule - other_luck) / np.sqrt(10)",
        "4.3": f"stats.t.ppf(0.975, 9) * {SD}",
        "4.4": f"np.std(with_rule - other_luck, ddof=1) / {SD}",
        "4.5": f"2 * {SD} / 0.25",
        "4.6": '"a"',
    },
    5: {
        "5.1": '100 * effect.value("stocked_24m")["difference"]',
        "5.2": 'effect.value("gap_levels")["mean"]',
        "5.3": '"committee"',
        "5.4": '"CN21-01"',
        "5.5": "792",
        "5.6": 'effect.value("meetings_per_year", "level", "3")["mean"]',
    },
    6: {
        "6.1": "text",
        "6.2": '"my-policy.yaml"',
        "6.3": 'effect.value("stocked_24m", "level", "3")["difference"]',
        "6.4": '["wait_days"]',
        "6.5": '100 * effects["default"]["difference"]',
        "6.6": '100 * effects["obedience none"]["difference"]',
    },
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """A folder like a student's: lesson 6 writes to it."""
    monkeypatch.chdir(tmp_path)


def in_both(first: int, always: Container[int] = NUMBERS) -> list:
    """(number, language) of every lesson: one language always, turn about, and the other among the slow tests.

    always: the lessons of which that holds; both languages of the others are slow tests.
    """
    return [
        pytest.param(n, language, marks=[] if (n + i) % 2 == first and n in always else [pytest.mark.slow])
        for n in NUMBERS
        for i, language in enumerate(LANGUAGES)
    ]


@pytest.mark.parametrize(("number", "language"), in_both(first=0))
def test_a_lesson_runs_through_with_its_solutions_and_every_check_says_right(number, language):
    ran = run_lesson(number, language, solved=True)
    assert {k: v.said for k, v in ran.verdicts.items() if v.status != "right"} == {}
    assert list(ran.verdicts) == list(open_lesson(number).questions)
    assert ran.progress.status == "right"
    assert ran.pictures


@pytest.mark.parametrize("number", NUMBERS)
def test_a_students_mistakes_are_recognised_in_the_notebook_and_stop_nothing(number):
    assert list(STUDENT[number]) == list(open_lesson(number).questions)
    ran = run_lesson(number, "en", answers=STUDENT[number])
    assert {k: v.status for k, v in ran.verdicts.items() if k in STUDENT[number]} == dict.fromkeys(
        STUDENT[number], "wrong"
    )
    assert {k: v.known for k, v in ran.verdicts.items() if k in STUDENT[number]} == dict.fromkeys(STUDENT[number], True)
    assert ran.progress.status == "open"


@pytest.mark.parametrize(("number", "language"), in_both(first=1, always=(1, 4)))
def test_a_lesson_runs_through_with_nothing_answered(number, language):
    ran = run_lesson(number, language)
    assert list(ran.verdicts) == list(open_lesson(number).questions)
    assert {v.status for v in ran.verdicts.values()} == {"open"} and ran.progress.status == "open"


def test_the_small_worlds_meet_the_answers_that_theory_gives():
    found = [
        (values(run("lesson-2", 5), "wait_days"), lesson_2.wait()),
        (values(run("lesson-3", 5, obedience="full"), "wait_days"), lesson_3.theory()),
        (values(run("lesson-3", 5, obedience="none"), "wait_days"), 45.0),
        (values(run("lesson-4", 20, obedience="full"), "wait_days"), 40.0),
    ]
    for x, known in found:
        mean, low, high = interval(x, 0.9999)
        assert low < known < high
        assert mean == pytest.approx(known, rel=0.05)


@pytest.mark.filterwarnings("error:Glyph")
def test_pictures_show_chinese_and_name_their_axes():
    assert matplotlib.font_manager  # fonts are found by simlib.see.fonts
    for picture in run_lesson(4, "zh").pictures:
        assert picture._repr_html_().startswith("<img alt=")
        assert picture.figure.axes[0].get_xlabel()


def test_the_text_that_stands_for_a_picture_may_hold_any_sign():
    picture = timeline([90.0, 180.0], [10.0, 100.0], "en")
    picture.about = 'a "wait" <b>'
    assert picture._repr_html_().startswith('<img alt="a &quot;wait&quot; &lt;b&gt;" style=')
