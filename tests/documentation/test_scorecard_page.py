"""The scorecard's page: each figure with its source, its verdict and its use, misses with what is lacking, and the fit itself."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import home
from simlib.documentation import scorecard_page as page
from simlib.documentation.words import words
from simlib.experiments.scorecard import Score, scorecard
from simlib.experiments.targets import Figure, targets
from simlib.report import scorecard as report

EN, ZH = words("en"), words("zh")
WHY = {"en": "class 1 alone", "zh": "只计1类新药"}
FIGURE = Figure(
    id="cancer-tertiary", title={"en": "cancer drugs", "zh": "抗肿瘤药"}, unit="%", published=13.41, evidence="S3",
    count={"mean_stocked": {"level": 3}}, differs=WHY, lacking={"en": "other drugs", "zh": "其他药品"},
    fit={"tolerance": 1, "why": WHY},
)  # fmt: skip
RARE = Figure(id="rare", title={"en": "rare", "zh": "罕见"}, unit="drugs", published=(1000, 20000), missing=WHY)
LOW = {"middle": np.array([9.0, 10.0, 11.0]), "assumed": np.linspace(0, 30, 50), "fitted": np.linspace(8, 10, 50)}
NONE = {k: np.zeros(0) for k in LOW}


def row(score, w):
    from simlib.documentation.blocks import table
    from simlib.documentation.markdown import page as text

    return text([table(["a"] * 7, [page._row(score, w)])]).splitlines()[2]


def test_a_row_holds_both_numbers_the_source_the_verdict_the_use_and_what_is_lacking_where_it_is_missed():
    said = row(Score(FIGURE, LOW), EN)
    assert said.startswith("| cancer drugs | 13.41% [S3](../scenarios/evidence.csv#L")
    assert "| 9.0% (8.1 to 9.9) | too low | 10.0% (7.5 to 12.5) | in the fit | other drugs; class 1 alone |" in said
    met = Score(FIGURE, LOW | {"fitted": np.linspace(10, 20, 50)})
    assert "| met |" in row(met, EN) and "other drugs" not in row(met, EN)
    assert "| – | cannot be counted | – | not in the fit: class 1 alone |" in row(Score(RARE, NONE), EN)


@pytest.mark.parametrize(("w", "said"), [(EN, "1000 to 20,000 drugs"), (ZH, "1000 至 20,000 个药")])
def test_a_range_is_written_in_the_language(w, said):
    assert report.published(RARE, w) == said


def test_hits_are_counted_apart_for_figures_of_the_fit_and_for_others():
    free = FIGURE.model_copy(update={"fit": None, "unfitted": FIGURE.differs})
    right = LOW | {"fitted": np.linspace(10, 20, 50)}
    given = Score(free, right | {"fitted": np.full(50, 13.0)})  # the same in every world
    expected = Score(free.model_copy(update={"evidence": ""}), right)
    scores = [Score(FIGURE, LOW), Score(free, right), Score(RARE, NONE), given, expected]
    assert report.counts(scores) == {
        "total": 5, "used": 1, "used_met": 0, "near": 0, "free": 1, "free_met": 1, "given": 1, "expected": 1, "expected_met": 1,
    }  # fmt: skip


def test_quantiles_of_weighted_vectors_follow_the_weights():
    x, weight = np.array([3.0, 1.0, 2.0]), np.array([0.0, 1.0, 3.0])
    assert page._weighted(x, weight, [0.5])[0] == pytest.approx(1.75)
    assert page._weighted(np.arange(101.0), np.ones(101), (0.05, 0.95)) == pytest.approx([4.55, 95.45])


@pytest.mark.parametrize(("name", "w"), [("scorecard.md", EN), ("scorecard.zh.md", ZH)])
def test_the_stored_page_has_a_row_for_every_figure_and_the_numbers_that_were_told_most(name, w):
    text = (home() / "docs" / name).read_text(encoding="utf-8")
    for figure in (f for part in targets() for f in part.figures):
        assert f"| {getattr(figure.title, w.language)} |" in text, figure.id
    assert text.count("](assumptions") >= page.SHOWN and "{" not in text
    assert str(len(scorecard())) in text
