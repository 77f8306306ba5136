"""Tiles: what a tile counts, that it moves, and that its page needs nothing but itself."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from simlib.core.files import InputError
from simlib.model.pair_records import PairState
from simlib.model.record import Pairs
from simlib.outcomes.groups import counted_drugs
from simlib.report.page import addresses
from simlib.see.animation import filling_bytes, pictures
from simlib.see.filling import filling, filling_of
from simlib.see.tile_page import page
from simlib.see.tiles import SHADES, colours, tile_still


@pytest.fixture(scope="module")
def number(record):
    return filling_of(record)


def data_of(text: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def test_the_last_day_counts_what_stands_in_stock_at_the_end(record, number):
    few = counted_drugs(record) & (record.world.drugs.approval < record.world.horizon - 1)
    pairs: Pairs = record.pairs
    stocked = (pairs.stock <= record.world.horizon - 1) & ~np.isfinite(pairs.removed)
    treats = pairs.state != PairState.OUT_OF_TARGET
    expected = np.where((treats & few).any(axis=1), (stocked & treats & few).sum(axis=1), np.nan)
    np.testing.assert_array_equal(number.values[-1], expected)
    assert np.nansum(expected) > 0


def test_nothing_is_in_stock_before_its_day_and_a_drug_taken_out_is_gone(record):
    pairs, t = record.pairs, record.world.horizon
    day = np.full(pairs.stock.shape, np.inf)
    h, d = np.argwhere(
        (pairs.state != PairState.OUT_OF_TARGET)
        & counted_drugs(record)[None, :]
        & (record.world.drugs.approval < t - 200)[None, :]
    )[0]
    stock, removed = day.copy(), day.copy()
    stock[h, d], removed[h, d] = t - 150.0, t - 60.0
    found = filling_of(replace(record, pairs=replace(pairs, stock=stock, removed=removed)))
    held = [
        (found.scenario.calendar.index(x), v) for x, v in zip(found.dates, found.values[:, h], strict=True) if v == v
    ]
    assert {v for x, v in held if t - 150 <= x < t - 60} == {1.0}
    assert {v for x, v in held if x < t - 150 or x >= t - 60} == {0.0}


def test_a_share_is_of_the_drugs_approved_by_then_that_the_hospital_treats(record, number):
    share = filling_of(record, "share")
    treats = (record.pairs.state != PairState.OUT_OF_TARGET) & counted_drugs(record)[None, :]
    for k in (len(number.dates) // 2, -1):
        t = number.scenario.calendar.index(number.dates[k])
        room = (treats & (record.world.drugs.approval <= t)[None, :]).sum(axis=1)
        some = room > 0
        np.testing.assert_allclose(share.values[k][some], number.values[k][some] / room[some])
        assert np.isnan(share.values[k][~some]).all()


def test_every_hospital_has_one_tile(record, number):
    places = np.concatenate([b.hospitals for b in number.blocks])
    assert sorted(places) == list(range(len(record.world.hospitals)))


def test_more_drugs_are_darker_also_in_grey(number):
    shades = colours(number, np.linspace(0, number.most, 12)) @ np.array([0.3, 0.59, 0.11])
    assert (np.diff(shades) < 0).all()
    assert colours(number, np.array([np.nan])).tolist() == [[255, 255, 255]]
    assert SHADES(0.0)[2] < 0.9  # nothing in stock differs from nothing to stock


def test_an_unknown_measure_is_named(scenario):
    with pytest.raises(InputError, match="measure"):
        filling(scenario, 0, "weight")


def test_the_animation_has_a_frame_a_month_and_ends_on_the_last_day(number):
    k = [0, len(number.dates) // 2, -1]  # three months of them will do
    few = replace(number, dates=tuple(number.dates[i] for i in k), values=number.values[k])
    data = filling_bytes(few, ".gif")
    image = Image.open(io.BytesIO(data))
    assert image.n_frames == 3 and image.info["loop"] == 0
    first, last = np.asarray(image.convert("RGB")).copy(), image.seek(image.n_frames - 1)
    assert last is None and (np.asarray(image.convert("RGB")) != first).any()
    assert image.info["duration"] > 1000
    assert data == filling_bytes(few, ".gif")


def test_frames_differ_only_where_stock_or_the_date_does(number):
    frames = pictures(replace(number, dates=number.dates[:1] * 2, values=number.values[:1].repeat(2, axis=0)), "zh")
    assert (frames[0] == frames[1]).all()


def test_the_still_shows_six_dates_with_their_means(number, read):
    text = read(tile_still(number))
    assert str(number.dates[0]) in text and str(number.dates[-1]) in text
    assert len(set(re.findall(r"^\d{4}-\d\d-\d\d$", text, re.M))) == min(6, len(set(number.dates)))
    block = number.blocks[0]
    assert f"mean {number.mean(len(number.dates) - 1, block.hospitals):.1f}" in text
    assert "批准" not in text and "医院逐步配备新药" in read(tile_still(number, "zh"))


def test_the_page_needs_no_network_and_holds_every_value(number):
    text = page(number)
    assert addresses(text) == [] and not re.search("https?:", text) and "default-src 'none'" in text
    data = data_of(text)
    assert data["dates"] == [str(d) for d in number.dates]
    for block, told in zip(number.blocks, data["blocks"], strict=True):
        expected = np.nan_to_num(number.values[:, block.hospitals], nan=-1).astype(int)
        assert told["values"] == expected.tolist()
        assert told["names"] == [number.names[h] for h in block.hospitals]
    assert text == page(number)


def test_the_page_and_the_animation_tell_the_same_means(record, read):
    share = filling_of(record, "share")
    told = [b["means"] for b in data_of(page(share))["blocks"]]
    for block, means in zip(share.blocks, told, strict=True):
        last = len(share.dates) - 1
        assert len(means) == len(share.dates) and means[last] in read(tile_still(share)).split("\n")
        mean = share.mean(last, block.hospitals)
        assert means[last] == ("mean –" if mean != mean else f"mean {100 * mean:.1f}%")


def test_a_hospital_whose_name_is_a_script_stays_a_name(number):
    evil = "</script><script>alert(1)</script>"
    text = page(replace(number, names=(evil, *number.names[1:])))
    assert "alert(1)</script>" not in text
    assert evil in [name for b in data_of(text)["blocks"] for name in b["names"]]


def test_the_page_is_chinese_in_chinese(number):
    text = page(number, "zh")
    assert '<html lang="zh">' in text and "播放" in text and ">play<" not in text
