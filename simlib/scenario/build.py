"""From a checked scenario to one that can be simulated: its calendar, its rounds of the catalogue, its hash."""

from __future__ import annotations

import json
from datetime import date

from simlib.core.files import Fault, InputError
from simlib.core.workdays import Calendar, calendar
from simlib.policy.rules import Policy, Rule, Title
from simlib.scenario.checked import Checked
from simlib.scenario.definition import Round, Scenario
from simlib.scenario.drawn import answers_of
from simlib.scenario.fitted import check_answers, fitted_sha
from simlib.scenario.rounds import rounds_of

BEYOND = 365 * 5 + 30  # days of calendar kept past the horizon, for limits and lock-outs that end there


def build(checked: Checked, changes: tuple[str, ...] = ()) -> Scenario:
    """The scenario. changes: what the caller changed, as it names it. InputError for days that no calendar has."""
    file, days = checked.file, checked.days
    with checked.document.placed():
        rounds = rounds_of(file.rounds, file.start, days.horizon) if checked.parameters.stages.catalogue else ()
        spec = _spec(checked, rounds)
        cal = _calendar(file.calendar, file.start, int(days.horizon) + BEYOND, checked.parameters.clocks.rolling)
    made = Scenario(
        name=file.name,
        title=file.title or Title(en=file.name, zh=file.name),
        region=checked.region,
        policy=checked.policy,
        cohort=checked.cohort,
        calendar=cal,
        policy_from=days.policy_from,
        horizon=days.horizon,
        count_until=days.count_until,
        as_dated=file.as_dated,
        obedience=file.obedience,
        seed=file.seed,
        replications=file.replications,
        snapshots=days.snapshots,
        rounds=rounds,
        parameters=checked.parameters,
        assumptions=checked.assumptions,
        changes=changes,
        spec=spec,
        world=file.world,
        settings=checked.settings,
    )
    if made.world == "fitted":
        with checked.document.placed():
            _check_answers(made)
    return made


def _check_answers(scenario: Scenario) -> None:
    """Fault where no fitted worlds were made under the numbers of the scenario that express readings."""
    try:
        check_answers(answers_of(scenario))
    except InputError as e:
        raise Fault(("world",), f"fitted: {e}") from None


def _calendar(kind: str, start: date, days: int, rolling: str) -> Calendar:
    try:
        return calendar(kind, start, days, rolling)
    except ValueError as e:
        raise Fault(("start",), str(e).removeprefix(f"start {start}: ")) from None


def _spec(checked: Checked, rounds: tuple[Round, ...]) -> str:
    """All that decides results, as JSON."""
    usual = {"start_from": None, "world": "middle"}  # keys that came later: what is as it always was keeps its hash
    spec = {
        "file": checked.file.model_dump(
            mode="json", exclude={key for key, value in usual.items() if getattr(checked.file, key) == value}
        ),
        "region": checked.region.spec() if checked.region else None,
        "cohort": checked.cohort.model_dump(mode="json"),
        "policy": _spec_of_policy(checked.policy),
        "parameters": checked.parameters.model_dump(mode="json", by_alias=True),
        "rounds": [[r.year, r.cut_off, r.published, r.effective] for r in rounds],
        "list": checked.cohort.listed.digest if checked.cohort.listed else None,
    }
    if checked.file.world == "fitted":
        spec["fitted"] = fitted_sha()
    return json.dumps(spec, sort_keys=True, ensure_ascii=False)


def _spec_of_policy(policy: Policy) -> list:
    layers = [[str(x.start), str(x.end), x.place, x.stacking, len(x.rules)] for x in policy.layers]
    return [[_plain(r) for r in policy.rules], layers]


def _plain(rule: Rule) -> list:
    value = sorted(rule.value) if isinstance(rule.value, frozenset) else rule.value
    days = [str(rule.start), str(rule.end)] if rule.start or rule.end else []
    return [rule.lever, value, rule.drugs, rule.hospitals, rule.strength, rule.clause, rule.relief, *days]
