"""The page of published figures: each beside the model, with its source, its interval and how the two counts differ."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import home
from simlib.documentation.evidence_page import evidence_markdown, published
from simlib.documentation.words import words
from simlib.experiments.evidence import Seen
from simlib.experiments.targets import Figure, targets

EN, ZH = words("en"), words("zh")
FIGURE = Figure(
    id="cancer-tertiary", title={"en": "cancer drugs", "zh": "抗肿瘤药"}, unit="%", published=13.41, evidence="S3",
    count={"mean_stocked": {"level": 3}}, differs={"en": "class 1 alone", "zh": "只计1类新药"},
    unfitted={"en": "a", "zh": "甲"},
)  # fmt: skip
RARE = Figure(
    id="rare", title={"en": "rare", "zh": "罕见"}, unit="drugs", published=(1000, 20000), missing=FIGURE.differs
)


def test_a_row_holds_both_numbers_with_unit_and_interval_the_source_the_verdict_and_the_difference():
    text = evidence_markdown([Seen(FIGURE, np.array([0.09, 0.10, 0.11])), Seen(RARE, np.zeros(0))], EN)
    (row,) = [line for line in text.splitlines() if line.startswith("| cancer drugs")]
    assert "| 13.41% [S3](../scenarios/evidence.csv#L" in row
    assert "| 10.0% (7.5 to 12.5) | too low | [asking.level\\_factor.level\\_2](assumptions.md#A-" in row
    assert row.endswith(" | class 1 alone |")
    (row,) = [line for line in text.splitlines() if line.startswith("| rare")]
    assert row.endswith("| – | cannot be counted | – | class 1 alone |")
    assert (
        "Of 2 figures the model meets 0 within luck; it is too low for 1, too high for 0, and cannot count 1." in text
    )


@pytest.mark.parametrize(("w", "said"), [(EN, "1000 to 20,000 drugs"), (ZH, "1000 至 20,000 个药")])
def test_a_range_is_written_in_the_language(w, said):
    assert published(RARE, w) == said


@pytest.mark.parametrize(("name", "w"), [("evidence.md", EN), ("evidence.zh.md", ZH)])
def test_the_stored_page_has_a_row_for_every_figure_of_the_file(name, w):
    text = (home() / "docs" / name).read_text(encoding="utf-8")
    for figure in (f for part in targets() for f in part.figures):
        assert f"| {getattr(figure.title, w.language)} |" in text, figure.id
