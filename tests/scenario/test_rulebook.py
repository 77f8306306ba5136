"""A policy by the name that people use: with a region, a file, and changes."""

import pytest

from simlib.core.files import InputError
from simlib.scenario.rulebook import load_rulebook


def test_a_region_leaves_out_what_holds_elsewhere_only():
    everywhere, there = load_rulebook("beijing"), load_rulebook("beijing@sichuan")
    gone = {r.lever for r in everywhere.rules if r not in there.rules}
    assert "listing.green_channel" in gone and all(r.only for r in everywhere.rules if r not in there.rules)


def test_changes_readings_and_variants_are_laid_over_it():
    policy = load_rulebook("sichuan", {"readings.B2": "learned", "without": ["SC-02a"]})
    assert policy.of("procurement.purchase_clock_from")[0].value == "listing_known"
    assert policy.of("committee.duty.listing") == ()


@pytest.mark.parametrize(("name", "changes", "words"), [
    ("sichuan@sichan", {}, "did you mean 'sichuan'"),
    ("sichan", {}, "did you mean 'sichuan'"),
    ("sichuan", {"decision.rho": 0.5}, "an assumed number, not a rule"),
])  # fmt: skip
def test_what_cannot_be_used_is_one_line(name, changes, words):
    with pytest.raises(InputError, match=words):
        load_rulebook(name, changes)
