"""Where the world before the reforms lies at default numbers: in bands that were set, by hand, around published figures.

That it lies there proves little, for some numbers were chosen with the figures in view (`docs/evidence.md` holds the model
against the figures themselves); that a change moves it out is noticed. That a reform gains is no law: it may fail.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import simlib
from simlib.core.files import read_yaml, scenarios
from simlib.experiments.run import Result
from simlib.scenario.scenario import load_scenario

DATE = "2023-09-30"
RANGES = {
    ("snapshot_median", "date", DATE): (0.05, 0.12),
    ("snapshot_under_10", "date", DATE): (0.45, 0.75),
    ("snapshot_ratio", "date", DATE): (5, 15),
    ("entered_same_year", "year", "2023"): (0.30, 0.50),
    ("entered_same_year", "year", "2024"): (0.30, 0.50),
    ("entered_days_median", "date", "before"): (300, 600),
}
REGIMES = ("national", "sichuan", "chongqing", "beijing", "guangzhou")
BASE = 20  # replications before the reforms


@cache
def run(region: str, policy: str, obedience: str, replications: int) -> Result:
    scenario = load_scenario(f"{region}-{policy}-{obedience}")
    return simlib.simulate(scenario, replications, workers=1, progress=False)  # the tests share the cores already


@pytest.mark.slow
@pytest.mark.parametrize("key", RANGES, ids=lambda k: f"{k[0]} {k[2]}")
def test_the_nation_before_the_reforms_stays_in_the_bands_set_around_published_figures(key):
    low, high = RANGES[key]
    assert low <= run("nation", "before-reform", "default", BASE).value(*key)["mean"] <= high


@pytest.mark.parametrize("policy", REGIMES)
def test_without_obedience_nothing_changes_but_what_needs_no_hospitals_obedience(policy):
    """Catalogues, listing, the channels of awareness, the city's guide and payers obey by themselves: they are held still."""
    keys = {"stages.readiness": False, "stages.listing": False, "stages.catalogue": False, "awareness.channel_factor": dict.fromkeys(
        ("official_sites", "social_media", "forums", "tripartite_meetings", "cloud_platform", "hospital_entry"), 1.0),
        "committee.guideline_weight": 0.0, "stages.dual_channel": False, "stages.use": False, "stages.payment": False}  # fmt: skip
    name = f"chongqing-{policy}-none"
    scenario = load_scenario("chongqing-before-reform-none", set={**keys, "policy": policy})
    base = load_scenario("chongqing-before-reform-none", set=keys)
    a, b = (simlib.simulate(s, 2, progress=False) for s in (scenario, base))
    effect = simlib.compare(a, b).table().set_index(["indicator", "by", "group"])["difference"]
    for indicator in ("stocked_24m", "provided_24m", "meetings_per_year"):
        change = effect.loc[(indicator, "level", "3")]
        if policy in ("beijing", "guangzhou") and indicator != "meetings_per_year":
            # Beijing abolishes the size cap for everyone, Guangzhou's insurer takes products out of the self-pay ratio
            assert change >= 0, (name, indicator)
        else:
            assert change == 0, (name, indicator, change)


THIN = 10  # a tenth of the hospitals: the same shares, with a little more noise


def tenth() -> dict[str, Any]:
    """The nation with a tenth of the people, and of the hospitals of each stratum."""
    region = read_yaml(scenarios() / "regions" / "nation.yaml").data
    strata = [{**s, "count": -(-s["count"] // THIN)} for s in region["strata"]]
    people = region["population_million"] / THIN  # or each hospital would have as many more patients
    return {**region, "name": "nation-thinned", "strata": strata, "population_million": people}


@cache
def thinned(policy: str, replications: int) -> Result:
    """Runs of a tenth of the nation under a policy."""
    scenario = load_scenario("nation-before-reform-default", set={"region": tenth(), "policy": policy})
    return simlib.simulate(scenario, replications, workers=1, progress=False)


FEW = 6  # replications of the tenth; the whole nation above has more, and intervals


@pytest.mark.parametrize("key", RANGES, ids=lambda k: f"{k[0]} {k[2]}")
def test_a_tenth_of_the_nation_before_the_reforms_stays_in_the_bands_set_around_published_figures(key):
    low, high = RANGES[key]
    assert low <= thinned("before-reform", FEW).value(*key)["mean"] <= high


@pytest.mark.parametrize("replications", [FEW, pytest.param(20, marks=pytest.mark.slow)])
def test_less_asking_alone_leaves_the_gate(replications):
    """Requests at half the low end of their own range: the gate is no formality."""
    key = ("snapshot_median", "date", DATE)
    low = load_scenario("nation-before-reform-default", set={"region": tenth(), "asking.lambda0": 0.35})
    result = simlib.simulate(low, replications, workers=1, progress=False)
    assert not RANGES[key][0] <= result.value(*key)["mean"] <= RANGES[key][1]
