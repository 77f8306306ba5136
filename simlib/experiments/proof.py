"""Whether a clause is seen to act: its place's whole stack with it and without it, on the same random numbers.

The stack stands on practice alone: what a document that held before the reforms orders already could hide the clause.

`scenarios/proofs/proofs.yaml` names for each clause and lever what should move; `scenarios/proofs/world.yaml` is the small
world in which it is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.core.strict import Many, Strict
from simlib.experiments.run import Result, compare, simulate
from simlib.policy.levers import LEVERS
from simlib.policy.pending import pending
from simlib.policy.rules import Policy
from simlib.scenario.scenario import Scenario, load_scenario


class Sight(Strict):
    """What one lever of a clause is seen to move.

    moves, way: indicator and direction (default: the lever's own). by, group: where. world, set: changes to the world
    (a named set of them, single ones), the same with and without. apart: the lever's other rules are taken out of
    both, for a clause that restates another. against: compared with this value in place of no rule.
    """

    lever: str
    moves: str | None = None
    way: Literal["up", "down"] | None = None
    by: str = "all"
    group: str = "all"
    world: str | None = None
    set: dict[str, Any] = {}
    apart: bool = False
    against: str | None = None
    replications: Annotated[int, Field(ge=1, le=100_000)] = 8
    note: str = ""


class ProofsFile(Strict):
    """The keys of the file of proofs."""

    format: Literal[1]
    worlds: dict[str, dict[str, Any]] = {}
    proofs: dict[str, Many[Sight]]


@dataclass(frozen=True)
class Seen:
    """What was seen: the paired difference (with minus without) and whether it goes the stated way."""

    clause: str
    lever: str
    indicator: str
    up: bool
    difference: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the whole 95% interval lies on the stated side of nothing."""
        return self.low > 0 if self.up else self.high < 0


def proofs() -> dict[str, Many[Sight]]:
    """All proofs by clause, named worlds written out in their `set`."""
    return parse_proofs(read_yaml(scenarios() / "proofs" / "proofs.yaml"))


def parse_proofs(document: Document) -> dict[str, Many[Sight]]:
    """As `proofs`, from a read file."""
    file = validate(ProofsFile, document, document.data)
    for clause, sights in file.proofs.items():
        for i, sight in enumerate(sights):
            if sight.lever not in LEVERS:
                raise document.error(("proofs", clause, i, "lever"), one_of(sight.lever, LEVERS, "lever"))
            if sight.world and sight.world not in file.worlds:
                raise document.error(("proofs", clause), one_of(sight.world, file.worlds, "world"))
    return {
        clause: tuple(s.model_copy(update={"set": {**file.worlds.get(s.world or "", {}), **s.set}}) for s in sights)
        for clause, sights in file.proofs.items()
    }


def worlds(clause: str, sight: Sight, policy: str) -> tuple[Scenario, Scenario]:
    """The world with a clause's rule of one lever, and without it."""
    path = scenarios() / "proofs" / "world.yaml"
    base = load_scenario(path, {"policy": policy, **sight.set})
    others = {r.clause for r in base.policy.of(sight.lever)} - {clause}
    if not any(r.clause == clause for r in base.policy.of(sight.lever)):
        raise InputError(f"{policy} has no rule of {sight.lever} by {clause}")
    apart = {f"{sight.lever}@{c}": "off" for c in sorted(others)} if sight.apart else {}
    common = {"policy": policy, **sight.set, **held(base.policy), **apart}
    other = {f"{sight.lever}@{clause}": sight.against or "off"}
    return load_scenario(path, common), load_scenario(path, common | other)


def held(policy: Policy) -> dict[str, str]:
    """Changes that take out what documents ordered before the reforms, down to practice: the lowest layer."""
    documents = [layer for layer in policy.layers[1:] if layer.baseline]
    return {f"{r.lever}@{r.clause}": "off" for layer in documents for r in layer.rules}


def quietly(scenario: Scenario, replications: int) -> Result:
    """One process, without a word."""
    return simulate(scenario, replications, workers=1, progress=False)


def see(clause: str, sight: Sight, policy: str, runs: Callable[[Scenario, int], Result] = quietly) -> Seen:
    """Run both worlds and compare. runs: what simulates; one that remembers may serve clauses with one full stack."""
    lever = LEVERS[sight.lever]
    indicator = sight.moves or lever.moves
    up = lever.up if sight.way is None else sight.way == "up"
    with_, without = (runs(s, sight.replications) for s in worlds(clause, sight, policy))
    row = compare(with_, without).value(indicator, sight.by, sight.group)
    return Seen(clause, sight.lever, indicator, up, float(row["difference"]), float(row["low"]), float(row["high"]))


__all__ = ["ProofsFile", "Seen", "Sight", "pending", "proofs", "quietly", "see", "worlds"]
