"""A small world in which every stage acts: one replication of it calls every function that is compiled."""

from __future__ import annotations

from typing import Any

from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario

WORLD: dict[str, Any] = {  # every stage acts in it
    "format": 1, "name": "all-stages", "policy": "sichuan", "cohort": "synthetic-small", "readings": {"A11": "canvass"},
    "start": "2021-01-01", "policy_from": "2021-12-01", "end": "2022-03-01", "seed": 7,
    "region": {
        "name": "all-stages", "title": {"en": "all stages", "zh": "all stages"}, "population_million": 10.0, "payment": "DRG",
        "strata": [
            {"id": i, "type": "general", "level": level, "owner": place, "place": place, "count": n, "beds": beds,
             "kind": "assumed", "source": "compiling"}
            for i, level, place, n, beds in (("t", 3, "city", 2, 1200.0), ("s", 2, "county", 2, 300.0))
        ],
    },
}  # fmt: skip


def call_every_function() -> None:
    """Run one replication, so that whatever is not compiled yet is compiled."""
    replicate(load_scenario(WORLD), 0, pairs=True, supplies=True)
