"""Where modules went when the package was laid out in rooms, told to whoever imports one by its old path."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder

# (old package, new package): modules; OLD>NEW where the name changed too
MOVES = {
    ("simlib", "simlib.core"): "compiled complaints distributions files formats streams workdays",
    ("simlib", "simlib.policy"): "flow",
    ("simlib.policy", "simlib.policy"): (
        "together>merge restack>stacking stacked>replacement differ>diff change>changes inert>pending"
    ),
    ("simlib", "simlib.scenario"): "scenario overrides>layers parts variants rulebook schema",
    ("simlib.experiments", "simlib.scenario"): "plan>experiment_files changed>derived",
    ("simlib.world", "simlib.scenario"): "build>world",
    ("simlib", "simlib.model"): "model record",
    ("simlib.stages", "simlib.model"): (
        "state state_use>use_records rulebook>rules obey>obedience others>addressees log log_reasons clock begin "
        "begin_use account finish vectors"
    ),
    ("simlib.stages", "simlib.model.stages"): (
        "asking awareness catalogue committee decision duties later listing meetings pairs payers payers_case "
        "payers_cover preapproval purchase readiness recorded review routes service temporary trials use "
        "use_months use_open use_rules use_trials"
    ),
    ("simlib", "simlib.outcomes"): "record_events>events",
    ("simlib.report", "simlib.outcomes"): "trace",
    ("simlib.handout", "simlib.outcomes"): "observed observed_columns",
    ("simlib.report", "simlib.experiments"): "study samples",
    ("simlib", "simlib.experiments"): "records check check_changes",
    ("simlib.report.words", "simlib.words"): ("glossary story>story_words"),
    ("simlib.report", "simlib.words"): "names wrap story story_steps",
    ("simlib.report", "simlib.see"): "colours draw fonts figures figures_more>explaining_figures",
    ("simlib.handout", "simlib.see"): "overlay",
    ("simlib.report", "simlib.report"): "hurry>workload obeying>obedience worse>side_effects",
    ("simlib.handout", "simlib.documents"): (
        "appendices beside columns content export parts pdf sheets slides web word"
    ),
    ("simlib.explore", "simlib.workbench"): (
        "app controls engine head measures other panel picture places refusal save scene session sheet status "
        "tabs text widgets worker"
    ),
    ("simlib", "simlib.batch"): (
        "batch batch_assumptions>assumptions batch_base>base batch_comparison>comparison jobs kernel"
    ),
}


def moved() -> dict[str, str]:
    """New path of every module that moved, by its old one."""
    found = {}
    for (old, new), names in MOVES.items():
        for name in names.split():
            was, _, now = name.partition(">")
            if f"{old}.{was}" != new:  # the room has the old file's name
                found[f"{old}.{was}"] = f"{new}.{now or was}"
    return found


class _Signpost(MetaPathFinder):
    """Finds nothing, and says where a moved module is now.

    It is asked first, since a folder with nothing but old bytecode in it would pass for a package.
    """

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        """ModuleNotFoundError that names the new path; None for a module that did not move."""
        if not name.startswith("simlib."):
            return
        if name in ROOMS_GONE:
            raise ModuleNotFoundError(f"{name} is now {ROOMS_GONE[name]}", name=name)
        new = moved().get(name)
        if new:
            raise ModuleNotFoundError(f"{name} is now {new} (what is public stands in `simlib` itself)", name=name)


ROOMS_GONE = {
    "simlib.stages": "simlib.model.stages",
    "simlib.explore": "simlib.workbench",
    "simlib.handout": "simlib.documents",
    "simlib.report.words": "simlib.words",
}


def put_up() -> None:
    """Put the signpost up, once."""
    if not any(isinstance(finder, _Signpost) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Signpost())
