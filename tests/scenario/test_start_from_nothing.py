"""`start_from: nothing`: what a toy does not name is off, so that a forgotten line does nothing, and not something."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import InputError, read_yaml, scenarios
from simlib.experiments.check import check_file
from simlib.experiments.proof import quietly
from simlib.scenario.layers import each_value
from simlib.scenario.scenario import load_scenario
from simlib.world.parameters import Stages
from tests.twin.test_engine import differences

NOTHING = read_yaml(scenarios() / "nothing.yaml").data
PROCESSES = ("asking", "committee")  # have a rate and a rhythm of their own whenever they are on


def toy(**keys):
    """A small world with every kind of hospital that starts from nothing."""
    strata = [
        {"id": f"h{level}", "level": level, "type": "general", "owner": "city", "place": "city", "count": 4, "beds": 100,
         "kind": "assumed", "source": "toy"}
        for level in (3, 2, 1)
    ]  # fmt: skip
    region = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG"}
    return {
        "format": 1, "name": "toy", "start_from": "nothing", "region": region | {"strata": strata}, "cohort": {"days": [100, 200, 300]},
        "calendar": "every_day", "policy_from": 0, "horizon_days": 1500, "rounds": None, **keys,
    }  # fmt: skip


def stocked(scenario):
    result = quietly(scenario, 1)
    return tuple(float(result.value(k)["mean"]) for k in ("stock_days_survivors", "stocked_12m"))


def test_every_number_is_nothing_or_said_to_stay_as_assumed():
    known = {".".join(p) for p, _ in leaves(load_scenario("chain").parameters.model_dump(mode="json", by_alias=True))}
    off = {".".join(p) for p, _ in leaves(NOTHING["parameters"])}
    kept = NOTHING["as_assumed"]
    assert sorted(k for k in known if not named(k, off) and not named(k, kept)) == []
    assert sorted(k for k in kept if not any(n == k or n.startswith(f"{k}.") for n in known)) == []
    assert [k for k in kept if named(k, off)] == []


def leaves(values):
    return [(tuple(map(str, p)), v) for p, v in each_value((), values)]


def named(key, names):
    """Whether a number, or the group that it is one of, or one in it, stands among some names."""
    return any(key == n or key.startswith(f"{n}.") or n.startswith(f"{key}.") for n in names)


def test_a_world_of_which_nothing_is_named_stocks_every_drug_on_its_day():
    scenario = load_scenario(toy())
    assert not any(scenario.parameters.stages.model_dump().values()) and stocked(scenario) == (0.0, 1.0)
    assert str(scenario.source_of("committee.background_items.level_3")).startswith("nothing (scenarios/nothing.yaml:")


@pytest.mark.parametrize("stage", [s for s in Stages.model_fields if s not in PROCESSES])
def test_a_stage_that_is_named_and_no_number_of_it_takes_no_time(stage):
    rounds = {"rounds": "catalogue_rounds"} if stage == "catalogue" else {}
    assert stocked(load_scenario(toy(**rounds), {f"stages.{stage}": True})) == (0.0, 1.0)


def test_a_committee_whose_background_was_forgotten_hears_what_it_is_asked():
    meets = {
        "stages.committee": True,
        "committee.meetings": {"grid": 90, "phase": 10},
        "committee.places": dict.fromkeys(("level_3", "level_2", "level_1"), 3),
    }
    quick = stocked(load_scenario(toy(), meets))
    assert quick[1] == 1.0 and quick[0] < 90  # by the next meeting
    assumed = load_scenario(toy(start_from=None), {**off(), **meets})
    assert (
        stocked(assumed)[1] < quick[1]
    )  # 15 items on average fill three places, so that hardly anything is ever heard


def off():
    return {f"stages.{s}": False for s in Stages.model_fields} | {"asking.all_before_committee": True}


def test_what_the_file_names_acts_and_everything_else_stays_off():
    scenario = load_scenario(toy(parameters={"stages": {"purchase": True}, "purchase": {"time": "30 days"}}))
    assert stocked(scenario) == (30.0, 1.0)


def test_the_twin_takes_the_same_world():
    stages = dict.fromkeys(Stages.model_fields, True)
    scenario = load_scenario(toy(parameters={"stages": stages, "asking": {"lambda0": 6}}, rounds="catalogue_rounds"))
    found, states = differences(scenario)
    assert found == {} and states.sum() == 36


def test_a_scenario_that_does_not_say_so_is_what_it_was():
    said, silent = load_scenario("chain"), load_scenario("chain", {"start_from": None})
    assert said.digest() == silent.digest() and '"start_from"' not in said.spec
    np.testing.assert_array_equal(quietly(said, 1).values, quietly(silent, 1).values)


def test_another_word_is_refused_and_the_file_itself_is_checked():
    with pytest.raises(
        InputError, match="start_from: 'nothin' is not allowed; allowed: nothing; did you mean 'nothing'"
    ):
        load_scenario(toy(start_from="nothin"))
    assert check_file(scenarios() / "nothing.yaml") == "data"
