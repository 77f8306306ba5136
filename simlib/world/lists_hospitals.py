"""A region whose hospitals stand in a list of the user's own."""

from __future__ import annotations

from pathlib import Path

from simlib.core.files import Document, home, scenarios
from simlib.world.lists import Record, read_list
from simlib.world.region import Region, Stratum


def with_hospitals(document: Document, region: Region, folder: Path, path: tuple = ()) -> Region:
    """The region with its list read: one stratum a row. As it is if it has strata.

    folder: where the file lies that names the list; a list may also lie in `scenarios/regions/`. path: where the region
    stands in `document`.
    """
    if region.hospitals is None:
        return region
    file = find_list(document, region.hospitals, (folder, scenarios() / "regions"), (*path, "hospitals"))
    strata = tuple(_stratum(row, file.name) for row in read_list(file, "hospitals"))
    sources = {"hospitals": f"{file.name}: {len(strata)} hospitals"} | region.sources
    return region.model_copy(update={"hospitals": None, "strata": strata, "sources": sources})


def find_list(document: Document, name: str, folders: tuple[Path, ...], key: tuple) -> Path:
    """The list of that name (a path) in the first folder that has it; InputError at `key` if none has."""
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise document.error(key, f"no such file {name}")


def folder_of(document: Document) -> Path:
    """The folder of a document's file; the current one for what came from no file."""
    for path in (home() / document.file, Path(document.file)):
        if path.is_file():
            return path.parent
    return Path()


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
