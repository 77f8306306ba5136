"""The check of a scenario: its keys typed, its parts read, its numbers and rules settled, every complaint at its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from simlib.core.files import Document, Fault, validate, within
from simlib.core.strict import FIRST_DAY, LAST_DAY, Day, Many, Strict
from simlib.policy.changes import changed_policy
from simlib.policy.load import BASE, for_region
from simlib.policy.readings import choose
from simlib.policy.rules import Policy, Title
from simlib.scenario.experiment_files import Degree
from simlib.scenario.layers import NUMBERS, Origin
from simlib.scenario.numbers import assumptions, resolve_numbers
from simlib.scenario.parts import read_cohort, read_policy, read_region
from simlib.scenario.resolve import Setting, Settings, Tree, all_settings
from simlib.world.assumptions import Assumption
from simlib.world.cohort import Cohort, Time
from simlib.world.communities import check_communities
from simlib.world.group import Probability
from simlib.world.parameters import Parameters
from simlib.world.region import Region


class ScenarioFile(Strict):
    """The keys of a scenario file.

    start_from: `nothing` where numbers that the file does not name are those of `scenarios/nothing.yaml`, under which every
    stage, background and effect is off; the assumed numbers otherwise.
    """

    format: Literal[1]
    name: str
    title: Title | None = None
    region: str | dict[str, Any] | None = None
    policy: str | dict[str, Any] | None = None
    cohort: str | dict[str, Any]
    calendar: Literal["china", "every_day"] = "china"
    start: Day = date(2018, 1, 1)
    policy_from: Day | Time = date(2024, 1, 1)
    end: Day | None = None
    horizon_days: Annotated[float, Field(ge=1, le=2_000_000)] | None = None
    count_until: Day | Time | None = None
    as_dated: bool = False
    obedience: Degree | Probability = "default"
    world: Literal["middle", "assumed", "fitted"] = "middle"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 20240101
    replications: Annotated[int, Field(ge=1, le=100_000)] = 20
    snapshots: Many[Day] = ()
    rounds: str | None = "catalogue_rounds"
    start_from: Literal["nothing"] | None = None
    parameters: dict[str, Any] = {}
    readings: dict[str, str] = {}
    variants: Many[str] = ()
    changes: dict[str, Any] = {}


_YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)


@dataclass(frozen=True)
class Days:
    """Times of a run, in days from its start. horizon: the first time after it."""

    horizon: float
    policy_from: float
    count_until: float
    snapshots: tuple[float, ...]


@dataclass(frozen=True)
class Checked:
    """A scenario of which everything is known and may be, but that has no calendar yet.

    document: its file as changed, for complaints. settings: who set each value, by key path.
    """

    document: Document
    file: ScenarioFile
    days: Days
    region: Region | None
    cohort: Cohort
    policy: Policy
    parameters: Parameters
    assumptions: tuple[Assumption, ...]
    settings: Settings


def check(scenario: Tree) -> Checked:
    """A scenario's keys, parts, rules and numbers, typed; InputError at the place of what cannot be used."""
    document = scenario.document
    file = validate(ScenarioFile, document, scenario.data)
    with document.placed():
        days = days_of(file)
        region = read_region(file.region, document.folder) if file.region is not None else None
        cohort = read_cohort(file.cohort, document.folder).value
        check_pipeline(file, cohort)
        written = read_policy(BASE if file.policy is None else file.policy, document)
        stack = for_region(written, region.value.name if region else "")
        chosen = choose(file.readings, stack)
        policy = changed_policy(stack, chosen, scenario.rules)
        numbers = resolve_numbers(scenario, chosen, region)
        settings = all_settings(_defaults(), scenario, numbers)
        parameters = numbers.typed(NUMBERS, Parameters)
        check_agenda(parameters, policy)
        if parameters.committee.community_share > 0:
            with within(*NUMBERS, "committee", "community_share"):
                check_communities(region.value if region else None)
    return Checked(
        document=document,
        file=file,
        days=days,
        region=region.value if region else None,
        cohort=cohort,
        policy=policy,
        parameters=parameters,
        assumptions=assumptions(),
        settings=settings,
    )


def _defaults() -> Settings:
    """What a scenario's keys are that no file sets; the assumed numbers have defaults of their own."""
    return {
        (key,): (Setting(field.get_default(call_default_factory=True), Origin("default")),)
        for key, field in ScenarioFile.model_fields.items()
        if not field.is_required() and key != "parameters"
    }


def days_of(file: ScenarioFile) -> Days:
    """The days of a run, as times; Fault for one that is out of order or outside the run."""

    def time(path: tuple, value: date | float) -> float:
        """Days from the start."""
        if not isinstance(value, date):
            if file.calendar == "china" and value in _YEARS:
                first = date(int(value), 1, 1)
                raise Fault(path, f"{value:g} means a number of days from the start, not a year; write {first}")
            return float(value)
        if value < file.start:
            raise Fault(path, f"{value} is before the start {file.start}")
        return float((value - file.start).days)

    horizon = _horizon(file)
    until = horizon if file.count_until is None else time(("count_until",), file.count_until)
    snapshots = [time(("snapshots", i), day) for i, day in enumerate(file.snapshots)]
    begins = time(("policy_from",), file.policy_from)
    if begins >= horizon:
        raise Fault(("policy_from",), f"{_said(file.policy_from)} is not before the end")
    if file.calendar == "china" and begins != int(begins):
        raise Fault(("policy_from",), f"{file.policy_from} is no date; give a date or a whole number of days")
    if until <= begins:
        told = f"{_said(file.count_until)} is not after policy_from ({_said(file.policy_from)}): no drug would count"
        raise Fault(("count_until",), told)
    return Days(horizon, begins, until, tuple(t for t in snapshots if t < horizon))


def _horizon(file: ScenarioFile) -> float:
    """The first time after a run; Fault where its end is given twice, not at all, or before its start."""
    if (file.end is None) == (file.horizon_days is None):
        raise Fault(("end",) if file.end else (), "give exactly one of end, horizon_days")
    if file.horizon_days is not None:
        if file.calendar == "china" and file.horizon_days > (LAST_DAY - file.start).days:
            raise Fault(
                ("horizon_days",), f"{file.horizon_days:g} days end after {LAST_DAY}, the last that can be simulated"
            )
        return file.horizon_days
    if file.end <= file.start:
        raise Fault(("end",), f"the end {file.end} is not after the start {file.start}")
    return float((file.end - file.start).days + 1)  # the last day is inside the run


def _said(value: date | float) -> str:
    return str(value) if isinstance(value, date) else f"{value:g}"


def check_agenda(parameters: Parameters, policy: Policy) -> None:
    """Where a rule sets committees a day by which to hear drugs, their agendas have places; Fault where one has none."""
    places = parameters.committee.places
    full = [level for level, n in places.items() if n == 0] if isinstance(places, dict) else []
    due = [r.lever for layer in policy.layers for r in layer.rules if r.lever.startswith("committee.duty.")]
    if parameters.stages.committee and full and due:
        told = f"no place on an agenda, so that {due[0]} could never be kept; give at least 1, or take the rule out"
        raise Fault((*NUMBERS, "committee", "places", full[0]), told)


def check_pipeline(file: ScenarioFile, cohort: Cohort) -> None:
    """A pipeline does not begin before the calendar; Fault for one that does."""
    if cohort.pipeline and (wrong := cohort.pipeline.complaint(file.calendar, file.start)):
        raise Fault(("cohort",), wrong)
