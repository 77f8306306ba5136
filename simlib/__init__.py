"""How a new drug reaches a patient, and which rule decides it.

import simlib
scenario = simlib.load_scenario("sichuan-sichuan-default")
result = simlib.simulate(scenario, replications=20)
effect = simlib.compare(result, simlib.simulate(simlib.load_scenario("sichuan-before-reform-default"), 20))
effect.table()
simlib.explain(simlib.load_rulebook("sichuan@sichuan"), "committee")
print(simlib.trace(scenario, "Henagliflozin", "l3-general-city-1"))
simlib.save(simlib.process_map(result, "zh"), "map.svg")
"""

from importlib import import_module
from typing import Any

from simlib.core import moved
from simlib.core.files import InputError
from simlib.core.registry import register
from simlib.core.version import __version__ as __version__
from simlib.experiments.bottleneck import bottleneck
from simlib.experiments.budget import budget_impact
from simlib.experiments.run import Effect, Result, compare, simulate
from simlib.outcomes.dictionary import data_dictionary
from simlib.outcomes.events import events
from simlib.outcomes.trace import trace
from simlib.policy.clauses import clauses
from simlib.policy.diff import diff
from simlib.policy.explain import explain
from simlib.scenario.rulebook import load_rulebook
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.workbench import explore

# the pictures need matplotlib, which takes a while to load; they are fetched when first asked for
_PICTURES = (
    "availability",
    "bottleneck_bars",
    "calendar_strip",
    "drug_story",
    "filling",
    "hospital_strips",
    "passage",
    "process_map",
    "save",
    "tile_still",
)

moved.put_up()

# methods whose work stands in a room above their object's
register("Result.plot", "simlib.see:availability")
register("Trace.text", "simlib.words.story:as_text")
register("Trace.to_dict", "simlib.words.story:as_data")

_LATER = dict.fromkeys(_PICTURES, "simlib.see") | {
    "overlay": "simlib.see.overlay",
    "read_observed": "simlib.outcomes.observed",
}


def __getattr__(name: str) -> Any:
    """The pictures of `simlib.see`, and a user's own data beside the model's curves."""
    if name not in _LATER:
        raise AttributeError(f"module 'simlib' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


__all__ = [
    "Effect",
    "InputError",
    "Result",
    "Scenario",
    "bottleneck",
    "budget_impact",
    "clauses",
    "compare",
    "data_dictionary",
    "diff",
    "events",
    "explain",
    "explore",
    "load_rulebook",
    "load_scenario",
    "simulate",
    "trace",
    *_LATER,
]
