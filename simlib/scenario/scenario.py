"""One fully specified world: region, policy, cohort, dates, and every assumed number.

`load_scenario` reads a file of `scenarios/` (or any path), lays the scenario's own values over
``assumptions.yaml`` and the region's platform, checks everything, and returns a frozen `Scenario`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simlib.core.files import (
    Document,
    InputError,
    check_format,
    nearest,
    one_of,
    parse_yaml,
    read_yaml,
    scenarios,
    shown,
    validate,
)
from simlib.core.files import scenario_files as scenario_files
from simlib.core.workdays import Calendar, calendar
from simlib.policy.load import BASE, for_region
from simlib.policy.notices import notices
from simlib.policy.rules import Policy, Title
from simlib.scenario.changes import Overrides, changed_policy, copied, put, readings_chosen, tree
from simlib.scenario.experiment_files import Cell, find_scenario, scenario_names
from simlib.scenario.parts import beside, read_cohort, read_policy, read_region
from simlib.scenario.variants import composed
from simlib.scenario.variants import names as variant_names
from simlib.world.assumptions import Assumption, read_parameters
from simlib.world.cohort import Cohort
from simlib.world.parameters import Parameters
from simlib.world.region import Region

BEYOND = 365 * 5 + 30  # days of calendar kept past the horizon, for limits and lock-outs that end there


class ScenarioFile(BaseModel):
    """The keys of a scenario file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    name: str
    title: Title | None = None
    region: str | dict[str, Any] | None = None
    policy: str | dict[str, Any] | None = None
    cohort: str | dict[str, Any]
    calendar: Literal["china", "every_day"] = "china"
    start: date = date(2018, 1, 1)
    policy_from: date | Annotated[float, Field(ge=0)] = date(2024, 1, 1)
    end: date | None = None
    horizon_days: Annotated[float, Field(gt=0, le=2_000_000)] | None = None
    count_until: date | Annotated[float, Field(ge=0)] | None = None
    as_dated: bool = False
    obedience: Literal["full", "default", "none"] = "default"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 20240101
    replications: Annotated[int, Field(ge=1, le=100_000)] = 20
    snapshots: tuple[date, ...] = ()
    rounds: str | None = "catalogue_rounds"
    parameters: dict[str, Any] = {}
    readings: dict[str, str] = {}
    variants: tuple[str, ...] = ()
    changes: dict[str, Any] = {}


@dataclass(frozen=True)
class Round:
    """One yearly adjustment of the national catalogue, as times from the start."""

    year: int
    cut_off: float
    published: float
    effective: float
    kind: str


@dataclass(frozen=True)
class Scenario:
    """A world that can be simulated. Times count in days from `calendar.start`; `horizon` is the first time after it."""

    name: str
    title: Title
    region: Region | None
    policy: Policy
    cohort: Cohort
    calendar: Calendar
    policy_from: float
    horizon: float
    count_until: float
    as_dated: bool
    obedience: str
    seed: int
    replications: int
    snapshots: tuple[float, ...]
    rounds: tuple[Round, ...]
    parameters: Parameters
    assumptions: tuple[Assumption, ...]
    changes: tuple[str, ...]  # what was changed from outside the file, as KEY=VALUE
    spec: str  # everything above as JSON: a worker rebuilds the scenario from it, and resuming compares its hash

    def __repr__(self) -> str:
        days = f"{self.calendar.date(0)} to {self.calendar.date(self.horizon - 1)}"
        return f"<Scenario {self.name}: rules {self.policy.name}, obedience {self.obedience}, {days}, seed {self.seed}>"

    def digest(self) -> str:
        """Hash of everything that decides this scenario's results, but for code and replications."""
        return hashlib.sha256(self.spec.encode()).hexdigest()[:16]

    @property
    def notices(self) -> list[Title]:
        """Sentences on documents that this run applies outside their own days in force."""
        last = self.calendar.date(self.horizon - 1)
        return notices(self.policy, self.calendar.date(self.policy_from), last, self.as_dated)

    def with_replications(self, n: int) -> Scenario:
        """The same world with another number of replications."""
        return replace(self, replications=n)


def load_scenario(
    name: str | Path | dict | Document,
    set: dict[str, Any] | None = None,  # noqa: A002
    variants: Sequence[str] = (),
) -> Scenario:
    """Load a scenario by name, by path, from a mapping or a read document; `variants` and then `set` change it.

    A key of `set` is a key of the scenario file (``policy``, ``obedience``, ``end``, ...), a reading
    (``readings.B2``), a lever (``committee.duty.listing.within``, ``committee.barriers_removed@SC-02c``; see
    `simlib.policy.changes`) or the path of an assumed number (``decision.rho``). Nothing stored is changed.
    Raises InputError with one line for whatever cannot be used.
    """
    document = _document(name)
    data = dict(check_format("scenario", document, document.data))
    over, keys = Overrides(), ScenarioFile.model_fields
    for source, changes in composed(_names(document, data.get("variants"))):
        over.add(source, changes, keys)
    if isinstance(data.get("changes"), dict):
        for key, value in data["changes"].items():
            over.add(f"{document.source(('changes', key))}: changes", {key: value}, ())
    for source, changes in (*composed(list(variants)), ("set", set or {})):
        over.add(source, changes, keys)
    parameters = copied(data.get("parameters") or {})
    for path, value in over.numbers.items() if isinstance(parameters, dict) else ():
        try:
            put(parameters, path.split("."), value)
        except InputError as e:
            raise InputError(f"{over.by[('parameters', *path.split('.'))]} {e}") from None
    given = data.get("readings")
    codes = (given if isinstance(given, dict) else {}) | over.readings
    data |= over.keys | {"parameters": parameters} | ({"readings": codes} if codes else {})
    document = Document(document.file, data, document.lines, over.by)
    said = tuple(f"variant {v}" for v in variants) + tuple(f"{k}={v}" for k, v in (set or {}).items())
    return _build(document, validate(ScenarioFile, document, data), over.rules, said)


def load_cell(cell: Cell, replications: int | None = None) -> Scenario:
    """A scenario of an experiment, with the experiment's number of replications or another."""
    return load_scenario(cell.document).with_replications(replications or cell.replications)


def _names(document: Document, value: Any) -> list[str]:
    """The variants that a scenario file names; InputError at the one that there is not."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise document.error(("variants",), "expected a list of names of variants")
    found = []
    for i, name in enumerate(value):
        own = name.endswith((".yaml", ".yml"))
        if not own and name not in variant_names():
            raise document.error(
                ("variants", i), one_of(name, variant_names(), "variant") + " (or the path of a .yaml file)"
            )
        found.append(str(beside(document, ("variants", i), name)) if own else name)
    return found


def _document(name: str | Path | dict | Document) -> Document:
    if isinstance(name, Document):
        return name
    if isinstance(name, dict):
        return Document(str(name.get("name", "scenario")), name)
    text = str(name)
    if text.endswith((".yaml", ".yml")):
        return read_yaml(Path(text))
    files = scenario_files()
    if text in files:
        return read_yaml(files[text])
    found = find_scenario(text)
    if found is None:
        raise InputError(one_of(text, [*files, *scenario_names()], "scenario") + "; or a path to a .yaml file")
    return found


def _build(
    document: Document, file: ScenarioFile, rules: list[tuple[str, dict[str, Any]]], changes: tuple[str, ...] = ()
) -> Scenario:
    region = read_region(document, file.region)
    cohort = read_cohort(document, file.cohort)
    horizon = _horizon(document, file)
    stack = for_region(read_policy(document, file.policy or BASE), region.name if region else "")
    chosen, numbers = readings_chosen(file.readings, stack, document)
    layers = {
        "readings": tree(numbers),
        "platform": {"listing": region.platform} if region and region.platform else {},
        "parameters": file.parameters,
    }
    parameters, assumptions = read_parameters(document, layers)
    cal = _calendar(document, file, horizon, parameters)
    if cohort.pipeline and (wrong := cohort.pipeline.complaint(file.calendar, file.start)):
        raise document.error(("cohort",), wrong)
    from_ = _policy_from(document, file, cal, horizon)
    policy = changed_policy(stack, chosen, rules)
    rounds = _rounds(document, file.rounds, cal, horizon) if parameters.stages.catalogue else ()
    until = horizon if file.count_until is None else _time(cal, file.count_until)
    spec = {
        "file": file.model_dump(mode="json"),
        "region": region.spec() if region else None,
        "cohort": cohort.model_dump(mode="json"),
        "policy": [
            [_plain(r) for r in policy.rules],
            [[str(x.start), str(x.end), x.place, x.stacking, len(x.rules)] for x in policy.layers],
        ],
        "parameters": parameters.model_dump(mode="json", by_alias=True),
        "rounds": [[r.year, r.cut_off, r.published, r.effective] for r in rounds],
        "list": cohort.listed.digest if cohort.listed else None,
    }
    return Scenario(
        name=file.name,
        title=file.title or Title(en=file.name, zh=file.name),
        region=region,
        policy=policy,
        cohort=cohort,
        calendar=cal,
        policy_from=from_,
        horizon=horizon,
        count_until=until,
        as_dated=file.as_dated,
        obedience=file.obedience,
        seed=file.seed,
        replications=file.replications,
        snapshots=tuple(cal.index(d) for d in file.snapshots if cal.index(d) < horizon),
        rounds=rounds,
        parameters=parameters,
        assumptions=assumptions,
        changes=changes,
        spec=json.dumps(spec, sort_keys=True, ensure_ascii=False),
    )


def _calendar(document: Document, file: ScenarioFile, horizon: float, parameters: Parameters) -> Calendar:
    """The calendar of a run, with none of the file's days before its start."""
    try:
        cal = calendar(file.calendar, file.start, int(horizon) + BEYOND, parameters.clocks.rolling)
    except ValueError as e:
        raise document.error(("start",), str(e).removeprefix(f"start {file.start}: ")) from None
    for path, day in (
        (("count_until",), file.count_until),
        *((("snapshots", i), d) for i, d in enumerate(file.snapshots)),
    ):
        if isinstance(day, date) and day < file.start:
            raise document.error(path, f"{day} is before the start {file.start}")
    return cal


def _policy_from(document: Document, file: ScenarioFile, cal: Calendar, horizon: float) -> float:
    """The time at which the policy begins: a date inside the run."""
    from_ = _time(cal, file.policy_from)
    if from_ >= horizon:
        raise document.error(("policy_from",), f"{_said(file.policy_from)} is not before the end")
    if file.calendar == "china" and from_ != int(from_):
        raise document.error(("policy_from",), f"{file.policy_from} is no date; give a date or a whole number of days")
    if from_ < 0:
        raise document.error(("policy_from",), f"{file.policy_from} is before the start {file.start}")
    return from_


def _said(value: date | float) -> str:
    return str(value) if isinstance(value, date) else f"{value:g}"


def _plain(rule) -> list:
    value = sorted(rule.value) if isinstance(rule.value, frozenset) else rule.value
    days = [str(rule.start), str(rule.end)] if rule.start or rule.end else []
    return [rule.lever, value, rule.drugs, rule.hospitals, rule.strength, rule.clause, rule.relief, *days]


def _time(cal: Calendar, value: date | float) -> float:
    return cal.index(value) if isinstance(value, date) else float(value)


def _horizon(document: Document, file: ScenarioFile) -> float:
    if (file.end is None) == (file.horizon_days is None):
        raise document.error(("end",) if file.end else (), "give exactly one of end, horizon_days")
    if file.horizon_days is not None:
        return file.horizon_days
    if file.end <= file.start:
        raise document.error(("end",), f"the end {file.end} is not after the start {file.start}")
    return float((file.end - file.start).days + 1)  # the last day is inside the run


def _rounds(document: Document, name: str | None, cal: Calendar, horizon: float) -> tuple[Round, ...]:
    if name is None:
        return ()
    path = scenarios() / f"{name}.yaml"
    inner = read_yaml(path) if path.is_file() else Document("", {})
    if "rounds" not in inner.data:
        raise document.error(("rounds",), f"no rounds in {shown(path)}{nearest(name, ['catalogue_rounds'])}")
    rounds = []
    for year, row in inner.data["rounds"].items():
        when = [cal.index(row[k]) for k in ("cut_off", "published", "effective")]
        if 0 <= when[1] < horizon:
            rounds.append(Round(int(year), *when, row["kind"]))
    rule = inner.data["rule"]
    year = max((r.year for r in rounds), default=cal.start.year - 1) + 1
    while (when := cal.index(date(year, *rule["published"]))) < horizon:
        rounds.append(
            Round(
                year,
                cal.index(date(year, *rule["cut_off"])),
                when,
                cal.index(date(year + 1, *rule["effective"])),
                "assumed",
            )
        )
        year += 1
    return tuple(rounds)


__all__ = ["Scenario", "load_scenario", "parse_yaml", "scenario_files", "shown"]
