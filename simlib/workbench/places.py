"""Where one can explore, and with which drugs: the small world, the regions, the cohorts, and the files of them all."""

from __future__ import annotations

import functools
import hashlib

from simlib.core.files import read_yaml, scenarios
from simlib.policy.load import for_region, load_policy
from simlib.policy.rules import Policy
from simlib.scenario.experiment_files import find_scenario

SMALL = "small-world"
ASIDE = ("variants", "schema")  # folders of `scenarios/` that no world is made of
# years that are run past the last drugs
_AFTER = {"synthetic-small": 2, "synthetic-province": 1, "synthetic-nation": 1}


def inputs() -> str:
    """A hash of names, times and sizes of the files that worlds are made of: another one when one was edited.

    Variants are left out: they are laid over as changes, which a key holds anyway, so that saving one costs nothing.
    """
    folder = scenarios()
    found = sorted(p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in ASIDE)
    states = [(p.as_posix(), p.stat().st_mtime_ns, p.stat().st_size) for p in found]
    return hashlib.blake2b(repr(states).encode(), digest_size=8).hexdigest()


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
def is_named(scenario: str) -> bool:
    """Whether there is a scenario of this name."""
    return find_scenario(scenario) is not None
