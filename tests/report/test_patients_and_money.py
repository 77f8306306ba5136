"""The section about patients and money: each number with its unit, interval and paired difference, in both languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simlib.experiments.run import Result
from simlib.outcomes.dictionary import INDICATORS
from simlib.report.hypertext import hypertext
from simlib.report.patients import PATIENTS, patients_nodes
from simlib.words import words
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


def patients_html(study, w):
    return hypertext(patients_nodes(study, w))


def with_years(result: Result) -> Result:
    """The run with bills of the fund by year, as real runs have them."""
    index = pd.MultiIndex.from_tuples([("fund_million", "year", y) for y in ("2024", "2025")])
    n = len(result.values.columns)
    bills = pd.DataFrame(np.outer([100.0, 250.0], 1 + 0.01 * np.arange(n)), index=index)
    bills.index.names = result.values.index.names
    return replace(result, values=pd.concat([result.values, bills]))


@pytest.fixture(scope="module")
def study():
    made = made_up(MEANS)
    return replace(made, results={k: with_years(r) for k, r in made.results.items()})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_measure_stands_with_its_title_and_unit(study, language):
    body = patients_html(study, words(language))
    for name in (*PATIENTS, "fund_million"):
        assert html.escape(getattr(INDICATORS[name], language)) in body, name
    units = {
        "en": ("(%)", "(days)", "(yuan a case)", "(million yuan)"),
        "zh": ("（%）", "（天）", "（元/例）", "（亿元）"),
    }
    assert all(u in body for u in units[language])
    assert "2024" in body and "2025" in body


def test_each_place_has_a_row_a_rulebook_and_all_but_the_baseline_a_difference(study):
    first = patients_html(study, words("en")).split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", first)[1:]
    assert len(rows) == len([c for c in study.cells if c.obedience == "default"])
    for row in rows:
        assert row.count("<small>") == (0 if "before reform" in row else len(PATIENTS))


def test_differences_are_paired_and_told_in_points_for_shares(study):
    w = words("en")
    row = study.pick("treated_share", "all", "all").loc[("beijing", "beijing")]
    shown = re.findall(r"<small>(.*?)</small>", patients_html(study, w))
    assert any(f"+{100 * row['difference']:.1f} pp" in re.sub("<.*?>", "", x) for x in shown)


def test_runs_without_patients_say_so(study):
    def bare(r: Result) -> Result:
        return replace(r, values=r.values.drop(list(PATIENTS), level="indicator"))

    empty = replace(study, results={k: bare(r) for k, r in study.results.items()})
    assert "switched off" in patients_html(empty, words("en"))
