"""Experts' sheets: written and read back in both languages, pooled, drawn from; whatever is wrong in a cell is one line."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from simlib.cli import main
from simlib.core.files import InputError, parse_yaml
from simlib.experiments import worlds
from simlib.experiments.elicitation import POOL, Answers, pools, read, run, said, sheet
from simlib.experiments.elicited import asked, by_id, parse_questions, stored
from simlib.experiments.pooling import Expert, Judgement, pooled, triangle
from simlib.experiments.replications import one
from simlib.experiments.sensitivity import candidates
from simlib.scenario.drawn import with_drawn
from simlib.scenario.scenario import load_scenario

SMALL = load_scenario("small-world")
PLACES, MUST, LEANING = "committee.places.level_3", "obedience.must", "decision.b0.level_3"
SPREAD = "decision.spread"
ROWS = {p: 2 + i for i, p in enumerate((PLACES, MUST, LEANING))}
ANSWERS = {PLACES: (10, 20, 30), MUST: (0.1, 0.3, 0.6), LEANING: (0.3, 0.4, 0.6)}


def filled(folder: Path, name: str, cells: dict[str, object], language: str = "en") -> Path:
    """A sheet that asks for three numbers, with some cells of its answers filled in."""
    path = folder / f"{name or 'nameless'}.xlsx"
    sheet(path, list(ROWS), language)
    book = openpyxl.load_workbook(path)
    about, answers = book.worksheets[:2]
    about["B3"] = name or None
    for at, value in cells.items():
        answers[at] = value
    book.save(path)
    return path


def cells(judgements: dict[str, tuple]) -> dict[str, object]:
    return {f"{c}{ROWS[p]}": x for p, three in judgements.items() for c, x in zip("DEF", three, strict=True)}


def expert(name: str, **judgements: tuple) -> Expert:
    """An expert who speaks of agenda places, of must-clauses, of a committee's leaning."""
    paths = {"places": PLACES, "must": MUST, "leaning": LEANING}
    return Expert(name, f"{name}.xlsx", {paths[k]: Judgement(*three) for k, three in judgements.items()})


FIRST = expert("a", places=(10, 20, 30), must=(0.1, 0.3, 0.6))
SECOND = expert("b", places=(40, 50, 60), leaning=(0.3, 0.4, 0.6))
BOTH = Answers(asked(list(ROWS)), (FIRST, SECOND))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_an_expert_writes_into_the_sheet_is_what_is_read_back(language, tmp_path):
    path = filled(tmp_path, "王 1", cells(ANSWERS) | {"G2": "=two hospitals, 2023"}, language)
    answers = read([path])
    (one,) = answers.experts
    assert one.name == "王 1" and [a.path for a in answers.asked] == list(ROWS)
    assert {p: (j.low, j.likely, j.high) for p, j in one.judgements.items()} == ANSWERS


def test_sheets_of_two_languages_are_read_together_and_an_empty_row_is_no_judgement(tmp_path):
    files = [filled(tmp_path, "A", cells({PLACES: (10, 20, 30)})), filled(tmp_path, "乙", cells(ANSWERS), "zh")]
    first, second = read(files).experts
    assert list(first.judgements) == [PLACES] and list(second.judgements) == list(ROWS)


def test_an_expert_without_a_name_has_that_of_the_file(tmp_path):
    (one,) = read([filled(tmp_path, "", cells(ANSWERS))]).experts
    assert one.name == "nameless"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sheet_asks_before_it_shows_what_is_assumed_and_only_answers_can_be_changed(language, tmp_path):
    path = tmp_path / "sheet.xlsx"
    sheet(path, (), language)
    about, answers, present = openpyxl.load_workbook(path).worksheets
    numbers = stored()
    assert [r[0].value for r in answers.iter_rows(min_row=2)] == [asked((q.path,))[0].assumption.id for q in numbers]
    shown = {c.value for row in answers.iter_rows(min_row=2, min_col=4) for c in row}
    assert shown == {None} and present["E2"].value == 30
    assert answers.freeze_panes == "A2" and answers.protection.sheet
    assert not answers["D2"].protection.locked and answers["A2"].protection.locked and not about["B3"].protection.locked
    assert len(answers.data_validations.dataValidation) == len(numbers)
    share = 2 + [q.path for q in numbers].index(MUST)
    assert answers[f"D{share}"].number_format == "0.0%" and answers["B2"].alignment.wrap_text
    for page in (about, answers, present):
        for cell in (c for row in page.iter_rows() for c in row if c.value is not None):
            wide = (
                sum(1 + (ord(c) > 0x2E7F) for c in str(cell.value)) / page.column_dimensions[cell.column_letter].width
            )
            assert cell.data_type != "f"
            assert not cell.alignment.wrap_text or page.row_dimensions[cell.row].height >= 15 * max(1, wide)


def test_a_sheet_is_never_written_over_another(tmp_path):
    path = tmp_path / "sheet.xlsx"
    sheet(path, [MUST])
    with pytest.raises(InputError, match="exists already"):
        sheet(path, [MUST])
    with pytest.raises(InputError, match="ends in .xlsx"):
        sheet(tmp_path / "sheet.csv")


@pytest.mark.parametrize(
    ("path", "words"),
    [("obedience.mus", "did you mean 'obedience.must'"), ("readiness.provinces", "no assumed number with a range")],
)
def test_a_number_that_cannot_be_asked_for_is_refused(path, words, tmp_path):
    with pytest.raises(InputError, match=f"--numbers {path}: .*{words}"):
        sheet(tmp_path / "a.xlsx", [path])
    stored_so = parse_yaml(f'format: 1\nnumbers:\n  - {{path: {path}, why: {{en: "x", zh: "x"}}}}\n', "list.yaml")
    with pytest.raises(InputError, match=f"list.yaml:3: numbers.0.path: .*{words}"):
        parse_questions(stored_so)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"D2": 25}, "cell D2: low 25 is above likely 20 in E2; write the three in rising order"),
        ({"F2": 15}, "cell E2: likely 20 is above high 15 in F2; write the three in rising order"),
        ({"E3": None}, "cell E3: likely is missing; give low, likely and high, or leave all three empty"),
        ({"D2": 10.5}, "cell D2: 10.5 is no whole number; it counts products"),
        ({"F3": 60}, "cell F3: 60 is out of bounds; allowed: 0 to 1; in per cent? write 0.6"),
        ({"D4": 0}, "cell D4: 0 is out of bounds; allowed: 0.001 to 0.999"),
        ({"D2": "about ten"}, "cell D2: 'about ten' is no number; write a number"),
        ({"D3": "10%"}, "cell D3: '10%' is no number; write 0.1"),
        ({"D2": True}, "cell D2: 'true' is no number; write a number"),
        ({"D2": "=5+5"}, "cell D2: a formula without stored value; save the file in Excel, or write the value"),
        ({"A2": "A-00000"}, "cell A2: 'A-00000' is the id of no assumed number"),
        ({"A2": None}, "cell A2: the id is missing"),
        ({"A3": "A-81ffe"}, "cell A3: A-81ffe stands in row 2 too; delete one of the two rows"),
        ({"C2": "days"}, "cell C2: A-81ffe is asked for in products, not in 'days'; ask anew with a sheet of this version"),
        ({"D1": "least"}, "row 1: column 'low' or '低值' is missing"),
        ({"G1": "low"}, "row 1: D1 and G1 have the same heading; keep one of the two columns"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_one_line_with_file_cell_and_remedy(wrong, said, tmp_path):
    path = filled(tmp_path, "A", cells(ANSWERS) | wrong)
    with pytest.raises(InputError) as e:
        read([path])
    assert str(e.value).startswith(f"{path}: {said}") and "\n" not in str(e.value)


def test_several_wrong_cells_are_counted(tmp_path):
    with pytest.raises(InputError, match=r"cell D2: .*\(and 1 more\)$"):
        read([filled(tmp_path, "A", cells(ANSWERS) | {"D2": -1, "D3": "x"})])


def test_one_expert_in_two_files_and_sheets_that_say_nothing_are_refused(tmp_path):
    path = filled(tmp_path, "A", cells(ANSWERS))
    with pytest.raises(InputError, match="the expert 'A' stands in .*A.xlsx too; .* another name or code"):
        read([path, path])
    with pytest.raises(InputError, match="no row is filled in; give low, likely and high"):
        read([filled(tmp_path, "B", {})])


def test_a_workbook_without_the_sheet_of_answers_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="no visible sheet called 'Answers' or '答卷'"):
        read([tmp_path / "other.xlsx"])


@pytest.mark.parametrize("three", [(10, 20, 30), (1, 2, 30), (0, 0, 1), (5, 9, 9), (0.001, 0.5, 0.6)])
def test_low_and_high_are_the_ends_of_the_middle_nine_tenths_and_likely_is_the_mode(three):
    low, likely, high = three
    t = triangle(Judgement(*three))
    np.testing.assert_allclose(t.cdf(np.array([t.a, low, high, t.b])), [0, 0.05, 0.95, 1], atol=1e-12)
    step = (t.b - t.a) / 1000
    steepness = np.diff(t.cdf(np.arange(t.a, t.b + step, step)))
    assert abs(t.a + step * steepness.argmax() - likely) <= 2 * step
    assert t.a < low and high < t.b


def test_the_pool_of_two_experts_who_are_far_apart_is_half_of_each():
    pool = pooled(asked([MUST]), [expert("a", must=(0.1, 0.15, 0.2)), expert("b", must=(0.7, 0.8, 0.9))])
    (one, other) = pool.held[0]
    quarter, half, three_quarters = pool.quantiles(0, np.array([0.25, 0.5, 0.75]))
    assert quarter == pytest.approx(0.15) and three_quarters == pytest.approx(0.8)  # the median of each
    assert half == pytest.approx(one.b)  # between them nobody sees anything
    low, high = pool.quantiles(0, np.array([0.025, 0.975]))
    assert (low, high) == (pytest.approx(0.1), pytest.approx(0.9)) and one.b < other.a


def test_experts_who_say_the_same_are_pooled_to_what_they_say():
    same = [expert(n, must=(0.2, 0.3, 0.6)) for n in "abc"]
    u = np.linspace(0, 1, 33)
    one, all_three = (pooled(asked([MUST]), e).quantiles(0, u) for e in (same[:1], same))
    np.testing.assert_allclose(all_three, one, rtol=1e-12)
    np.testing.assert_allclose(
        one[[0, -1]], [triangle(same[0].judgements[MUST]).a, triangle(same[0].judgements[MUST]).b]
    )


def test_what_the_model_cannot_have_is_cut_off_and_counts_are_whole():
    pool = pooled(asked([MUST, PLACES]), [expert("a", must=(0.6, 0.9, 1), places=(0, 0, 3))])
    share, count = (pool.quantiles(i, np.linspace(0, 1, 101)) for i in (0, 1))
    assert share.max() == 1 and share.min() < 0.6
    assert count.min() == 0 and set(count) <= {0, 1, 2, 3, 4} and (np.diff(count) >= 0).all()


def test_an_expert_who_is_certain_is_taken_at_the_word():
    pool = pooled(asked([MUST]), [expert("a", must=(0.5, 0.5, 0.5)), expert("b", must=(0.7, 0.8, 0.9))])
    np.testing.assert_allclose(pool.quantiles(0, np.array([0.01, 0.5])), 0.5)
    assert pool.quantiles(0, np.array([0.51]))[0] > 0.6


def test_what_an_expert_left_open_is_left_to_the_others_and_what_nobody_answered_to_its_range():
    made = pools(BOTH)
    drawn = {who: pool(SMALL, 0, 64) for who, pool in made.items()}
    assert list(drawn) == [POOL, "a", "b"]
    assert drawn["a"][PLACES].max() < 35 < drawn["b"][PLACES].min()
    for who in ("a", "b"):  # one alone spoke of each of these
        pd.testing.assert_series_equal(drawn[who][MUST], drawn[POOL][MUST])
        pd.testing.assert_series_equal(drawn[who][LEANING], drawn[POOL][LEANING])
    others = [c for c in drawn[POOL] if c not in ROWS]
    for table in drawn.values():
        pd.testing.assert_frame_equal(table[others], worlds.drawn(SMALL, 0, 64)[others])


def test_the_points_are_those_of_the_world_table_so_that_two_rulebooks_meet_the_same_worlds():
    pool = pools(BOTH)[POOL]
    table, other = pool(SMALL, 0, 64), pool(load_scenario("small-world", {"policy": "national"}), 0, 64)
    pd.testing.assert_frame_equal(table, other)
    point = worlds.points(SMALL, 0, 64)[:, [a.path for a in candidates(SMALL)].index(MUST)]
    order = np.argsort(point)
    assert (np.diff(table[MUST].to_numpy()[order]) > 0).all()


def test_a_row_is_the_same_alone_in_another_process_and_among_others():
    pool = pools(BOTH)[POOL]
    sent = pickle.loads(pickle.dumps(pool))  # noqa: S301
    block = pool(SMALL, 0, 70)
    for k in (0, 5, 69):
        pd.testing.assert_frame_equal(sent(SMALL, k, 1), block.loc[[k]], check_exact=True)


def test_the_share_that_passes_is_kept_whatever_the_spread_of_views():
    from scipy.special import ndtr

    table = pools(BOTH)[POOL](SMALL, 0, 256)
    share = ndtr(table[LEANING] / table[SPREAD])
    assert np.quantile(share, [0.05, 0.95]) == pytest.approx([0.3, 0.6], abs=0.01)
    assert table[SPREAD].max() - table[SPREAD].min() > 1
    (a,) = asked([LEANING])
    assert a.present()[1] == pytest.approx(ndtr(-0.3 / 1.8)) and a.unit("en") == "%"


def test_said_shows_each_expert_and_the_pool_beside_what_is_assumed():
    table = said(BOTH).set_index(["path", "who"])
    assert table.loc[(PLACES, "a"), ["low", "median", "high"]].tolist() == [10, 20, 30]
    assert table.loc[(PLACES, POOL), "low"] < 15 and table.loc[(PLACES, POOL), "high"] > 55
    assert table.loc[(PLACES, "b"), ["low_now", "value_now", "high_now"]].tolist() == [15, 30, 50]
    assert table.loc[(PLACES, "b"), "outside"] and (MUST, "b") not in table.index


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    other = load_scenario("small-world", {"policy": "national"})
    return folder, run(BOTH, other, SMALL, 3, 2, folder, workers=1, progress=False)


def test_a_run_tells_luck_numbers_and_experts_apart(kept):
    _, found = kept
    table = found.table().set_index(["who", "indicator", "by", "group"])
    row = table.loc[(POOL, "stocked_24m", "level", "3")]
    mine = {who: w.values.loc["stocked_24m", "level", "3"] for who, w in found.worlds.items()}
    again = found.worlds[POOL].again.loc["stocked_24m", "level", "3"]
    assert row["experts"] == pytest.approx(np.std([mine["a"].mean(), mine["b"].mean()], ddof=1))
    luck = ((mine[POOL].loc[[0, 1]] - again) ** 2).mean() / 2
    total = pd.concat([mine[POOL].loc[[0, 1]], again]).var(ddof=1)
    assert row["luck"] ** 2 == pytest.approx(min(luck, total))
    assert row["luck"] ** 2 + row["numbers"] ** 2 == pytest.approx(total)
    assert np.isnan(table.loc[("a", "stocked_24m", "level", "3"), "experts"])


def test_a_difference_is_of_the_same_world_with_the_same_luck(kept):
    _, found = kept
    pool, k = pools(BOTH)[POOL], 1
    row = pool(SMALL, k, 1).loc[k].to_dict()
    sides = [one(with_drawn(s, row), k)[0] for s in (found.scenario, found.baseline)]
    key = ("stocked_24m", "level", "3")
    assert found.worlds[POOL].values.loc[key, k] == sides[0][key] - sides[1][key]


def test_kept_runs_are_read_for_the_same_answers_alone(kept, monkeypatch):
    folder, found = kept
    monkeypatch.setattr("simlib.experiments.worlds.each_in_order", refuse)
    again = run(BOTH, found.scenario, found.baseline, 3, 2, folder, workers=1, progress=False)
    pd.testing.assert_frame_equal(again.table(), found.table())
    other = Answers(BOTH.asked, (FIRST, expert("b", places=(40, 50, 61))))
    with pytest.raises(AssertionError, match="made"):
        run(other, found.scenario, None, 3, 2, folder, workers=1, progress=False)


def refuse(*_, **__):
    raise AssertionError("made again")


@pytest.mark.slow
def test_worlds_of_a_pool_do_not_depend_on_the_number_of_workers(monkeypatch):
    monkeypatch.setattr("simlib.experiments.replications.START_SECONDS", 0)
    pool = pools(BOTH)[POOL]
    one, two = (worlds.table(SMALL, 6, workers=n, progress=False, numbers=pool).values for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


def test_every_stored_question_is_asked_in_both_languages_and_can_be_answered_with_what_is_assumed():
    for a in asked():
        assert a.question.en.endswith(("?", ")")) and a.question.zh.endswith(("？", "）"))
        low, value, high = a.present()
        assert a.low <= low <= value <= high <= a.high and not any(map(a.complaint, (low, value, high)))
        assert by_id()[a.assumption.id] == a.path


def test_the_command_writes_reads_and_says_which_option_is_not_for_it(tmp_path, capsys):
    path = tmp_path / "new.xlsx"
    assert main(["elicit", "sheet", str(path), "--numbers", MUST, "--language", "zh"]) == 0
    assert main(["elicit", "read", str(path)]) == 2
    assert "no row is filled in" in capsys.readouterr().err
    files = [str(filled(tmp_path, n, cells(ANSWERS))) for n in ("A", "B")]
    assert main(["elicit", "read", *files, "--language", "zh"]) == 0
    assert "每次会议的议程名额" in (out := capsys.readouterr().out) and "合并" in out
    assert main(["elicit", "read", *files, "--rows", "3"]) == 2
    assert "--rows: only for simlib elicit run; leave it out" in capsys.readouterr().err
