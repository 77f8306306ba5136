"""What the places of a study are called."""

from __future__ import annotations

from simlib.experiments.study import Study
from simlib.words import Words
from simlib.words.names import region_name


def place_of(study: Study, region: str, w: Words) -> str:
    """Title of a region of a study."""
    cell = next(c for c in study.cells if c.region == region)
    return region_name(study.results[cell.name].scenario, w)
