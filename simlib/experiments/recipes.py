"""A scenario as data that rebuilds it elsewhere, and the stored files on which it rests.

A recipe holds the scenario's file itself, and in it the region, the cohort and the policy that stand in files of one's own; what
`scenarios/` has is named, for every checkout has it. A list of one's own (hospitals, drugs) is named, too: it stays with whom it
belongs to, and whoever checks a number needs it in the folder from which he asks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from simlib.core.files import InputError, home, read_yaml, scenario_files, scenarios, shown
from simlib.core.strict import Strict
from simlib.scenario.names import scenario_document
from simlib.scenario.parts import found_from
from simlib.scenario.scenario import Scenario, load_scenario

PARTS = ("region", "cohort", "policy")  # that a scenario may name by a file
YAML = (".yaml", ".yml")


class Recipe(Strict):
    """What rebuilds a scenario: its file, single changes, and the names of stored variants, as `load_scenario` takes them."""

    file: dict[str, Any]
    changes: dict[str, Any] = {}
    variants: list[str] = []

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return str(self.changes.get("name", self.file.get("name", "")))

    def scenario(self) -> Scenario:
        """The scenario; InputError where it cannot be built here."""
        return load_scenario(self.file, self.changes, self.variants)


def recipe_of(name: Any, changes: Mapping[str, Any] | None = None, variants: Sequence[str] = ()) -> Recipe:
    """The recipe of a scenario, named as `load_scenario` takes it.

    Raises
    ------
    InputError
        Where the recipe would not make the same scenario elsewhere: what it names stands only here.
    """
    document = scenario_document(name)
    if own := [v for v in variants if v.endswith(YAML)]:
        raise InputError(f"{own[0]}: a variant of your own stands in no seal; give its changes with --set")
    file, sets = (_whole(data, document.folder) for data in (document.data, changes or {}))
    found = Recipe(file=file, changes=sets, variants=list(variants))
    if _decides(found.scenario()) != _decides(load_scenario(name, dict(changes or {}), variants)):
        raise InputError(f"{document.file}: what it names would not be found elsewhere")
    return found


def _whole(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Data as JSON has it, and in it whatever part stands in a file of one's own."""
    out = json.loads(json.dumps(data, default=_text))
    for key in PARTS:
        if isinstance(named := out.get(key), str) and named.endswith(YAML):
            out[key] = json.loads(json.dumps(read_yaml(found_from(folder, named)).data, default=_text))
    return out


def _text(value: Any) -> str:
    """A date as a file has it."""
    if isinstance(value, date):
        return value.isoformat()
    raise InputError(f"{value!r}: stands in no file, and so in no seal")


def _decides(scenario: Scenario) -> dict[str, Any]:
    """All that decides a scenario's results, whether its parts were named or written into it."""
    spec = json.loads(scenario.spec)
    return spec | {"file": {key: value for key, value in spec["file"].items() if key not in PARTS}}


def files_of(scenario: Scenario, recipe: Recipe) -> set[str]:
    """The files on which a scenario rests, as paths in the project; a list of one's own by its path from the working folder."""
    file, variants = json.loads(scenario.spec)["file"], (*recipe.file.get("variants", ()), *recipe.variants)
    own = scenario_files().get(recipe.file.get("name", ""))  # no cell of an experiment, which its recipe holds
    known = {shown(own)} if own else set()
    known |= {layer.source.file for layer in scenario.policy.layers}
    known |= {s.origin.file for settings in scenario.settings.values() for s in settings}
    known |= {f"scenarios/variants/{name}.yaml" for name in variants}
    known |= {"scenarios/assumptions.yaml", "scenarios/readings.yaml", f"scenarios/{file.get('rounds')}.yaml"}
    known |= {"scenarios/fitted/numbers.csv"} if scenario.world == "fitted" else set()
    lists: set[str] = set()
    for folder, part, key in (("regions", file.get("region"), "hospitals"), ("cohorts", file["cohort"], "list")):
        if isinstance(part, str):
            known.add(f"scenarios/{folder}/{part}.yaml")
        lists |= _list(folder, part, key)
    return {name for name in known if name.startswith("scenarios/") and (home() / name).is_file()} | lists


def _list(folder: str, part: Any, key: str) -> set[str]:
    """The list that a region or a cohort names: a stored one, or else one's own; none where it names none."""
    data = read_yaml(scenarios() / folder / f"{part}.yaml").data if isinstance(part, str) else part or {}
    if (name := data.get(key)) is None:
        return set()
    stored = scenarios() / folder / name
    return {f"scenarios/{folder}/{name}" if stored.is_file() else Path(name).as_posix()}
