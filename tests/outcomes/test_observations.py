"""Published figures are counted as their sources counted them: known answers on a record whose dates are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.outcomes import observations as o
from simlib.outcomes.observations import Which
from simlib.scenario.scenario import load_scenario
from simlib.world.region import AREAS

ONCOLOGY = AREAS.index("oncology")
DAY = 1000.0  # of the count
INF = np.inf


@pytest.fixture(scope="module")
def record():
    """Six drugs: approved on days 0 to 500, the first four listed on days 400, 600, 990 and 1200; 30 and 70 hospitals."""
    world = load_scenario("small-world", {"snapshots": ["2023-09-28"]})
    assert world.snapshots == (DAY,)
    found = replicate(world, 0)
    d = found.world.drugs
    six = d.take(np.arange(6), np.array([0.0, 100, 200, 300, 400, 500]))
    six = replace(
        six, area=np.array([ONCOLOGY] * 4 + [ONCOLOGY + 1, ONCOLOGY]), foreign=np.array([0, 1, 0, 1, 0, 0], bool),
        patients=np.array([5.0, 1, 2, 3, 4, 6]),
    )  # fmt: skip
    entered = np.array([400.0, 600, 990, 1200, INF, INF])
    counts = np.zeros((1, 6, 3), int)
    counts[0, :, 2] = [15, 3, 6, 0, 0, 9]
    counts[0, :, 1] = [7, 0, 0, 0, 0, 0]
    listing = replace(found.listing, listed=np.array([[0.0, 700, 1020, 5000, 500, 600]]))
    commercial = np.array([INF, INF, INF, 800, 800, 1100])
    catalogues = replace(found.catalogues, entered=entered, commercial=commercial)
    return replace(
        found, world=replace(found.world, drugs=six), catalogues=catalogues, listing=listing, snapshots=counts
    )


@pytest.mark.parametrize(
    ("which", "level", "mean"),
    [
        (Which(listed=True), 3, (0.5 + 0.1 + 0.2) / 3),
        (Which(listed=True), 2, 0.1 / 3),
        (Which(listed=True, months=12), 3, (0.5 + 0.1) / 2),  # listed since day 634
        (Which(listed=False, months=6), 3, (0.0 + 0.0 + 0.3) / 3),
        (Which(listed=False, areas=("oncology",)), 3, (0.0 + 0.3) / 2),
        (Which(listed=True, approved=(2022, 2022)), 3, np.nan),
    ],
)
def test_stocking_is_a_share_of_all_hospitals_of_a_level_in_the_mean_over_the_drugs_that_a_source_counts(
    record, which, level, mean
):
    assert o.mean_stocked(record, which, level) == pytest.approx(mean, nan_ok=True)


def test_of_a_panel_those_stock_a_drug_who_stock_it_anywhere(record):
    assert o.panel_stocked(record, Which(listed=True), 60) == pytest.approx((15 + 3 + 6) / 3 / 60)
    assert o.panel_stocked(record, Which(listed=True), 10) == pytest.approx(
        (1 + 0.3 + 0.6) / 3
    )  # a panel is no more than whole


def test_stocking_and_patients_are_correlated_by_rank(record):
    assert o.rank_correlation(record, Which(listed=True), 3) == pytest.approx(1.0)
    assert np.isnan(o.rank_correlation(record, Which(listed=True, months=12), 3))  # of two drugs


def test_entries_are_counted_by_the_day_with_their_median_wait(record):
    cancer = Which(areas=("oncology",))
    assert o.entered_share(record, cancer, DAY) == pytest.approx(3 / 5)
    assert o.days_to_entry(record, cancer, DAY) == 500.0  # of 400, 500 and 790
    assert np.isnan(o.days_to_entry(record, cancer, 50.0))


def test_the_rate_of_entry_is_entries_over_days_at_risk(record):
    domestic = 2 / (400 + 790 + 600 + 500)
    foreign = 1 / (500 + 700)
    assert o.entry_rate_ratio(record, Which(), DAY) == pytest.approx(domestic / foreign)


def test_a_drug_that_a_platform_lists_late_or_never_is_unlisted(record):
    assert o.unlisted(record, 41.0, DAY) == pytest.approx(1 / 3)  # 700 is 100 days after, 1020 is 30
    assert o.unlisted(record, 20.0, DAY) == pytest.approx(2 / 3)
    assert o.unlisted(record, 41.0, DAY, since=500.0) == pytest.approx(1 / 2)  # without the list of day 400


def test_the_first_commercial_list_is_the_earliest_that_took_a_drug(record):
    assert o.first_commercial_list(record) == 2
    none = replace(record, catalogues=replace(record.catalogues, commercial=np.full(6, INF)))
    assert o.first_commercial_list(none) == 0


def test_additions_to_the_commercial_list_are_those_of_the_years_round_alone():
    found = replicate(load_scenario("small-world", {"policy": "national"}), 0)
    commercial = found.catalogues.commercial
    for r in found.world.scenario.rounds:
        assert o.commercial_additions(found, r.year) == (commercial == r.published).sum()
    assert np.isnan(o.commercial_additions(found, 2099))
    assert (
        sum(o.commercial_additions(found, r.year) for r in found.world.scenario.rounds)
        == np.isfinite(commercial).sum()
        > 0
    )


def test_a_years_spending_is_that_of_its_months_and_the_payers_shares_add_up():
    found = replicate(load_scenario("small-world"), 0)
    edges, calendar = found.payers.edges[:-1], found.world.calendar
    here = [calendar.date(t).year == 2024 for t in edges]
    assert sum(here) == 12 and calendar.date(edges[here.index(True)]) == date(2024, 1, 1)
    by_hand = float(o.bills(found)["fund"][here].sum())
    assert o.spending(found, "fund", 2024) == by_hand > 0
    assert sum(o.payer_share(found, payer, 2024) for payer in o.PAYERS) == pytest.approx(1.0)
    assert o.growth(found, "fund", (2023, 2024)) == pytest.approx(by_hand / o.spending(found, "fund", 2023))
