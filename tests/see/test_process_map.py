"""The process map says its numbers, their intervals and what is still waiting, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.run import compare, simulate
from simlib.scenario.scenario import load_scenario
from simlib.see.colours import look
from simlib.see.figure_files import figure_bytes
from simlib.see.passage import Passage, frame
from simlib.see.process_map import process_map


def made_up(scenario, n: int, waiting: float = 0.4) -> Passage:
    rows = {
        ("all", "approved", "pairs"): 100.0, ("all", "approved", "reached"): 1.0, ("all", "approved", "went_on"): 1 - waiting,
        ("all", "approved", "days"): 50.0, ("all", "approved", "days_restricted"): 300.0,
        ("all", "approved", "end_not_listed"): waiting, ("all", "filed", "reached"): 1 - waiting,
    }  # fmt: skip
    return Passage(scenario, frame({i: {k: x * (1 + 0.01 * i) for k, x in rows.items()} for i in range(n)}))


@pytest.fixture(scope="module")
def sichuan():
    return load_scenario("sichuan-sichuan-default")


def test_an_arrow_tells_its_days_with_an_interval_and_a_box_who_still_waits(sichuan, read):
    text = read(process_map(made_up(sichuan, 3)))
    assert "50 days (49–52)" in text
    assert "still not listed at the end: 40.4% (39.4–41.4)" in text
    assert "all waits counted: 303 days (296–310)" in text and "3 replications" in text.replace("\n", " ")


def test_one_replication_has_no_interval_and_says_so(sichuan, read):
    text = read(process_map(made_up(sichuan, 1)))
    assert "still not listed at the end: 40.0%\n" in text + "\n" and "40.0% (" not in text
    assert "One replication, hence no intervals" in text


def test_a_baseline_stands_below_in_the_words_and_colour_of_its_policy(sichuan, read):
    before = made_up(load_scenario("sichuan-before-reform-default"), 2, waiting=0.7)
    figure = process_map(made_up(sichuan, 3), "en", None, before)
    assert "before reform: 30.1%, 50 days" in read(figure) or "before reform: 30.2%, 50 days" in read(figure)
    colours = {t.get_color() for ax in figure.axes for t in ax.texts if t.get_text().startswith("before reform:")}
    assert colours == {look("before-reform").colour}


def test_all_words_are_chinese_in_chinese_and_every_glyph_is_there(sichuan, read):
    figure = process_map(made_up(sichuan, 3), "zh")
    assert (
        "期末仍未挂网：40.4%（39.4–41.4）" in read(figure) and " (" not in read(figure) and "days" not in read(figure)
    )
    assert len(figure_bytes(figure, ".svg")) > 10_000  # a missing glyph would warn, which is an error here


def test_an_unknown_level_or_language_is_named(sichuan):
    with pytest.raises(InputError, match="level"):
        process_map(made_up(sichuan, 2), level=4)
    with pytest.raises(InputError, match="language"):
        process_map(made_up(sichuan, 2), "fr")


def test_a_baseline_under_the_same_rules_is_named_by_what_differs(sichuan, read):
    before = made_up(load_scenario("sichuan-sichuan-full"), 2, waiting=0.7)
    assert "Sichuan, full obedience: 30." in read(process_map(made_up(sichuan, 3), "en", None, before))


def test_small_ends_are_summed_replication_by_replication(sichuan, read):
    found = made_up(sichuan, 2)
    for name, share in (("end_not_aware", 0.0003), ("end_waiting", 0.0003)):
        found.values.loc[("all", "approved", name), :] = [share, 1.5 * share]
    assert "elsewhere: 0.1% (0.0–0.3)" in read(process_map(found))


def test_a_stage_that_is_off_is_said_to_be_off(read):
    chain = load_scenario("chain")
    assert "switched off in this scenario" in read(process_map(made_up(chain, 2)))
    assert not np.isnan(made_up(chain, 2).get("approved", "days")).any()


def test_a_comparison_is_followed_on_both_sides(read, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    chain, faster = load_scenario("chain"), load_scenario("chain", {"purchase.time": "5 days", "obedience": "full"})
    both = [simulate(s, 2, workers=1, progress=False) for s in (faster, chain)]
    text = read(process_map(compare(*both)))
    assert "before reform, default obedience: 100.0%, 30 days" in text and "5 days (5–5)" in text
