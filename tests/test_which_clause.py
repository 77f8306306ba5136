"""The page that says which clause does it: rows that add up to the gain, in hospitals, patients and yuan, in both languages."""

from __future__ import annotations

import runpy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simlib.core.files import home
from simlib.experiments.attribution.attribute import attribute
from simlib.scenario.scenario import load_scenario

TOOL = runpy.run_path(str(home() / "tools" / "which_clause.py"))


@pytest.fixture(scope="module")
def ledger():
    sides = (load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform"))
    return attribute(*sides, by="document", world="middle", worlds=4, most=4, workers=1, progress=False)


@pytest.fixture
def found(ledger):
    told = pd.DataFrame([{"path": "asking.lambda0", "index": 0.21, "value": 0.004}])
    hinges = SimpleNamespace(holds=lambda: (19, 20, 0.76, 0.99), noise=0.4, told=told)
    survey = SimpleNamespace(everything=0.01, names=["guangzhou", "national"], told=told)
    return TOOL["Place"]("guangzhou", ledger, hinges, survey)


def numbers(cells):
    return [float(c.split(" ")[0].replace("−", "-")) for c in cells]


def test_clauses_add_up_to_the_gain_in_hospitals_and_patients_and_yuan(found, ledger):
    rows = TOOL["rows"](found, "en")
    assert [r[0] for r in rows[:-1]] == list(ledger.table()["part"]) and rows[-1][1] == "all together"
    for column in (2, 4, 5):
        *parts, whole = numbers(r[column] for r in rows)
        assert sum(parts) == pytest.approx(whole, abs=0.05 * len(parts) + (0.5 * len(parts) if column > 2 else 0))
    assert numbers([rows[-1][2]])[0] == pytest.approx(100 * ledger.difference()[0], abs=0.05)


def test_patients_and_yuan_are_those_of_the_runs_themselves(ledger):
    runs, n = ledger.runs, ledger.game.all
    years = [k for k in ledger.keys() if k[:2] == ("fund_million", "year")]  # noqa: SIM118
    paid, treated = [], []
    for k in ledger.walks.worlds:
        values = runs.values(k, [*years, ("treated_share", "all", "all"), ("patients", "all", "all")], [0, n])
        paid.append((values[n] - values[0])[: len(years)].sum())
        treated.append((values[n] - values[0])[-2] * values[0][-1])
    assert TOOL["yuan"](ledger).value.sum() == pytest.approx(np.mean(paid))
    assert TOOL["patients"](ledger).value.sum() == pytest.approx(np.mean(treated))


@pytest.mark.parametrize(
    ("alone", "last", "said"), [(0.02, 0.021, "by itself"), (0.0, 0.03, "needs others"), (0.03, 0.0, "repeats")]
)
def test_a_clause_works_by_itself_or_needs_others_or_repeats_them(alone, last, said):
    row = {"alone": alone, "last": last, "worth": 0.02}
    assert TOOL["how"](row, TOOL["SAID"]["en"]) == said


def test_the_page_answers_how_sure_what_it_hinges_on_and_which_survey(found):
    text = TOOL["text"]([found], "en")
    assert (
        "gain in 19 of 20 plausible worlds (the true share is 76 to 99%" in text and "`asking.lambda0`, 21% of" in text
    )
    assert "`asking.lambda0`, 0.40 of 100 hospitals" in text and "which-clause-guangzhou.svg" in text
    found.survey.everything = 0.0
    assert (
        "guangzhou" not in TOOL["certainty"](found, "en")[2][1]
        and "Guangzhou come out best" in TOOL["certainty"](found, "en")[2][1]
    )


def test_both_languages_say_the_same_numbers(found):
    en, zh = (TOOL["rows"](found, language) for language in ("en", "zh"))
    assert [numbers([r[2], r[4], r[5]]) for r in en] == [numbers([r[2], r[4], r[5]]) for r in zh]
    assert "{" not in TOOL["text"]([found], "zh") and "which-clause-guangzhou.zh.svg" in TOOL["text"]([found], "zh")
