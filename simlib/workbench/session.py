"""What is being explored, without any widget: a place, a rulebook, drugs, changes, and what can be done with them."""

from __future__ import annotations

import json
import pprint
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from simlib.core.files import InputError, one_of
from simlib.policy.changes import FIELDS, is_change
from simlib.policy.diff import diff
from simlib.policy.load import BASE
from simlib.policy.load import names as policy_names
from simlib.policy.rules import Policy
from simlib.policy.stacking import WITHOUT
from simlib.scenario import rulebook
from simlib.scenario.experiment_files import OBEDIENCE, SIDES
from simlib.scenario.layers import changes_layer
from simlib.scenario.scenario import Scenario, ScenarioFile, load_scenario
from simlib.scenario.variants import load_variant
from simlib.workbench.controls import Control, Moved, controls
from simlib.workbench.places import SMALL, cohort_dates, cohorts, inputs, is_named, regions, stacked
from simlib.workbench.refusal import Refusal

NUMBERS = ("middle", "fitted", "assumed")  # where the assumed numbers of a replication come from
WRITTEN = "as-written"  # the baseline that is the chosen rulebook without changes
_RULES = {"policy", "readings", "changes", "obedience", "as_dated"}  # keys of a scenario that are of its rules
WORLD = frozenset(ScenarioFile.model_fields) - _RULES  # the others: of the world in which rulebooks are compared


@dataclass(frozen=True)
class Spec:
    """A scenario as a name and what is set: enough for another process to load the same, and a line of Python."""

    name: str
    set: dict[str, Any] = field(default_factory=dict)
    files: str = ""  # the state of the files that it is loaded from (`inputs`)

    @property
    def key(self) -> str:
        """The same text for the same world, and another one once a file that it is made of was edited."""
        return json.dumps([self.name, list(self.set.items()), self.files], ensure_ascii=False, default=str)

    def load(self) -> Scenario:
        """The scenario; InputError for whatever cannot be used."""
        return load_scenario(self.name, self.set)

    def python(self) -> str:
        """The call that loads it."""
        if not self.set:
            return f'simlib.load_scenario("{self.name}")'
        body = pprint.pformat(self.set, sort_dicts=False, width=96).replace("\n", "\n    ")
        return f'simlib.load_scenario(\n    "{self.name}",\n    {body},\n)'


@dataclass(frozen=True)
class Choice:
    """What is picked, and the changes laid over it. baseline: a policy, or WRITTEN."""

    region: str = SMALL
    policy: str = "sichuan"
    cohort: str = "synthetic-small"
    obedience: str = "default"
    world: str = "middle"
    baseline: str = BASE
    changes: tuple[tuple[str, Any], ...] = ()


class Session:
    """A choice that can be moved, undone, told as a difference or as Python, and saved."""

    def __init__(self, choice: Choice | None = None) -> None:
        self.choice = choice or Choice()
        self.past: list[Choice] = []
        self._under: tuple[Choice, Policy] | None = None
        self._specs: tuple[Choice | None, dict[tuple[str, bool], Spec]] = None, {}
        self.files = inputs()
        _known(self.choice)

    def refresh(self) -> bool:
        """Take note of files that were edited meanwhile; whether any was."""
        before, self.files = self.files, inputs()
        if self.files != before:
            self._under, self._specs = None, (None, {})
        return self.files != before

    # ---- picking

    def pick(self, **what: str) -> None:
        """Choose region, policy, cohort, obedience, world or baseline; another policy comes without changes."""
        changes = self.choice.changes
        if what.get("policy", self.choice.policy) != self.choice.policy:
            changes = ()
        if what.get("region", self.choice.region) != self.choice.region:
            what = {"cohort": "synthetic-small" if what["region"] == SMALL else "nmpa", **what}
        self._become(replace(self.choice, changes=changes, **what))  # type: ignore[arg-type]

    def _become(self, choice: Choice) -> None:
        if choice != self.choice:
            _known(choice)
            policy_under(choice)  # a change that cannot be is refused before anything is kept
            self.past.append(self.choice)
            self.choice = choice

    def undo(self) -> bool:
        """Take the last step back; False if there is none."""
        if not self.past:
            return False
        self.choice = self.past.pop()
        return True

    def reset(self) -> None:
        """The rulebook as written."""
        self._become(replace(self.choice, changes=()))

    # ---- moving

    @property
    def changes(self) -> dict[str, Any]:
        """The changes, by key."""
        return dict(self.choice.changes)

    def put(self, changes: dict[str, Any]) -> None:
        """Lay further changes over the choice (a rule, a reading, an assumed number); InputError if they mean nothing."""
        changes = {k: _undated(v) for k, v in changes.items()}
        kept = {k: v for k, v in self.changes.items() if k not in changes}
        picked = {k: changes[k] for k in ("obedience", "policy", "cohort", "region", "world") if k in changes}
        rest = {k: v for k, v in changes.items() if k not in picked}
        if "policy" in picked:
            kept = {}
        before = self.choice
        self._become(replace(before, **picked, changes=(*kept.items(), *rest.items())))
        if any(k in WORLD for k in rest) and self.choice is not before:
            self._or_back(before)

    def _or_back(self, before: Choice) -> None:
        """Whether dates and seeds can be shows only when the scenario is loaded; one that cannot is taken back."""
        try:
            self.spec().load()
        except InputError:
            self.choice = before
            self.past.pop()
            raise

    def open_variant(self, name: str) -> None:
        """Lay a stored variant, and nothing else, over the rulebook."""
        changes = load_variant(name).changes
        before = self.choice
        self.choice = replace(before, changes=())
        try:
            self.put(changes)
        except InputError:
            self.choice = before
            raise
        if self.past and self.past[-1] == replace(before, changes=()):
            self.past[-1] = before

    def controls(self) -> list[Control]:
        """Every lever of the rulebook as written, in the order of the flow."""
        return controls(self.written())

    def where(self, control: Control) -> Moved:
        """Where a control stands now."""
        return control.where(self.policy())

    def move(self, control: Control, **to: Any) -> None:
        """Move a control: on, value (in the control's unit), strength. What is back as written is no change."""
        if control.locked and ("value" in to or "strength" in to):
            raise Refusal("locked", clause=control.clause)
        wanted = replace(self.where(control), **to)
        if control.shape == "words" and not wanted.value:
            wanted = replace(wanted, on=False)
        kept = {k: v for k, v in self.changes.items() if k not in _keys(control)}
        if wanted.on and control.clause:
            kept = _without_off(kept, control)
        under = control.where(policy_under(replace(self.choice, changes=tuple(kept.items()))))
        self._become(replace(self.choice, changes=(*kept.items(), *_change(control, under, wanted).items())))

    # ---- what it amounts to

    def written(self) -> Policy:
        """The rulebook as its documents have it, in this region."""
        return stacked(self.choice.policy, self.choice.region)

    def policy(self) -> Policy:
        """The rulebook under the changes."""
        if self._under is None or self._under[0] is not self.choice:
            self._under = self.choice, policy_under(self.choice)
        return self._under[1]

    def spec(self) -> Spec:
        """The scenario with its changes."""
        return self._spec(self.choice.policy, True)

    def written_spec(self) -> Spec:
        """The scenario without changes."""
        return self._spec(self.choice.policy, False)

    def baseline_spec(self) -> Spec:
        """What it is compared with."""
        return self._spec(self.choice.policy if self.choice.baseline == WRITTEN else self.choice.baseline, False)

    def _spec(self, policy: str, changed: bool) -> Spec:
        """A scenario of this choice, made once a choice, since a picture asks for it many times."""
        if self._specs[0] is not self.choice:
            self._specs = self.choice, {}
        made = self._specs[1]
        if (policy, changed) not in made:
            made[policy, changed] = self._made(policy, self.changes if changed else {})
        return made[policy, changed]

    def _made(self, policy: str, changes: dict[str, Any]) -> Spec:
        """What is changed of the world (dates, seed) holds for every scenario, so that they are paired."""
        c = self.choice
        changes = {k: v for k, v in self.changes.items() if k in WORLD} | changes
        if c.world != "middle":
            changes = {"world": c.world} | changes
        dates = cohort_dates(c.cohort)
        if c.region == SMALL:
            given = {"policy": policy, "cohort": c.cohort, "obedience": c.obedience, **dates}
            usual = {
                "policy": BASE,
                "cohort": "synthetic-small",
                "obedience": "default",
                **cohort_dates("synthetic-small"),
            }
            return Spec(SMALL, {k: v for k, v in given.items() if usual[k] != v} | changes, self.files)
        given = {} if c.cohort == "nmpa" else {"cohort": c.cohort, **dates}
        name = f"{c.region}-{policy}-{c.obedience}"
        if not is_named(name):
            stored = c.obedience if c.obedience in SIDES else "default"  # every place is stored at these degrees
            degree = {} if stored == c.obedience else {"obedience": c.obedience}
            name, given = f"{c.region}-{BASE}-{stored}", {"policy": policy, **degree, **given}
        return Spec(name, given | changes, self.files)

    def diff(self) -> pd.DataFrame:
        """What the changes do to the rules (columns of `simlib.diff`: a is as written, b is now)."""
        return diff(self.written(), self.policy())

    def other_changes(self) -> dict[str, Any]:
        """Changes that are no rules: readings, assumed numbers, keys of the scenario."""
        return {k: v for k, v in self.changes.items() if not is_change(k)}

    def python(self, replications: int = 16) -> str:
        """Python that does what is on the screen."""
        return (
            "import simlib\n\n"
            f"scenario = {self.spec().python()}\n"
            f"baseline = {self.baseline_spec().python()}\n"
            f"n = {replications}\n"
            "effect = simlib.compare(simlib.simulate(scenario, n), simlib.simulate(baseline, n))\n"
            "effect.table()\n"
        )


def _known(choice: Choice) -> None:
    """InputError for a name that does not exist."""
    for value, allowed, what in (
        (choice.region, regions(), "region"), (choice.policy, policy_names(), "policy"), (choice.cohort, cohorts(), "cohort"),
        (choice.obedience, OBEDIENCE, "obedience"), (choice.world, NUMBERS, "world"), (choice.baseline, [WRITTEN, *policy_names()], "baseline"),
    ):  # fmt: skip
        if value not in allowed:
            raise InputError(one_of(str(value), allowed, what))


def policy_under(choice: Choice) -> Policy:
    """The rulebook of a choice in its region, under its readings and changes; InputError if they cannot be."""
    layer = changes_layer("set", dict(choice.changes), ScenarioFile.model_fields)
    return rulebook.policy_under(stacked(choice.policy, choice.region), [layer])


def _undated(value: Any) -> Any:
    """A value whose days are text, as another process and a line of Python can be given them."""
    if isinstance(value, date):
        return value.isoformat()
    return [_undated(v) for v in value] if isinstance(value, list) else value


def _keys(control: Control) -> set[str]:
    """The keys of changes that moving a control makes."""
    return {control.key, *(f"{control.key}.{f}" for f in FIELDS)} if control.clause else {control.key}


def _without_off(changes: dict[str, Any], control: Control) -> dict[str, Any]:
    """Changes less what takes the rule of a control out."""
    out = {k: v for k, v in changes.items() if not (k == control.lever.name and v in ("off", False))}
    gone = out.get(WITHOUT, [])
    if control.clause in gone:
        out[WITHOUT] = [c for c in gone if c != control.clause]
    return {k: v for k, v in out.items() if k != WITHOUT or v}


def _change(control: Control, under: Moved, wanted: Moved) -> dict[str, Any]:
    """The changes that bring a control from where it is without them to where it is wanted."""
    if not control.clause:
        within = "within" if control.lever.name.startswith("committee.duty.") else "value"
        rule = {within: control.said(wanted.value), "scope": control.scope, "strength": wanted.strength}
        return {control.key: rule} if wanted.on else {}
    if not wanted.on:
        return {control.key: "off"} if under.on else {}
    out: dict[str, Any] = {}
    if control.said(wanted.value) != control.said(under.value) or not under.on:
        out[control.key] = control.said(wanted.value)
    if wanted.strength != under.strength:
        out[f"{control.key}.strength"] = wanted.strength
    return out
