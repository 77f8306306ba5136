"""From a checked scenario to one that can be simulated: its calendar, its rounds of the catalogue, its hash."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from simlib.core.files import Fault, nearest, read_yaml, scenarios, shown
from simlib.core.workdays import Calendar, calendar
from simlib.policy.rules import Policy, Rule, Title
from simlib.scenario.checked import Checked
from simlib.scenario.definition import Round, Scenario

TIMES = ("cut_off", "published", "effective")  # of a round, as its file has them
BEYOND = 365 * 5 + 30  # days of calendar kept past the horizon, for limits and lock-outs that end there


def build(checked: Checked, changes: tuple[str, ...] = ()) -> Scenario:
    """The scenario. changes: what the caller changed, as it names it. InputError for days that no calendar has."""
    file, days = checked.file, checked.days
    with checked.document.placed():
        rounds = _rounds(file.rounds, file.start, days.horizon) if checked.parameters.stages.catalogue else ()
        spec = _spec(checked, rounds)
        cal = _calendar(file.calendar, file.start, int(days.horizon) + BEYOND, checked.parameters.clocks.rolling)
    return Scenario(
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
        settings=checked.settings,
    )


def _calendar(kind: str, start: date, days: int, rolling: str) -> Calendar:
    try:
        return calendar(kind, start, days, rolling)
    except ValueError as e:
        raise Fault(("start",), str(e).removeprefix(f"start {start}: ")) from None


def _rounds(name: str | None, start: date, horizon: float) -> tuple[Round, ...]:
    """The rounds that are published within the run: those of the file, then one a year by its rule."""
    if name is None:
        return ()
    path = scenarios() / f"{name}.yaml"
    data = read_yaml(path).data if path.is_file() else {}
    if "rounds" not in data:
        raise Fault(("rounds",), f"no rounds in {shown(path)}{nearest(name, ['catalogue_rounds'])}")
    known = [Round(int(year), *_times(start, row), row["kind"]) for year, row in data["rounds"].items()]
    rounds = [r for r in known if 0 <= r.published < horizon]
    first = max((r.year for r in rounds), default=start.year - 1) + 1
    return (*rounds, *_assumed_rounds(data["rule"], first, start, horizon))


def _assumed_rounds(rule: dict[str, Any], year: int, start: date, horizon: float) -> Iterator[Round]:
    """A round a year from `year` on, on the days of the rule, in effect in the year after."""
    for of in itertools.count(year):
        days = {key: date(of + (key == "effective"), *rule[key]) for key in TIMES}
        found = Round(of, *_times(start, days), "assumed")
        if found.published >= horizon:
            return
        yield found


def _times(start: date, days: dict[str, date]) -> list[float]:
    """Days from the start to the dates of a round."""
    return [float((days[key] - start).days) for key in TIMES]


def _spec(checked: Checked, rounds: tuple[Round, ...]) -> str:
    """All that decides results, as JSON."""
    spec = {
        "file": checked.file.model_dump(mode="json", exclude=set() if checked.file.start_from else {"start_from"}),
        "region": checked.region.spec() if checked.region else None,
        "cohort": checked.cohort.model_dump(mode="json"),
        "policy": _spec_of_policy(checked.policy),
        "parameters": checked.parameters.model_dump(mode="json", by_alias=True),
        "rounds": [[r.year, r.cut_off, r.published, r.effective] for r in rounds],
        "list": checked.cohort.listed.digest if checked.cohort.listed else None,
    }
    return json.dumps(spec, sort_keys=True, ensure_ascii=False)


def _spec_of_policy(policy: Policy) -> list:
    layers = [[str(x.start), str(x.end), x.place, x.stacking, len(x.rules)] for x in policy.layers]
    return [[_plain(r) for r in policy.rules], layers]


def _plain(rule: Rule) -> list:
    value = sorted(rule.value) if isinstance(rule.value, frozenset) else rule.value
    days = [str(rule.start), str(rule.end)] if rule.start or rule.end else []
    return [rule.lever, value, rule.drugs, rule.hospitals, rule.strength, rule.clause, rule.relief, *days]
