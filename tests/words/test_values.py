from math import nan

import pytest

from simlib.outcomes.dictionary import INDICATORS
from simlib.words import words
from simlib.words.names import group_name
from simlib.words.values import stored_unit, unit_name, with_interval
from simlib.world.cohort import CLASSES
from simlib.world.region import AREAS, OWNERS, PLACES, TYPES

EN, ZH = words("en"), words("zh")


def test_large_sums_are_counted_in_millions_in_english_and_in_yi_in_chinese():
    assert with_interval("fund_million", (1235.4, 1200.0, 1300.0), EN) == "1235 (1200 to 1300)"
    assert with_interval("fund_million", (1235.4, 1200.0, 1300.0), ZH) == "12.35 (12.00 至 13.00)"
    assert (unit_name("fund_million", EN), unit_name("fund_million", ZH)) == ("million yuan", "亿元")
    change = with_interval("hospital_loss_million", (25.0, nan, nan), ZH, difference=True, units=True)
    assert change == "+0.25 亿元"


@pytest.mark.parametrize(
    ("by", "groups"), [("type", TYPES), ("owner", OWNERS), ("place", PLACES), ("area", AREAS), ("class", CLASSES)]
)
def test_groups_of_hospitals_and_drugs_are_named_in_words_and_not_by_their_codes(by, groups):
    for group in groups:
        zh, en = group_name(by, group, ZH), group_name(by, group, EN)
        assert not any("a" <= c.lower() <= "z" for c in zh) and "_" not in en


@pytest.mark.parametrize("w", [EN, ZH], ids=["en", "zh"])
def test_every_unit_of_an_indicator_has_words(w):
    without = [name for name, i in INDICATORS.items() if i.unit != "share" and i.unit not in w]
    assert without == [] and all(stored_unit(name, w) for name in INDICATORS)
