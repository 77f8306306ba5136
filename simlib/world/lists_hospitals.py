"""A region whose hospitals stand in a list of the user's own."""

from __future__ import annotations

from pathlib import Path

from simlib.core.files import Fault, scenarios
from simlib.world.lists import Record, read_list
from simlib.world.region import Region, Stratum


def with_hospitals(region: Region, folder: Path) -> Region:
    """The region with its list read: one stratum a row. As it is if it has strata.

    folder: where the file lies that names the list; a list may also lie in `scenarios/regions/`. Fault for a list that
    there is not.
    """
    if region.hospitals is None:
        return region
    file = find_list("hospitals", region.hospitals, (folder, scenarios() / "regions"))
    strata = tuple(_stratum(row, file.name) for row in read_list(file, "hospitals"))
    sources = {"hospitals": f"{file.name}: {len(strata)} hospitals"} | region.sources
    return region.model_copy(update={"hospitals": None, "strata": strata, "sources": sources})


def find_list(key: str, name: str, folders: tuple[Path, ...]) -> Path:
    """The list of that name (a path) in the first folder that has it; Fault at `key` if none has."""
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise Fault((key,), f"no such file {name}")


def _stratum(row: Record, file: str) -> Stratum:
    return Stratum(
        id=row["name"],
        name=row["name"],
        level=row["level"],
        type=row["type"],
        owner=row["owner"],
        place=row["place"],
        count=1,
        beds=row["beds"],
        designated=row.get("designated") is not False,
        areas=row.get("areas") or (),
        kind="stated",
        source=f"{file}, row {row['row']}",
    )
