"""What commands print and write: JSON for machines, tables to files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.core.files import beside
from simlib.core.spreadsheets import harmless

if TYPE_CHECKING:
    import pandas as pd

    from simlib.experiments.run import Result


def print_json(data: Any) -> None:
    """JSON on stdout."""
    print(as_text(data))


def as_text(data: Any) -> str:
    """JSON, without NaN and infinity, which it does not know."""
    return json.dumps(_plain(data), ensure_ascii=False, indent=1)


def _plain(data: Any) -> Any:
    if isinstance(data, float):
        return data if data == data and abs(data) != float("inf") else None
    if isinstance(data, dict):
        return {str(k): _plain(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(v) for v in data]
    return data


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows for JSON: dates as text, tuples as lists."""
    return [
        {k: (list(v) if isinstance(v, tuple) else str(v) if hasattr(v, "isoformat") else v) for k, v in r.items()}
        for r in table.to_dict("records")
    ]


def write(table: pd.DataFrame, path: Path | None) -> None:
    """The whole table to a file, moved into place when whole; nothing where no file is wanted."""
    if path is None:
        return
    with beside(path) as part:
        if path.suffix == ".csv":
            harmless(table).to_csv(part, index=False, encoding="utf-8-sig")
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            part.write_text(as_text(table.to_dict("records")), encoding="utf-8")


def about(results: Iterable[Result]) -> list[dict[str, Any]]:
    """What ran, for machines."""
    from simlib.experiments.overload import overload_notes

    return [
        {
            "scenario": r.scenario.name,
            "digest": r.scenario.digest(),
            "seed": r.scenario.seed,
            "replications": len(r.values.columns),
            "calendar_status": r.scenario.calendar.status(r.scenario.horizon),
            "policy": r.scenario.policy.name,
            "changes": list(r.scenario.changes),
            "notices": [n.en for n in r.scenario.notices],
            "overload": overload_notes(r),
            "seconds": round(r.seconds, 3),
        }
        for r in results
    ]
