"""The table of events: names instead of numbers, drugs' events beside pairs', and a Parquet file that holds the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import simlib
from simlib.model.model import replicate
from simlib.outcomes.dictionary import COLUMNS as EXPLAINED
from simlib.outcomes.events import ALL_EVENTS, COLUMNS, DRUG_EVENTS, NAMES, STAGE_NAMES, event_table, write_events
from simlib.policy.flow import STAGES
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world

WORLDS = (1, 3, 5, 7, 9, 12, 17)
OF_DRUGS = [e.name for e in DRUG_EVENTS]


@pytest.fixture(scope="module")
def tables() -> list[tuple]:
    records = [replicate(load_scenario(random_world(i)), 0, pairs=True, events=True) for i in WORLDS]
    return [(r, event_table(r)) for r in records]


def test_a_drug_is_approved_then_filed_then_complete_then_reviewed_then_listed(tables):
    order = ["approved", "filed", "complete", "reviewed", "listed"]
    for record, table in tables:
        times = table[table["hospital"].isna()].pivot_table(
            index="drug", columns="outcome", values="time", observed=True
        )
        for before, after in zip(order[:-1], order[1:], strict=True):
            both = times[[before, after]].dropna()
            assert (both[before] <= both[after]).all(), (before, after)
        listed = record.listing.listed[record.listing.listed < record.world.horizon]
        assert sorted(times["listed"].dropna()) == sorted(listed)


def test_a_drug_enters_a_catalogue_at_most_once_and_tries_in_vain_only_before(tables):
    for record, table in tables:
        for kind, entered in (("catalogue", record.catalogues.entered), ("commercial", record.catalogues.commercial)):
            got = table[table["outcome"] == f"{kind}_entered"].set_index("drug")["time"]
            inside = entered[np.isfinite(entered) & (entered < record.world.horizon)]
            assert sorted(got) == sorted(inside) and got.index.is_unique
            vain = table[table["outcome"] == f"{kind}_in_vain"]
            later = vain["drug"].map(got.to_dict()).astype(float)
            assert (vain["time"].to_numpy()[later.notna()] < later.dropna().to_numpy()).all()
    assert sum((t["outcome"] == "catalogue_in_vain").sum() for _, t in tables) > 0


def test_rows_are_sorted_by_drug_hospital_and_time_with_the_drugs_own_first(tables):
    for record, table in tables:
        place = {n: i for i, n in enumerate(record.world.hospitals.names)}
        drugs = {n: i for i, n in enumerate(record.world.drugs.names)}
        h = table["hospital"].map(place).astype(float).fillna(-1).to_numpy()
        d = table["drug"].map(drugs).astype(int).to_numpy()
        keys = list(zip(d, h, table["time"], strict=True))
        assert keys == sorted(keys)
        assert (table["hospital"].isna() == table["outcome"].isin(OF_DRUGS)).all()


def test_a_row_that_names_a_clause_says_which_lever_how_strong_and_whether_it_was_obeyed(tables):
    for record, table in tables:
        known = {(r.lever, r.clause, r.document, r.strength) for r in record.world.scenario.policy.rules}
        named = table[table["clause"].notna()]
        assert set(named[["lever", "clause", "document", "strength"]].itertuples(index=False, name=None)) <= known
        assert named["obeyed"].notna().all() and table[table["clause"].isna()]["obeyed"].isna().all()
        assert not named[named["outcome"].isin(["duty_not_kept", "refused"])]["obeyed"].any()
        assert named[named["outcome"].isin(["pushed", "duty_meeting", "rule_decided"])]["obeyed"].all()


def test_days_are_the_dates_of_the_times(tables):
    for record, table in tables:
        for day, time in zip(table["day"], table["time"], strict=True):
            assert day.date() == record.world.calendar.date(time)


def test_the_limit_on_a_listing_is_named_with_its_last_day():
    table = simlib.events(load_scenario("sichuan-sichuan-default", {"obedience.other_must": 1, "policy_from": "2018-01-01", "region": None}))  # fmt: skip
    reviewed = table[(table["outcome"] == "reviewed") & (table["clause"] == "SC-01c")]
    assert len(reviewed) > 10 and reviewed["obeyed"].all()
    assert {"limit_set_date", "within_limit"} <= set(reviewed["reason"])
    day, until, reason = reviewed["day"], reviewed["until"], reviewed["reason"]
    assert (day == until)[reason == "limit_set_date"].all()
    assert (day <= until)[reason == "within_limit"].all()
    assert (day >= until)[reason == "limit_missed"].all()  # the reviewer was done too late to obey


def test_a_parquet_file_of_events_holds_the_same_rows_with_times_split_by_byte(tables, tmp_path):
    table = tables[1][1]
    path = tmp_path / "events.parquet"
    write_events(table, path, about="{}")
    assert [p.name for p in tmp_path.iterdir()] == ["events.parquet"]
    back = pd.read_parquet(path)
    assert list(back.columns) == list(COLUMNS)
    assert back.astype(str).equals(table.astype(str)) and back["time"].equals(table["time"])
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert {c.compression for c in columns.values()} == {"ZSTD"}
    assert "BYTE_STREAM_SPLIT" in columns["time"].encodings


def test_every_event_belongs_to_a_stage_and_every_column_is_in_the_data_dictionary():
    assert set(STAGE_NAMES) <= set(STAGES) and len(set(NAMES)) == len(ALL_EVENTS)
    assert set(COLUMNS) <= set(EXPLAINED)


def test_the_same_replication_gives_the_same_events_and_another_one_others():
    scenario = load_scenario(random_world(3))
    assert simlib.events(scenario, 1).equals(simlib.events(scenario, 1))
    assert not simlib.events(scenario, 1).equals(simlib.events(scenario, 2))


def test_a_drug_is_designated_after_it_entered_the_catalogue_and_gains_indications_after_its_approval(tables):
    found = 0
    for record, table in tables:
        own = table[table["hospital"].isna()].set_index("drug")
        first = own[own["outcome"] == "catalogue_entered"]["time"].to_dict()
        designated = own[own["outcome"] == "designated"]["time"]
        dates = record.payers.designated
        assert sorted(designated) == sorted(dates[dates < record.world.horizon])
        if not record.world.p.dual_channel.any_drug:
            assert all(t > first[d] for d, t in designated.items())
        gained = own[own["outcome"] == "later_indication"]["time"]
        approved = own[own["outcome"] == "approved"]["time"].to_dict()
        assert sorted(gained) == sorted(record.indications[record.indications < record.world.horizon])
        assert all(t > approved[d] for d, t in gained.items())
        found += len(designated) > 0 and len(gained) > 0
    assert found
