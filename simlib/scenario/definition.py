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
    """A world that can be simulated.

    Times are days from `calendar.start`; `horizon` is the first moment after the run.

    Attributes
    ----------
    name, title : str, Title
        What it is called in files, and for reading.
    region : Region or None
        The hospitals, as strata.
    policy : Policy
        The rules in force.
    cohort : Cohort
        The drugs.
    calendar : Calendar
        Dates and working days.
    policy_from : float
        Day from which the rules of the reforms hold.
    horizon, count_until : float
        End of the run, and of the approvals that indicators count.
    as_dated : bool
        Whether documents hold on their own dates; otherwise all hold from `policy_from` on.
    obedience : {"default", "full", "hoped", "none"} or float
        How hospitals follow rules; full: all that is ordered ("must", "declared"), hoped: all that is encouraged, too. A number
        is the chance (0 to 1) that a hospital of average will without oversight obeys a "must"; the other words move with it.
    seed, replications : int
        Of the random numbers, and the usual number of histories.
    snapshots : tuple of float
        Days on which indicators look at the whole region.
    rounds : tuple of Round
        Rounds of the national catalogues.
    parameters, assumptions : Parameters, tuple of Assumption
        The assumed numbers, and what the register says of them.
    changes : tuple of str
        What was changed from outside the file, as KEY=VALUE.
    spec : str
        All of the above as JSON: a worker process rebuilds the scenario from it.
    world : {"middle", "assumed", "fitted"}
        Whether assumed numbers are as the register has them, or drawn anew for each replication: from their ranges, or as the
        calibration fitted them (`simlib.scenario.drawn`).
    settings : mapping
        Every value that each key was given; see `settings_of`.
    """

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
    obedience: str | float
    seed: int
    replications: int
    snapshots: tuple[float, ...]
    rounds: tuple[Round, ...]
    parameters: Parameters
    assumptions: tuple[Assumption, ...]
    changes: tuple[str, ...]  # what was changed from outside the file, as KEY=VALUE
    spec: str  # everything above as JSON: a worker rebuilds the scenario from it, and resuming compares its hash
    world: str = "middle"
    settings: Mapping[KeyPath, tuple[Setting, ...]] = field(default_factory=dict, compare=False, repr=False)

    def __repr__(self) -> str:
        days = f"{self.calendar.date(0)} to {self.calendar.date(self.horizon - 1)}"
        return f"<Scenario {self.name}: rules {self.policy.name}, obedience {self.obedience}, {days}, seed {self.seed}>"

    def digest(self) -> str:
        """Hash of everything that decides the results, except code and number of replications.

        Returns
        -------
        str
            16 hexadecimal digits.
        """
        return hashlib.sha256(self.spec.encode()).hexdigest()[:16]

    @property
    def degree(self) -> str:
        """The word for its obedience: of a number "none" where nobody obeys, "full" where each does, else "default"."""
        if isinstance(self.obedience, str):
            return self.obedience
        return {0.0: "none", 1.0: "full"}.get(self.obedience, "default")

    @property
    def notices(self) -> list[Title]:
        """Sentences on documents that this run applies outside their own days in force."""
        last = self.calendar.date(self.horizon - 1)
        return notices(self.policy, self.calendar.date(self.policy_from), last, self.as_dated)

    def with_replications(self, n: int) -> Scenario:
        """The same world with another number of replications.

        Parameters
        ----------
        n : int
            The number.

        Returns
        -------
        Scenario
            A copy; this scenario stays as it is.
        """
        return replace(self, replications=n)

    def source_of(self, key: str) -> Origin:
        """Who set a value last, in which file and line.

        Parameters
        ----------
        key : str
            The path of an assumed number (``decision.rho``), a key of the scenario's file (``obedience``) or a reading
            (``readings.B2``).

        Returns
        -------
        Origin
            As text it is such as "default (scenarios/assumptions.yaml:140)". In a world loaded with ``{"decision.rho": 0.4}`` the
            layer of ``source_of("decision.rho")`` is "set".

        Raises
        ------
        InputError
            If there is no such key.

        Notes
        -----
        A rule knows its own source (`Rule.source`, `Rule.changed`).
        """
        return self.settings_of(key)[-1].origin

    def settings_of(self, key: str) -> tuple[Setting, ...]:
        """All values that a key was given, and by whom.

        Parameters
        ----------
        key : str
            As in `source_of`.

        Returns
        -------
        tuple of Setting
            Each is laid over those before it; the last one counts.

        Raises
        ------
        InputError
            If there is no such key.
        """
        found = settings_at(self.settings, key_path(key))
        if not found:
            known = [".".join(p[1:] if p[0] == "parameters" else p) for p in self.settings]
            raise InputError(f"{key}: no key of a scenario, reading or assumed number{nearest_path(key, known)}")
        return found
