"""Loading a scenario, in one line: its layers are gathered, resolved into one tree, checked, and built.

`gather` reads what the file, its variants and the caller say (`simlib.scenario.layers`), `resolve` lays it over one another
and remembers who set what, `check` types it and reads the parts that it names, `build` gives it its calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simlib.core.files import Document, parse_yaml, scenario_files, shown
from simlib.core.strict import plain
from simlib.scenario.build import build
from simlib.scenario.checked import ScenarioFile, check
from simlib.scenario.definition import Round, Scenario
from simlib.scenario.derived import with_world
from simlib.scenario.experiment_files import Cell
from simlib.scenario.layers import gather
from simlib.scenario.resolve import resolve
from simlib.world.assumptions import Assumption


def load_scenario(
    name: str | Path | dict | Document,
    set: dict[str, Any] | None = None,  # noqa: A002
    variants: Sequence[str] = (),
) -> Scenario:
    """Load a scenario, and change it.

    Parameters
    ----------
    name : str, Path, dict or Document
        Name of a stored scenario, path of a .yaml file, or its content.
    set : dict, optional
        Changes by key: a key of the scenario's file (``policy``, ``obedience``, ``end``, ...), a reading (``readings.B2``), a
        lever (``committee.duty.listing.within``, ``committee.barriers_removed@SC-02c``; see `simlib.policy.changes`) or the
        path of an assumed number (``decision.rho``).
    variants : sequence of str
        Stored sets of changes, laid below `set`.

    Returns
    -------
    Scenario
        A world that can be simulated. Nothing stored is changed.

    Raises
    ------
    InputError
        One line that names the file or key and the remedy, for whatever cannot be used.

    Examples
    --------
    >>> import simlib
    >>> simlib.load_scenario("first", {"obedience": "full", "decision.rho": 0.5}).obedience
    'full'
    """
    changes = plain(set or {})
    layers = gather(
        plain(name) if isinstance(name, dict) else name, changes, variants, tuple(ScenarioFile.model_fields)
    )
    tree = resolve(layers)
    scenario = check(tree)
    return build(scenario, (*(f"variant {v}" for v in variants), *(f"{k}={v}" for k, v in changes.items())))


def load_cell(cell: Cell, replications: int | None = None) -> Scenario:
    """A scenario of an experiment, in the experiment's worlds, with its number of replications or another."""
    loaded = load_scenario(cell.document).with_replications(replications or cell.replications)
    return with_world(loaded, cell.world)


__all__ = [
    "Assumption", "Round", "Scenario", "ScenarioFile", "load_cell", "load_scenario", "parse_yaml", "scenario_files", "shown",
]  # fmt: skip
