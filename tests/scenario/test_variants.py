"""Variants: named changes in a file compose, on the command line, in a scenario file and in Python alike."""

import pytest

from simlib.core.files import InputError
from simlib.scenario.scenario import load_scenario


def test_a_stored_variant_and_its_changes_written_out_are_the_same_world():
    named = load_scenario("sichuan-sichuan-default", variants=["monthly-meetings"])
    every = {"level_3": 30, "level_2": 30, "level_1": 30}
    written = load_scenario("sichuan-sichuan-default", {"committee.meetings.every": every})
    assert named.parameters == written.parameters != load_scenario("sichuan-sichuan-default").parameters


def test_a_scenario_file_may_name_variants_readings_and_changes(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "format: 1\nname: mine\nregion: sichuan\npolicy: sichuan\ncohort: nmpa\nend: 2026-12-31\n"
        "variants: [monthly-meetings]\nreadings: {B2: learned}\n"
        "changes: {committee.duty.listing.within: 2 months, decision.rho: 0.5}\n",
        encoding="utf-8",
    )
    s = load_scenario(path)
    assert s.parameters.committee.meetings.every["level_3"] == 30 and s.parameters.decision.rho == 0.5
    assert s.policy.of("committee.duty.listing")[0].value == (2.0, "months")
    assert s.policy.of("procurement.purchase_clock_from")[0].value == "listing_known"


def test_a_variant_of_ones_own_is_named_by_its_path(tmp_path):
    path = tmp_path / "quick.yaml"
    path.write_text("format: 1\nname: quick\ntitle: {en: a, zh: b}\nchanges: {without: [SC-02a]}\n", encoding="utf-8")
    s = load_scenario("sichuan-sichuan-default", variants=[str(path)])
    assert s.policy.of("committee.duty.listing") == ()


def test_what_is_set_comes_after_variants():
    every = {"level_3": 45, "level_2": 45, "level_1": 45}
    s = load_scenario("sichuan-sichuan-default", {"committee.meetings.every": every}, ["monthly-meetings"])
    assert s.parameters.committee.meetings.every["level_3"] == 45


def test_an_unknown_variant_is_one_line_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'monthly-meetings'"):
        load_scenario("sichuan-sichuan-default", variants=["monthly-meeting"])


@pytest.mark.parametrize("key", ["variants", "parameters"])
def test_what_a_change_would_pass_over_is_refused(key):
    with pytest.raises(InputError, match="name variants with --variant"):
        load_scenario("sichuan-sichuan-default", {key: ["nosuch"]})
