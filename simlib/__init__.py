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
from typing import TYPE_CHECKING, Any

from simlib.core import moved
from simlib.core.registry import register
from simlib.core.version import __version__ as __version__

if TYPE_CHECKING:  # for editors and type checkers; a test compares it with `_HOMES`
    from simlib.core.files import InputError as InputError
    from simlib.experiments.attribution.attribute import attribute as attribute
    from simlib.experiments.attribution.ledger import Ledger as Ledger
    from simlib.experiments.bottleneck import bottleneck as bottleneck
    from simlib.experiments.budget import budget_impact as budget_impact
    from simlib.experiments.cluster import cluster as cluster
    from simlib.experiments.discovery.fails import Fails as Fails
    from simlib.experiments.discovery.fails import fails as fails
    from simlib.experiments.discovery.search import Search as Search
    from simlib.experiments.discovery.search import search as search
    from simlib.experiments.hinge import Hinge as Hinge
    from simlib.experiments.hinge import hinge as hinge
    from simlib.experiments.obedience_curve import obedience_curve as obedience_curve
    from simlib.experiments.run import Effect as Effect
    from simlib.experiments.run import Result as Result
    from simlib.experiments.run import compare as compare
    from simlib.experiments.run import simulate as simulate
    from simlib.experiments.simultaneous import simultaneous as simultaneous
    from simlib.experiments.worth import Worth as Worth
    from simlib.experiments.worth import worth as worth
    from simlib.outcomes.dictionary import data_dictionary as data_dictionary
    from simlib.outcomes.events import events as events
    from simlib.outcomes.observed import read_observed as read_observed
    from simlib.outcomes.trace import trace as trace
    from simlib.policy.clauses import clauses as clauses
    from simlib.policy.diff import diff as diff
    from simlib.policy.explain import explain as explain
    from simlib.scenario.rulebook import load_rulebook as load_rulebook
    from simlib.scenario.scenario import Scenario as Scenario
    from simlib.scenario.scenario import load_scenario as load_scenario
    from simlib.see import availability as availability
    from simlib.see import bottleneck_bars as bottleneck_bars
    from simlib.see import calendar_strip as calendar_strip
    from simlib.see import drug_story as drug_story
    from simlib.see import failing as failing
    from simlib.see import filling as filling
    from simlib.see import frontier as frontier
    from simlib.see import hospital_strips as hospital_strips
    from simlib.see import obedience_line as obedience_line
    from simlib.see import passage as passage
    from simlib.see import process_map as process_map
    from simlib.see import save as save
    from simlib.see import tile_still as tile_still
    from simlib.see import waterfall as waterfall
    from simlib.see.overlay import overlay as overlay
    from simlib.workbench import explore as explore

moved.put_up()

# methods whose work stands in a room above their object's
register("Result.plot", "simlib.see:availability")
register("Fails.plot", "simlib.see:failing")
register("Ledger.plot", "simlib.see:waterfall")
register("every compiled function", "simlib.model.every_stage:call_every_function")
register("report.stress", "simlib.documentation.appendix:stress")
register("Search.plot", "simlib.see:frontier")
register("Trace.text", "simlib.words.story:as_text")
register("Trace.to_dict", "simlib.words.story:as_data")

_HOMES = {
    "Effect": "simlib.experiments.run",
    "Fails": "simlib.experiments.discovery.fails",
    "Hinge": "simlib.experiments.hinge",
    "InputError": "simlib.core.files",
    "Ledger": "simlib.experiments.attribution.ledger",
    "Result": "simlib.experiments.run",
    "Scenario": "simlib.scenario.scenario",
    "Search": "simlib.experiments.discovery.search",
    "Worth": "simlib.experiments.worth",
    "attribute": "simlib.experiments.attribution.attribute",
    "availability": "simlib.see",
    "bottleneck": "simlib.experiments.bottleneck",
    "bottleneck_bars": "simlib.see",
    "budget_impact": "simlib.experiments.budget",
    "calendar_strip": "simlib.see",
    "clauses": "simlib.policy.clauses",
    "cluster": "simlib.experiments.cluster",
    "compare": "simlib.experiments.run",
    "data_dictionary": "simlib.outcomes.dictionary",
    "diff": "simlib.policy.diff",
    "drug_story": "simlib.see",
    "events": "simlib.outcomes.events",
    "explain": "simlib.policy.explain",
    "explore": "simlib.workbench",
    "failing": "simlib.see",
    "fails": "simlib.experiments.discovery.fails",
    "filling": "simlib.see",
    "frontier": "simlib.see",
    "hinge": "simlib.experiments.hinge",
    "hospital_strips": "simlib.see",
    "load_rulebook": "simlib.scenario.rulebook",
    "load_scenario": "simlib.scenario.scenario",
    "obedience_curve": "simlib.experiments.obedience_curve",
    "obedience_line": "simlib.see",
    "overlay": "simlib.see.overlay",
    "passage": "simlib.see",
    "process_map": "simlib.see",
    "read_observed": "simlib.outcomes.observed",
    "save": "simlib.see",
    "search": "simlib.experiments.discovery.search",
    "simulate": "simlib.experiments.run",
    "simultaneous": "simlib.experiments.simultaneous",
    "tile_still": "simlib.see",
    "trace": "simlib.outcomes.trace",
    "waterfall": "simlib.see",
    "worth": "simlib.experiments.worth",
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    """A public name, from its module; kept, so that the module is looked up once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simlib' has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    """What there is, fetched already or not."""
    return sorted({*globals(), *_HOMES})
