"""A name that no scenario has is answered with those of its place, the full rulebook before that which nobody obeys."""

from __future__ import annotations

import pytest

from simlib.core.files import InputError
from simlib.scenario.scenario import load_scenario

OWN = "sichuan-sichuan-default"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sichuan-sichuan", f"did you mean '{OWN}'? (also: sichuan-sichuan-full, sichuan-sichuan-none)"),
        ("sichuan", f"did you mean '{OWN}'? (also: sichuan-before-reform-default, sichuan-national-default, "),
        ("四川", f"did you mean '{OWN}'? (also: sichuan-before-reform-default, "),
        ("sichaun", f"did you mean '{OWN}'? (also: "),
        ("sichuan-sichuan-ful", f"did you mean 'sichuan-sichuan-full'? (also: {OWN}, sichuan-sichuan-none)"),
        ("Beijing-none", "did you mean 'beijing-beijing-none'? (also: beijing-before-reform-none, "),
        ("nation", "did you mean 'nation-national-default'? (also: nation-before-reform-default, "),
        ("guangzhou-national", "did you mean 'guangzhou-national-default'? (also: guangzhou-national-full, "),
        ("chian", "did you mean 'chain'?"),
    ],
)
def test_the_scenarios_of_a_place_are_offered_best_first(typed, offered):
    with pytest.raises(InputError) as e:
        load_scenario(typed)
    assert offered in str(e.value) and str(e.value).startswith(f"unknown scenario {typed!r}; allowed: ")


def test_nothing_is_offered_for_a_name_that_is_like_no_other():
    with pytest.raises(InputError) as e:
        load_scenario("xyzzy")
    assert str(e.value).endswith("; or a path to a .yaml file")
