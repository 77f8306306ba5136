"""What is being explored, without any widget: a place, a rulebook, drugs, changes, and what can be done with them."""

from __future__ import annotations

import functools
import json
import pprint
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from simlib.experiments.plan import find_scenario
from simlib.explore.controls import Control, Moved, controls
from simlib.files import InputError, one_of, read_yaml, scenarios
from simlib.overrides import Overrides, changed_policy, readings_chosen
from simlib.policy.change import FIELDS, WITHOUT, is_change
from simlib.policy.differ import diff
from simlib.policy.load import BASE, for_region, load_policy
from simlib.policy.load import names as policy_names
from simlib.policy.rules import Policy
from simlib.scenario import OBEDIENCE, Scenario, load_scenario
from simlib.variants import load_variant

SMALL = "small-world"
WRITTEN = "as-written"  # the baseline that is the chosen rulebook without changes
_AFTER = {
    "synthetic-small": 2,
    "synthetic-province": 1,
    "synthetic-nation": 1,
}  # years that are run past the last drugs


@dataclass(frozen=True)
class Spec:
    """A scenario as a name and what is set: enough for another process to load the same, and a line of Python."""

    name: str
    set: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same text for the same world."""
        return json.dumps([self.name, list(self.set.items())], ensure_ascii=False)

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
    baseline: str = BASE
    changes: tuple[tuple[str, Any], ...] = ()


class Session:
    """A choice that can be moved, undone, told as a difference or as Python, and saved."""

    def __init__(self, choice: Choice | None = None) -> None:
        self.choice = choice or Choice()
        self.past: list[Choice] = []
        self._under: tuple[Choice, Policy] | None = None
        _known(self.choice)

    # ---- picking

    def pick(self, **what: str) -> None:
        """Choose region, policy, cohort, obedience or baseline; another policy comes without changes."""
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
        kept = {k: v for k, v in self.changes.items() if k not in changes}
        picked = {k: changes[k] for k in ("obedience", "policy", "cohort", "region") if k in changes}
        rest = {k: v for k, v in changes.items() if k not in picked}
        if "policy" in picked:
            kept = {}
        self._become(replace(self.choice, **picked, changes=(*kept.items(), *rest.items())))

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
        return self._spec(self.choice.policy, self.changes)

    def written_spec(self) -> Spec:
        """The scenario without changes."""
        return self._spec(self.choice.policy, {})

    def baseline_spec(self) -> Spec:
        """What it is compared with."""
        own = self.choice.baseline == WRITTEN
        return self.written_spec() if own else self._spec(self.choice.baseline, {})

    def _spec(self, policy: str, changes: dict[str, Any]) -> Spec:
        c = self.choice
        dates = cohort_dates(c.cohort)
        if c.region == SMALL:
            given = {"policy": policy, "cohort": c.cohort, "obedience": c.obedience, **dates}
            usual = {
                "policy": BASE,
                "cohort": "synthetic-small",
                "obedience": "default",
                **cohort_dates("synthetic-small"),
            }
            return Spec(SMALL, {k: v for k, v in given.items() if usual[k] != v} | changes)
        given = {} if c.cohort == "nmpa" else {"cohort": c.cohort, **dates}
        name = f"{c.region}-{policy}-{c.obedience}"
        if not _is_named(name):
            name, given = f"{c.region}-{BASE}-{c.obedience}", {"policy": policy, **given}
        return Spec(name, given | changes)

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
        (choice.obedience, OBEDIENCE, "obedience"), (choice.baseline, [WRITTEN, *policy_names()], "baseline"),
    ):  # fmt: skip
        if value not in allowed:
            raise InputError(one_of(value, allowed, what))


def regions() -> list[str]:
    """The small world and the regions of `scenarios/regions/`."""
    return [SMALL, *sorted(p.stem for p in (scenarios() / "regions").glob("*.yaml"))]


def cohorts() -> list[str]:
    """The cohorts of `scenarios/cohorts/`."""
    return sorted(p.stem for p in (scenarios() / "cohorts").glob("*.yaml"))


def cohort_dates(cohort: str) -> dict[str, str]:
    """First day, start of the policy and last day of a run that does a cohort justice: made-up drugs have own years."""
    years = read_yaml(scenarios() / "cohorts" / f"{cohort}.yaml").data.get("yearly_counts", {})
    if cohort not in _AFTER or not years:
        return {"start": "2018-01-01", "policy_from": "2024-01-01", "end": "2026-12-31"}
    first, last = min(map(int, years)), max(map(int, years))
    return {
        "start": f"{first}-01-01", "policy_from": f"{first + 1}-01-01", "end": f"{last + _AFTER[cohort]}-12-31",
    }  # fmt: skip


def stacked(policy: str, region: str) -> Policy:
    """A rulebook in a region; read anew only when a policy file has changed, since a move asks for it many times."""
    return _stacked(
        policy, region, tuple(p.stat().st_mtime_ns for p in sorted((scenarios() / "policies").glob("*.yaml")))
    )


@functools.lru_cache(maxsize=64)
def _stacked(policy: str, region: str, _times: tuple[int, ...]) -> Policy:
    return for_region(load_policy(policy), region)


@functools.cache
def _is_named(scenario: str) -> bool:
    return find_scenario(scenario) is not None


def policy_under(choice: Choice) -> Policy:
    """The rulebook of a choice in its region, under its readings and changes; InputError if they cannot be."""
    policy = stacked(choice.policy, choice.region)
    over = Overrides()
    over.add("set", dict(choice.changes), ())
    chosen, _ = readings_chosen(over.readings, policy)
    return changed_policy(policy, chosen, over.rules)


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
