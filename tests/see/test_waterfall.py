"""The waterfall: bars that lead from the baseline to the scenario, each with its numbers and its words."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.experiments.attribution.attribute import attribute
from simlib.experiments.attribution.parts import game, place_of
from simlib.scenario.scenario import load_scenario
from simlib.see import waterfall
from simlib.words import words
from simlib.words.parts import document_title, part_words


@pytest.fixture(scope="module")
def ledger():
    sides = (load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform"))
    return attribute(*sides, by="document", world="middle", worlds=4, most=4, workers=1, progress=False)


def test_each_bar_begins_where_the_one_above_ends_and_the_last_ends_at_the_scenario(ledger):
    (ax,) = waterfall(ledger).axes
    bars = [(b.get_x(), b.get_x() + b.get_width()) for b in ax.patches]
    before, after = (100 * x for x in ledger.levels())
    assert bars[0][0] == pytest.approx(before) and bars[-1][1] == pytest.approx(after)
    assert [end for _, end in bars[:-1]] == pytest.approx([start for start, _ in bars[1:]])
    assert [end - start for start, end in bars] == pytest.approx(list(100 * ledger.table()["worth"]))


def test_a_bar_has_the_interval_of_its_worth_at_its_end(ledger):
    (ax,) = waterfall(ledger).axes
    spans = [
        x.get_xdata()
        for x in ax.lines
        if len(x.get_xdata()) == 2 and np.ptp(x.get_ydata()) == 0 and np.ptp(x.get_xdata()) > 0
    ]
    table = ledger.table()
    widths = 100 * (table["high"] - table["low"])
    assert [np.ptp(x) for x in spans] == pytest.approx(list(widths[widths > 0])) and (widths > 0).sum() > 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("alone", "removed last", "Guangzhou notice of 2026")), ("zh", ("单独加入", "最后去掉", "广州"))],
)
def test_it_tells_what_each_part_says_and_does_alone_and_last(ledger, read, language, said):
    text = read(waterfall(ledger, language))
    assert all(x in text for x in said) and "guangzhou-2026-3" in text
    alone = f"{100 * ledger.table()['alone'].iloc[0]:+.1f}"
    assert alone in text


def test_a_part_is_told_by_its_levers_and_their_values_and_of_many_the_first_two():
    sides = [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]
    clauses, documents = game(*sides), game(*sides, "document")
    assert part_words(clauses.parts[place_of(clauses.parts, "GZ-02a")], words("en")).endswith(
        "second distribution of DIP money"
    )
    notice = documents.parts[-1]
    shown, hidden = part_words(notice, words("en")).split(" (+")
    everything = part_words(notice, words("en"), most=999)
    assert everything.startswith(shown) and len(everything.split("; ")) == 2 + int(hidden.rstrip(")"))
    assert document_title(documents, notice.document, words("zh")) == sides[0].policy.layers[-1].title.zh
