"""One fully specified world: region, policy, cohort, dates, and every assumed number.

`load_scenario` reads a file of `scenarios/` (or any path), lays the scenario's own values over
``assumptions.yaml`` and the region's platform, checks everything, and returns a frozen `Scenario`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simlib.files import (
    Document,
    InputError,
    one_of,
    parse_yaml,
    read_yaml,
    scenarios,
    shown,
    validate,
)
from simlib.policy.load import BASE, Policy, Title, load_policy
from simlib.policy.load import names as policies
from simlib.workdays import Calendar, calendar
from simlib.world.assumptions import Assumption, read_parameters
from simlib.world.cohort import Cohort
from simlib.world.parameters import Parameters
from simlib.world.region import Region, check_region

OBEDIENCE = ("full", "default", "none")
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
    spec: str  # everything above as JSON: a worker rebuilds the scenario from it, and resuming compares its hash

    def digest(self) -> str:
        """Hash of everything that decides this scenario's results, but for code and replications."""
        return hashlib.sha256(self.spec.encode()).hexdigest()[:16]

    def with_replications(self, n: int) -> Scenario:
        """The same world with another number of replications."""
        return replace(self, replications=n)


def scenario_files() -> dict[str, Path]:
    """Names and paths of the scenario files that stand in `scenarios/` (single ones and toys)."""
    folder = scenarios()
    return {p.stem: p for p in sorted([*folder.glob("single/*.yaml"), *folder.glob("toys/*.yaml")])}


def load_scenario(name: str | Path | dict, set: dict[str, Any] | None = None) -> Scenario:  # noqa: A002
    """Load a scenario by name, by path or from a mapping; `set` changes keys, e.g. ``{"decision.rho": 0.5}``.

    A key of `set` is a key of the scenario file (``policy``, ``obedience``, ``end``, ...) or a path into
    `Parameters`. Raises InputError with one line for whatever cannot be used.
    """
    document = _document(name)
    data = dict(document.data)
    parameters = _copy(data.get("parameters") or {})
    for path, value in (set or {}).items():
        if "." in path:
            _put(parameters, path.split("."), value)
        elif path in ScenarioFile.model_fields:
            data[path] = value
        else:
            raise InputError(f"{path}: " + one_of(path, ScenarioFile.model_fields, "key"))
    data["parameters"] = parameters
    changed = frozenset(("parameters", *k.split(".")) if "." in k else (k,) for k in set or {})
    document = Document(document.file, data, document.lines, changed)
    return _build(document, validate(ScenarioFile, document, data))


def _document(name: str | Path | dict) -> Document:
    if isinstance(name, dict):
        return Document(str(name.get("name", "scenario")), name)
    text = str(name)
    if text.endswith((".yaml", ".yml")):
        return read_yaml(Path(text))
    files = scenario_files()
    if text in files:
        return read_yaml(files[text])
    from simlib.experiments.plan import find_scenario, scenario_names  # a scenario of an experiment has a name too

    found = find_scenario(text)
    if found is None:
        raise InputError(one_of(text, [*files, *scenario_names()], "scenario") + "; or a path to a .yaml file")
    return found


def _build(document: Document, file: ScenarioFile) -> Scenario:
    region = _region(document, file.region)
    cohort = _cohort(document, file.cohort)
    horizon = _horizon(document, file)
    cal = calendar(file.calendar, file.start, int(horizon) + BEYOND)
    from_ = _time(cal, file.policy_from)
    if from_ >= horizon:
        raise document.error(("policy_from",), f"{file.policy_from} is not before the end")
    if file.calendar == "china" and from_ != int(from_):
        raise document.error(("policy_from",), f"{file.policy_from} is no date; give a date or a whole number of days")
    if from_ < 0:
        raise document.error(("policy_from",), f"{file.policy_from} is before the start {file.start}")
    layers = {
        "platform": {"listing": region.platform} if region and region.platform else {},
        "parameters": file.parameters,
    }
    parameters, assumptions = read_parameters(document, layers)
    policy = _policy(document, file.policy or BASE)
    rounds = _rounds(file.rounds, cal, horizon) if parameters.stages.catalogue else ()
    until = horizon if file.count_until is None else _time(cal, file.count_until)
    spec = {
        "file": file.model_dump(mode="json"),
        "region": region.model_dump(mode="json") if region else None,
        "cohort": cohort.model_dump(mode="json"),
        "policy": [
            [_plain(r) for r in policy.rules],
            [[str(layer.start), str(layer.end)] for layer in policy.layers],
        ],
        "parameters": parameters.model_dump(mode="json", by_alias=True),
        "rounds": [[r.year, r.cut_off, r.published, r.effective] for r in rounds],
        "list": _hash_of_list(cohort),
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
        spec=json.dumps(spec, sort_keys=True, ensure_ascii=False),
    )


def _plain(rule) -> list:
    value = sorted(rule.value) if isinstance(rule.value, frozenset) else rule.value
    return [rule.lever, value, rule.drugs, rule.hospitals, rule.strength, rule.clause]


def _hash_of_list(cohort: Cohort) -> str | None:
    if not cohort.list:
        return None
    path = scenarios() / "cohorts" / cohort.list
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else None


def _time(cal: Calendar, value: date | float) -> float:
    return cal.index(value) if isinstance(value, date) else float(value)


def _horizon(document: Document, file: ScenarioFile) -> float:
    if (file.end is None) == (file.horizon_days is None):
        raise document.error((), "give exactly one of end, horizon_days")
    if file.horizon_days is not None:
        return file.horizon_days
    if file.end <= file.start:
        raise document.error(("end",), f"the end {file.end} is not after the start {file.start}")
    return float((file.end - file.start).days + 1)  # the last day is inside the run


def _named(document: Document, key: str, name: str) -> Document:
    """The file of that name in the folder of regions or cohorts (`key` in the singular)."""
    files = {p.stem: p for p in (scenarios() / f"{key}s").glob("*.yaml")}
    if name not in files:
        raise document.error((key,), one_of(name, files, key))
    return read_yaml(files[name])


def _region(document: Document, value: str | dict | None) -> Region | None:
    if value is None:
        return None
    inner, data, path = (
        (document, value, ("region",)) if isinstance(value, dict) else (_named(document, "region", value), None, ())
    )
    region = validate(Region, inner, data if data is not None else inner.data, path)
    check_region(inner, region, path)
    return region


def _cohort(document: Document, value: str | dict) -> Cohort:
    if isinstance(value, dict):
        return validate(Cohort, document, {"name": "inline", **value}, ("cohort",))
    inner = _named(document, "cohort", value)
    return validate(Cohort, inner, inner.data)


def _policy(document: Document, value: str | dict) -> Policy:
    if not isinstance(value, dict):
        if value.removesuffix("-alone") not in policies():
            raise document.error(
                ("policy",), one_of(value, [*policies(), *(f"{n}-alone" for n in policies())], "policy")
            )
        return load_policy(value)
    written = document.data.get("policy") == value  # else it came through `set`, and has no lines
    return load_policy(document.part(("policy",)) if written else Document(document.file, value))


def _rounds(name: str | None, cal: Calendar, horizon: float) -> tuple[Round, ...]:
    if name is None:
        return ()
    document = read_yaml(scenarios() / f"{name}.yaml")
    rounds = []
    for year, row in document.data["rounds"].items():
        when = [cal.index(row[k]) for k in ("cut_off", "published", "effective")]
        if 0 <= when[1] < horizon:
            rounds.append(Round(int(year), *when, row["kind"]))
    rule = document.data["rule"]
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


def _copy(tree: Any) -> Any:
    return {k: _copy(v) for k, v in tree.items()} if isinstance(tree, dict) else tree


def _put(tree: dict, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise InputError(f"{'.'.join(path)}: {part} is a value, not a group")
    tree[path[-1]] = value


__all__ = ["Scenario", "load_scenario", "parse_yaml", "scenario_files", "shown"]
