"""No number that can be written makes a scenario crash, hang or give numbers without a meaning: it is refused in one line.

The same sweep over all numbers and values found, once, what the bounds in `simlib.world.group` are for; here a slice of it
is drawn anew from a fixed seed.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.run import simulate
from simlib.model.model import replicate
from simlib.model.rules import Others
from simlib.model.stages.readiness import _first_here
from simlib.outcomes.sound import complaint
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.parameters import Committee, Parameters, Rhythm

NEVER = (math.nan, math.inf, -math.inf, 1e300, -1e300, 2**70, True, "x")  # where a number stands
SLICE = 6


def leaves(tree: dict, path: tuple = ()) -> list[tuple]:
    """Paths of all numbers, those inside of distributions included."""
    found = []
    for key, value in tree.items():
        if isinstance(value, dict):
            found += leaves(value, (*path, key))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append((*path, key))
    return found


@pytest.fixture(scope="module")
def numbers() -> dict:
    return json.loads(load_scenario("small-world").parameters.model_dump_json(by_alias=True, exclude_none=True))


def changed(numbers: dict, path: tuple, value: Any) -> dict[str, Any]:
    """A change of one number: of the whole value that it is in, as `--set` takes it."""
    tree = json.loads(json.dumps(numbers[path[0]][path[1]]))
    if len(path) == 2:
        return {".".join(path): value}
    node = tree
    for key in path[2:-1]:
        node = node[key]
    node[path[-1]] = value
    return {".".join(path[:2]): tree}


def test_whatever_is_no_number_of_its_kind_is_one_line_that_names_it(numbers):
    paths = leaves(numbers)
    assert len(paths) > 300
    drawn = np.random.default_rng(13).integers(len(NEVER), size=len(paths))
    for path, value in zip(paths, (NEVER[k] for k in drawn), strict=True):
        with pytest.raises(InputError) as e:
            load_scenario("small-world", changed(numbers, path, value))
        message = str(e.value)
        assert "\n" not in message and message.startswith(f"set {path[0]}.{path[1]}"), message


def test_what_is_accepted_runs_and_gives_sound_numbers(numbers):
    rng = np.random.default_rng(13)
    paths, values = leaves(numbers), (-5, 0, 1e-300, 1e-6, 0.01, 1, 20, 1000, 1e9)
    ran = 0
    while ran < SLICE:
        path, value = paths[rng.integers(len(paths))], values[rng.integers(len(values))]
        try:
            scenario = load_scenario("small-world", {"end": "2023-12-31"} | changed(numbers, path, value))
        except InputError as e:
            assert "\n" not in str(e)
            continue
        result = simulate(scenario, 1, workers=1, progress=False)
        assert complaint(result.values, result.curves) is None, (path, value)
        ran += 1


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("decision.b0.level_3", math.nan, "decision.b0.level_3: expected a finite number (given: nan)"),
        ("asking.level_factor.level_2", -5, "asking.level_factor.level_2: input should be greater than or equal to 0 (given: -5)"),
        ("asking.lambda0", math.inf, "asking.lambda0: expected a finite number (given: inf)"),
        ("listing.window_interval", math.inf, "listing.window_interval: expected a finite number (given: inf)"),
        ("listing.window_interval", 1e-300, "listing.window_interval: expected 0 for none, or at least 1"),
        ("purchase.time", {"weibull": {"mean": 30, "sd": 1e300}}, "purchase.time.weibull.sd: input should be less than"),
        ("purchase.time", {"weibull": {"mean": 30, "sd": 9e7}}, "purchase.time.weibull.sd: sd 9e+07 must be from 0.003 to 100 times"),
        ("committee.meetings", {"every": {"level_3": 1e-6}}, "committee.meetings.every.level_3: input should be greater than or equal to 1"),
        ("committee.meetings", {"intervals": {"exponential": {"mean": 0.01}}}, "two meetings cannot be 0.01 days apart"),
        ("end", "9999-12-31", "end: 9999-12-31 is outside the days that can be simulated (1900-01-01 to 2500-12-31)"),
        ("policy_from", 2024, "policy_from: 2024 means a number of days from the start, not a year; write 2024-01-01"),
        ("count_until", 2025, "count_until: 2025 means a number of days from the start, not a year; write 2025-01-01"),
        ("replications", True, "replications: expected a whole number (given: True)"),
        ("start", 1609459200, "start: 1609459200 is no date; write YEAR-MONTH-DAY"),
        ("as_dated", "yes", "as_dated: expected true or false (given: 'yes'); did you mean true?"),
        ("committee.duty.listing.within", "99999999 days", "a limit is at most 100 years"),
        ("cohort", {"days": [1.0, math.nan]}, "cohort.days.1: expected a finite number (given: nan)"),
        ("cohort", {"yearly_counts": {"9999": 3}}, "cohort.yearly_counts.9999: input should be less than or equal to 2500"),
        ("horizon_days", 2e9, "horizon_days: input should be less than or equal to 2000000"),
    ],
)  # fmt: skip
def test_a_value_that_would_be_read_as_something_else_or_never_end_is_refused(key: str, value: Any, words: str):
    with pytest.raises(InputError) as e:
        load_scenario("sichuan-sichuan-default", {key: value})
    message = str(e.value)
    assert message.startswith(f"set {key.split('.')[0]}") and words in message and "\n" not in message, message


def test_a_run_of_two_million_days_is_for_worlds_without_a_calendar():
    with pytest.raises(InputError, match=r"horizon_days: 900000 days end after 2500-12-31"):
        load_scenario("sichuan-sichuan-default", {"end": None, "horizon_days": 900_000})


def unbounded(scenario, **groups: dict[str, Any]):
    """The scenario with numbers that no check has seen."""
    p = scenario.parameters
    new = {name: getattr(p, name).model_copy(update=values) for name, values in groups.items()}
    return scenario.__class__(**{**vars(scenario), "parameters": Parameters.model_construct(**{**dict(p), **new})})


def test_a_request_that_is_dropped_and_made_again_at_one_moment_without_end_is_an_error_that_names_it():
    scenario = unbounded(load_scenario("chain"), committee={"unheard_leaves_after_months": 1e-12})
    with pytest.raises(InputError) as e:
        replicate(scenario, 0)
    told = "is asked for, dropped and asked for again at one moment, without end; raise committee.unheard_"
    assert str(e.value).startswith("chain: drug-1 at h-") and told in str(e.value) and "\n" not in str(e.value)


def test_meetings_at_one_moment_without_end_are_an_error_that_names_them():
    scenario = load_scenario("renewal-empirical")
    nothing = scenario.parameters.committee.meetings.intervals.model_copy(update={"empirical": (0.0,)})
    meetings = Rhythm.model_construct(**{**dict(scenario.parameters.committee.meetings), "intervals": nothing})
    broken = unbounded(scenario, committee={"meetings": meetings})
    assert isinstance(broken.parameters.committee, Committee)
    with pytest.raises(
        InputError, match="^renewal-empirical: committee.meetings.intervals: 10,000 meetings in a row at one moment"
    ):
        replicate(broken, 0)


def test_scalars_of_numpy_are_numbers_like_others():
    changes = {
        "replications": np.int64(3),
        "decision.rho": np.float64(0.25),
        "asking.all_before_committee": np.bool_(True),
    }
    scenario = load_scenario(
        "small-world", changes | {"committee.places": {f"level_{i}": np.int32(4) for i in (1, 2, 3)}}
    )
    assert scenario.replications == 3 and scenario.parameters.decision.rho == 0.25
    assert scenario.digest() == load_scenario("small-world", {
        "replications": 3, "decision.rho": 0.25, "asking.all_before_committee": True,
        "committee.places": {f"level_{i}": 4 for i in (1, 2, 3)}}).digest()  # fmt: skip


@pytest.mark.parametrize("n", [0, -1, True, 2.5, "3", math.nan])
def test_a_number_of_replications_is_a_whole_one(n: Any):
    with pytest.raises(InputError, match=r"^replications: expected a whole number from 1 on \(given: "):
        simulate(load_scenario("chain"), n, workers=1, progress=False)


def test_the_first_province_has_a_chance_even_where_a_day_decides_all():
    rule = {"value": True, "scope": "all", "strength": "must"}
    changes = {"listing.first_province_choice": rule, "readiness.choice_scale": 1e-6, "obedience": "full"}
    world = build_world(load_scenario("small-world", changes), 0)
    others = Others(world)
    with np.errstate(invalid="raise"):
        chance = _first_here(world, others, others.in_provinces(world.provinces.ids))
    assert np.isfinite(chance).all() and (chance >= 0).all() and (chance <= 1).all()
