"""The three worlds of the benchmark, by size."""

from __future__ import annotations

import datetime
from typing import Any

from simlib.scenario.scenario import Scenario, load_scenario

# size: (drugs' cohort, first day, last day, tertiary, secondary hospitals)
SIZES: dict[str, tuple[str, int, int, int, int]] = {
    "small": ("synthetic-small", 2021, 2023, 30, 70),
    "province": ("synthetic-province", 2021, 2025, 240, 560),
    "nation": ("synthetic-nation", 2021, 2025, 3700, 11300),
}

# approval to purchase alone
EARLY = {f"stages.{name}": False for name in ("dual_channel", "use", "payment", "routes", "preapproval")}


def benchmark_scenario(size: str, policy: str = "sichuan", changes: dict[str, Any] | None = None) -> Scenario:
    """Small: 60 drugs x 100 hospitals x 3 years; province: 250 x 800 x 5; nation: 250 x 15,000 x 5."""
    cohort, first, last, tertiary, secondary = SIZES[size]
    common = {"type": "general", "kind": "assumed", "source": "benchmark"}
    strata: list[dict[str, Any]] = [
        {"id": "t", "level": 3, "owner": "city", "place": "city", "count": tertiary, "beds": 1200.0, **common},
        {"id": "s", "level": 2, "owner": "county", "place": "county", "count": secondary, "beds": 300.0, **common},
    ]
    return load_scenario(
        {
            "format": 1,
            "name": f"benchmark-{size}",
            "region": {
                "name": f"benchmark-{size}",
                "title": {"en": size, "zh": size},
                "population_million": 0.1 * (tertiary + secondary),
                "payment": "DRG",
                "strata": strata,
            },
            "policy": policy,
            "cohort": cohort,
            "start": datetime.date(first, 1, 1),
            "policy_from": datetime.date(first + 1, 1, 1),
            "end": datetime.date(last, 12, 31),
            "seed": 7,
        },
        changes,
    )
