"""One fully specified world: region, policy, cohort, dates, and every assumed number."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simlib.core.complaints import nearest_path
from simlib.core.files import InputError
from simlib.core.workdays import Calendar
from simlib.policy.notices import notices
from simlib.policy.rules import Policy, Title
from simlib.scenario.layers import KeyPath, Origin, key_path
from simlib.scenario.resolve import Setting, settings_at
from simlib.world.assumptions import Assumption
from simlib.world.cohort import Cohort
from simlib.world.parameters import Parameters
from simlib.world.region import Region


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
    settings: Mapping[KeyPath, tuple[Setting, ...]] = field(default_factory=dict, compare=False, repr=False)

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

    def source_of(self, key: str) -> Origin:
        """Who set a value last, in which file and line.

        key: the path of an assumed number (``decision.rho``), a key of the scenario's file (``obedience``) or a reading
        (``readings.B2``). In a world loaded with ``{"decision.rho": 0.4}``, ``source_of("decision.rho").layer`` is "set";
        as text, an origin is such as "default (scenarios/assumptions.yaml:140)". A rule knows its own source
        (`Rule.source`, `Rule.changed`). InputError for an unknown key.
        """
        return self.settings_of(key)[-1].origin

    def settings_of(self, key: str) -> tuple[Setting, ...]:
        """All values that a key was given, by whom, each laid over those before it; the last one counts."""
        found = settings_at(self.settings, key_path(key))
        if not found:
            known = [".".join(p[1:] if p[0] == "parameters" else p) for p in self.settings]
            raise InputError(f"{key}: no key of a scenario, reading or assumed number{nearest_path(key, known)}")
        return found
