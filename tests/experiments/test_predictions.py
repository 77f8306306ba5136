"""Predicted figures: what was frozen stays as it was, later answers are added, and an interval is that of one history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from simlib.cli import main
from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.documentation.validation_page import answer, validation_words, verdict, worlds
from simlib.experiments import predictions as p
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario

STORED = p.predictions_file()
DAY, LATER = date(2026, 12, 1), date(2027, 2, 1)
FILE = """
format: 1
world: {region: chongqing, cohort: nmpa, start: 2018-01-01, policy_from: 2024-01-01, end: 2026-12-31}
replications: 19
questions:
  - {id: a, title: {en: a drug, zh: 甲}, unit: drugs, count: {additions: {year: 2026}}, source: {en: s, zh: 乙}, by: 2027-01-31}
  - {id: b, title: {en: b share, zh: 丙}, unit: "%", count: {entered_share: {day: 2026-12-31}}, source: {en: s, zh: 乙}, by: 2027-01-31}
"""


@pytest.fixture
def file(monkeypatch) -> p.PredictionsFile:
    """Two questions, answered without a simulation: by 0 to n - 1, more for each further question."""
    monkeypatch.setattr(p, "answers", lambda s, asked, n, w, b: [np.arange(n) + 100.0 * i for i in range(len(asked))])
    return p.parse_predictions(parse_yaml(FILE, "predictions.yaml"))


def test_every_stored_answer_is_as_it_was_frozen_and_its_question_still_asks_the_same():
    for a in p.frozen():
        assert p.same_question(a, STORED.question(a.id)), f"{a.id}: a changed question needs an id of its own"
        mean, low, high = a.numbers
        assert low <= mean <= high and date.fromisoformat(a.frozen) <= STORED.question(a.id).by


def test_every_stored_question_is_counted_in_a_record_of_the_model():
    record = replicate(load_scenario("small-world", {"snapshots": ["2023-09-30"]}), 0)
    for question in STORED.questions:
        assert isinstance(p.counted(record, question), float), question.id


def test_a_later_run_adds_rows_of_its_own_date_and_leaves_the_earlier_text_as_it_is(file, tmp_path):
    path = tmp_path / "p.csv"
    p.freeze(file=file, path=path, today=DAY)
    before = path.read_text(encoding="utf-8")
    added = p.freeze(replications=21, file=file, path=path, today=LATER)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(before) and len(text) > len(before)
    assert [a.frozen for a in p.frozen(path)] == ["2026-12-01"] * 2 + ["2027-02-01"] * 2
    assert p.frozen(path)[2:] == added and added[0].numbers == (10, 0.1, 19.9)


def test_the_same_run_is_not_frozen_twice_and_nothing_is_predicted_that_is_out(file, tmp_path):
    path = tmp_path / "p.csv"
    assert len(p.freeze(file=file, path=path, today=DAY)) == 2
    assert p.freeze(file=file, path=path, today=LATER) == []
    out = file.questions[0].model_copy(update={"published": 3.0, "evidence": "N1"})
    known = file.model_copy(update={"questions": (out, file.questions[1])})
    assert [a.id for a in p.freeze(replications=20, file=known, path=path, today=LATER)] == ["b"]


EDITS = {
    "another number": lambda lines: [*lines[:2], lines[2].replace(",109,", ",108,"), *lines[3:]],
    "another date": lambda lines: [lines[0], lines[1].replace("2026-12-01", "2026-11-01"), *lines[2:]],
    "another question": lambda lines: [lines[0], lines[1].replace("a drug", "a cure"), *lines[2:]],
    "a row taken out": lambda lines: [lines[0], *lines[2:]],
    "rows in another order": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_changed_after_it_was_frozen_is_found(edit, file, tmp_path):
    path = tmp_path / "p.csv"
    p.freeze(file=file, path=path, today=DAY)
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = EDITS[edit](lines)
    assert changed != lines
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"p\.csv: row \d, column seal: .*was changed after it was frozen; .*simlib predict"
    ):
        p.frozen(path)


def test_one_more_history_lies_in_the_interval_nine_times_in_ten():
    g = np.random.default_rng(1)
    draws = g.gamma(2.0, size=(4000, 21))
    inside = [low <= row[20] <= high for row in draws for _, low, high in [p.one_history(row[:20])]]
    assert np.mean(inside) == pytest.approx(p.CHANCE, abs=0.02)
    assert p.one_history(np.arange(p.FEWEST))[1:] == (0, p.FEWEST - 1)


@pytest.mark.parametrize(
    ("published", "today", "said"),
    [
        (None, DAY, "open"),
        (None, LATER, "due"),
        (18.0, LATER, "inside"),
        (18.5, LATER, "below"),
        ((-9.0, -1.0), DAY, "above"),
    ],
)
def test_an_answer_is_judged_by_what_is_published_and_until_then_by_the_day(published, today, said, file, tmp_path):
    a = p.freeze(file=file, path=tmp_path / "p.csv", today=DAY)[0]
    q = file.questions[0].model_copy(update={"published": published, "evidence": "N1" if published else ""})
    assert a.verdict(q, today) == said
    w = validation_words("en")
    assert answer(a, q, w) == "9 drugs (0 to 18)"
    assert (verdict(a, q, w, today) == w[f"valid_{said}"]) == (published is None)


def test_an_answer_says_so_once_one_of_a_later_fit_is_there(file, tmp_path):
    first, other = p.freeze(file=file, path=tmp_path / "p.csv", today=DAY)
    later = replace(first, data="another fit")
    w, all_ = validation_words("en"), [first, other, later]
    said = [worlds(a, all_, w) for a in all_]
    assert said == ["fitted, an earlier fit", "fitted", "fitted"]
    assert worlds(first, [first, other, replace(later, world="middle")], w) == "fitted"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("additions: {year", "additons: {year", "'additons'.*did you mean 'additions'"),
        ("id: b", "id: a", "questions.1.id: 'a' is an earlier question's id"),
        ("replications: 19", "replications: 18", "replications: .*19"),
        ("region: chongqing", "region: chonqing", "world: region: .*did you mean 'chongqing'"),
        ("by: 2027-01-31}", "by: 2027-01-31, published: 3}", r"a: published and evidence \(its row of evidence.csv\) go together"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_of_questions_is_one_line(old, new, words):
    with pytest.raises(InputError, match=words) as e:
        p.parse_predictions(parse_yaml(FILE.replace(old, new, 1), "predictions.yaml"))
    assert "\n" not in str(e.value)


def test_too_few_histories_and_a_world_that_is_not_there_are_refused_in_one_line(file, tmp_path, monkeypatch):
    monkeypatch.setattr("simlib.scenario.fitted._path", lambda: tmp_path / "numbers.csv")
    for given, words in (({"replications": 18}, "needs 19 at least"), ({"world": "fitted"}, "run simlib calibrate")):
        with pytest.raises(InputError, match=words):
            p.freeze(file=file, path=tmp_path / "p.csv", **given)
    assert not (tmp_path / "p.csv").exists()


def test_the_command_freezes_and_shows_what_was_frozen(file, tmp_path, monkeypatch, capsys):
    (tmp_path / "predictions.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(p, "scenarios", lambda: tmp_path)
    assert main(["predict", "--freeze", "--workers", "1"]) == 0
    assert "2 answers frozen on" in capsys.readouterr().out
    assert main(["predict", "--language", "zh"]) == 0
    said = capsys.readouterr().out
    assert "甲" in said and "9 个药 (0 至 18)" in said.replace("（", " (").replace("）", ")")
    assert main(["predict", "--freeze"]) == 0
    assert "nothing new to freeze" in capsys.readouterr().out


def test_answers_are_those_of_each_history_in_the_questions_unit():
    scenario = load_scenario("small-world")
    share = STORED.question("list-2026-year-before").model_copy(update={"count": {"entered_share": {"day": DAY}}})
    (values,) = p.answers(scenario, [share], 2, 1, False)
    assert values.tolist() == [p.counted(replicate(scenario, k), share) for k in range(2)]
    assert 1 < values.min() <= 100


def test_a_stored_answer_read_back_is_the_one_that_was_written(file, tmp_path):
    path = tmp_path / "p.csv"
    (first, _) = p.freeze(file=file, path=path, today=DAY)
    assert p.frozen(path)[0] == first == replace(first).sealed("")
    assert (scenarios() / "predictions.yaml").is_file()
