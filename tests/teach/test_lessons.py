"""The checks of every lesson know the wrong answers that students give, and never tell the right one."""

import re
from importlib import import_module

import pytest

from simlib.teach import open_lesson
from simlib.teach.lesson import NUMBERS
from simlib.teach.question import Judged, Numeric, Word

QUESTIONS = [q for n in NUMBERS for q in import_module(f"simlib.teach.lesson_{n}").QUESTIONS]
MY_POLICY = """format: 1
name: my-policy
title: {en: My policy, zh: 我的政策}
document: my-policy
source: test
place: small-city
on: before-2021
rules:
  committee.duty:
    listing: {within: 30 days, strength: must, clause: "1", kind: stated}
  committee.enter_on_approval: {value: true, strength: must, clause: "2", kind: stated}
  listing.whole_limit: {value: 15 working days, strength: must, clause: "3", kind: stated}
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """A folder like a student's, with a policy in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-policy.yaml").write_text(MY_POLICY, encoding="utf-8")
    return tmp_path


def planted() -> list:
    """(question, place of a known mistake)."""
    return [(q, i) for q in QUESTIONS if isinstance(q, Numeric) for i in range(len(q.mistakes))]


@pytest.mark.parametrize(("question", "i"), planted(), ids=lambda x: getattr(x, "key", x))
def test_a_typical_wrong_number_is_recognised(question, i):
    mistake = question.mistakes[i]
    verdict = question.judge(mistake.value(), "en")
    assert verdict.status == "wrong" and verdict.known
    named = {m.say.en for m in question.mistakes}
    assert verdict.said in named  # its own words, or those of a mistake that leads to the same number


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.key)
def test_every_exercise_knows_at_least_two_mistakes_in_both_languages(question):
    if isinstance(question, Numeric):
        says = [m.say for m in question.mistakes]
    elif isinstance(question, Word):
        says = list(question.wrong().values())
    else:
        return  # what a function judges has tests of its own below
    assert len({s.en for s in says}) >= 2
    for say in (*says, question.think, question.learned):
        assert not re.search("[\u4e00-\u9fff]", say.en) and re.search("[\u4e00-\u9fff]", say.zh)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if isinstance(q, Numeric)], ids=lambda q: q.key)
def test_no_complaint_states_the_right_number(question):
    right = question.right()
    shown = {f"{right:.{n}f}" for n in range(5)} | {f"{right:g}"}
    for say in (*(m.say for m in question.mistakes), question.think):
        for text in say:
            numbers = set(re.findall(r"\d+(?:\.\d+)?", text))
            assert not numbers & shown - {"0", "1"}, (text, right)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if isinstance(q, Word)], ids=lambda q: q.key)
def test_a_wrong_word_is_recognised_and_the_right_one_is_not_named(question):
    for word, say in question.wrong().items():
        verdict = question.judge(word, "zh")
        assert verdict.status == "wrong" and verdict.known and verdict.said == say.zh
        if len(question.right()) > 1:
            assert question.right() not in say.en
    assert question.judge("something else", "en").status == "wrong"


# ---- what functions judge: lesson 6

BROKEN = """format: 1
name: mended
title: {en: Mended, zh: 改好的}
document: mended
source: lesson 6
place: small-city
rules:
  committee.duty:
    listing: {within: 30 days, strength: must, clause: "1", kind: stated}
  committee.enter_on_approval: {value: true, strength: must, clause: "2", kind: stated}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("committee.duty:", "committee.dutty:", "unknown lever"),
        ("within: 30 days", "within: 30", "the unit is missing"),
        ("strength: must", "strength: shall", "not allowed"),
        ("value: true", "value: yes", "true or false"),
        ("    listing", " listing", "not YAML"),
        (
            '  committee.enter_on_approval: {value: true, strength: must, clause: "2", kind: stated}\n',
            "",
            "do not delete",
        ),
        ("strength: must", "strength: declared", "strength does not say what"),
        ("30 days", "40 days", "within does not say what"),
    ],
)
def test_a_text_that_is_not_mended_is_told_why(old, new, said):
    verdict = open_lesson(6).check("6.1", BROKEN.replace(old, new, 1))
    assert verdict.status == "wrong" and said in verdict.said
    assert "/" not in verdict.said.split(":")[1]  # no path of a temporary file


def test_a_text_that_is_mended_is_right_and_the_name_of_a_file_is_not_a_text():
    assert open_lesson(6).check("6.1", BROKEN).status == "right"
    assert open_lesson(6).check("6.1", BROKEN.replace("30 days", "30days")).status == "right"
    assert open_lesson(6).check("6.1", 3).status == "wrong"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("30 days", "30", "the unit is missing"),
        (MY_POLICY[MY_POLICY.index("rules:") :], "rules: {}\n", "no rule"),
        ("on: before-2021\n", "", "stand on what it is compared with"),
        (MY_POLICY[MY_POLICY.index("  committee.enter") :], "", "not above zero"),
    ],
)
def test_a_policy_that_does_not_do_is_told_why(own_folder, old, new, said):
    text = MY_POLICY.replace(old, new).replace("strength: must", "strength: explore").replace("30 days", "12 months")
    (own_folder / "my-policy.yaml").write_text(text, encoding="utf-8")
    verdict = open_lesson(6).check("6.2", "my-policy.yaml")
    assert verdict.status == "wrong" and said in verdict.said


@pytest.mark.parametrize("key", ["6.2", "6.3", "6.4", "6.5"])
def test_without_a_policy_the_checks_say_which_cell_to_run(own_folder, key):
    (own_folder / "my-policy.yaml").unlink()
    answer = {"6.2": "my-policy.yaml", "6.4": []}.get(key, 3.0)
    for language, said in (("en", "run the cell that writes it"), ("zh", "请运行")):
        verdict = open_lesson(6, language).check(key, answer)
        assert verdict.status == "wrong" and said in verdict.said


def test_a_policy_without_a_must_is_told_that_6_6_teaches_nothing(own_folder):
    (own_folder / "my-policy.yaml").write_text(
        MY_POLICY.replace("strength: must", "strength: declared"), encoding="utf-8"
    )
    assert "none of your rules is a must" in open_lesson(6).check("6.6", 2.5).said
    assert "不起作用" in open_lesson(6, "zh").check("6.6", 2.5).said


def test_who_loses_is_neither_too_many_nor_too_few_names():
    lesson = open_lesson(6)
    assert "meetings" not in lesson.check("6.4", []).said and lesson.check("6.4", []).status == "wrong"
    assert "wait_days" in lesson.check("6.4", ["wait_days", "meetings_per_year"]).said
    assert "list of names" in lesson.check("6.4", "wait_days").said
    assert "list of names" in lesson.check("6.4", ["waiting"]).said


def test_every_question_is_of_a_kind_that_these_tests_know():
    assert {type(q) for q in QUESTIONS} == {Numeric, Word, Judged}
