"""Published figures are counted as their sources counted them: known answers on a record whose dates are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.pair_records import Supplied
from simlib.outcomes import observations as o
from simlib.outcomes.observations import MONTH, Which
from simlib.scenario.scenario import load_scenario
from simlib.world.region import AREAS, OWNERS

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


def test_a_panel_holds_the_largest_tertiary_hospitals_and_counts_what_its_source_calls_available(record):
    h = record.world.hospitals
    public = np.flatnonzero((h.level == 3) & (h.owner != OWNERS.index("private")))
    first, second = public[np.argsort(-h.beds[public])[:2]]
    supplies = np.zeros((1, len(h), 6), np.uint8)
    supplies[0, first, 0] = Supplied.STOCKED | Supplied.IN_MONTH | Supplied.IN_YEAR
    supplies[0, second, 0] = Supplied.IN_YEAR
    supplies[0, second, 1] = Supplied.IN_MONTH | Supplied.IN_YEAR
    record, listed = replace(record, supplies=supplies), Which(listed=True)  # three drugs
    assert o.panel_supplied(record, listed, 2, DAY, "stocked") == pytest.approx(1 / 6)
    assert o.panel_supplied(record, listed, 2, DAY) == pytest.approx(2 / 6)
    assert o.panel_supplied(record, listed, 2, DAY, "in_year") == pytest.approx(3 / 6)
    assert o.panel_supplied(record, listed, 1, DAY) == pytest.approx(1 / 3)
    assert np.isnan(o.panel_supplied(record, Which(listed=True, approved=(2022, 2022)), 2, DAY))
    owner = h.owner.copy()
    owner[first] = OWNERS.index("private")
    sold = replace(record, world=replace(record.world, hospitals=replace(h, owner=owner)))
    assert o.largest(sold, 1).tolist() == [second] and o.largest(sold, 1, public=False).tolist() == [first]


def test_what_hospitals_had_agrees_with_the_dates_of_stock_and_temporary_supply():
    scenario = load_scenario("small-world", {"snapshots": ["2023-09-28", "2024-06-30"]})
    found = replicate(scenario, 0, pairs=True, supplies=True)
    pairs, level = found.pairs, found.world.hospitals.level
    for k, day in enumerate(scenario.snapshots):
        stocked = (found.supplies[k] & Supplied.STOCKED) > 0
        assert np.array_equal(stocked, (pairs.stock <= day) & (day < pairs.removed))
        for n in (1, 2, 3):
            assert np.array_equal(stocked[level == n].sum(axis=0), found.snapshots[k, :, n - 1])
        month, year = ((found.supplies[k] & bit) > 0 for bit in (Supplied.IN_MONTH, Supplied.IN_YEAR))
        assert (stocked <= month).all() and (month <= year).all()
        temporary = year & ~(pairs.stock <= day)
        assert temporary.any() and (pairs.temporary_first[temporary] <= day).all()
        assert not year[(pairs.temporary_first > day) & (pairs.stock > day)].any()
        began = (pairs.temporary_first > day - MONTH) & (pairs.temporary_first <= day)
        assert began.any() and month[began].all()


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
