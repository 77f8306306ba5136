"""The commands that simulate: simlib run and simlib compare, and how their tables are shown."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simlib.core.files import InputError, beside, parse_yaml

OUT = (".csv", ".parquet", ".json")


def print_json(data: Any) -> None:
    """JSON on stdout."""
    print(json.dumps(_plain(data), ensure_ascii=False, indent=1))


def _plain(data: Any) -> Any:
    """Without NaN, which JSON does not know."""
    if isinstance(data, float):
        return data if data == data and abs(data) != float("inf") else None
    if isinstance(data, dict):
        return {str(k): _plain(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(v) for v in data]
    return data


def changes_of(pairs: Sequence[str]) -> dict[str, Any]:
    """`--set` options as key and value; the value is read as YAML."""
    out = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise InputError(f"--set {pair}: expected KEY=VALUE")
        out[key.strip()] = parse_yaml(f"value: {value}", f"--set {pair}").data["value"]
    return out


def load(name: str, changes: dict[str, Any], variants: Sequence[str]):
    """A scenario as a command names it; InputError for whatever cannot be used."""
    from simlib.scenario.scenario import load_scenario

    try:
        return load_scenario(name, changes, variants)
    except ValueError as e:
        raise InputError(f"{name}: {' '.join(str(e).split())}") from None


def output(a: argparse.Namespace) -> Path | None:
    """The file of --out; InputError for one that cannot be written."""
    if a.out is None:
        return None
    path = Path(a.out)
    if path.suffix not in OUT:
        raise InputError(f"--out {a.out}: the name must end in {', '.join(OUT)}")
    if not path.resolve().parent.is_dir():
        raise InputError(f"--out {a.out}: no such folder")
    return path


def run_command(a: argparse.Namespace) -> int:
    """`simlib run`."""
    out = output(a)
    scenario = load(a.scenario, changes_of(a.set), a.variant)
    result = _simulated(scenario, a)
    write(result.table(), out)
    _tell(a, result.table(), [result], _headline_rows)
    return 0


def compare_command(a: argparse.Namespace) -> int:
    """`simlib compare`."""
    from simlib.experiments.run import compare

    out, both = output(a), changes_of(a.set_both)
    scenario, baseline = load(a.scenario, both | changes_of(a.set), a.variant), load(a.baseline, both, [])
    if scenario.seed != baseline.seed:
        raise InputError(
            f"{a.scenario} and {a.baseline} have different seeds; give both the same with --set-both seed=N"
        )
    n = a.replications or scenario.replications
    a.replications = n
    results = [_simulated(s, a) for s in (scenario, baseline)]
    table = compare(*results).table()
    write(table, out)
    _tell(a, table, results, _difference_rows)
    return 0


def _simulated(scenario, a: argparse.Namespace):
    from simlib.experiments.run import simulate

    return simulate(scenario, a.replications, workers=a.workers, progress=not a.json and sys.stderr.isatty())


def write(table, path: Path | None) -> None:
    """The whole table to a file, moved into place when whole."""
    if path is None:
        return
    with beside(path) as part:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, encoding="utf-8-sig")
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            rows = json.dumps(_plain(table.to_dict("records")), ensure_ascii=False, indent=1)
            part.write_text(rows, encoding="utf-8")


def about(results) -> list[dict[str, Any]]:
    """What ran, for machines."""
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
            "seconds": round(r.seconds, 3),
        }
        for r in results
    ]


def _tell(a: argparse.Namespace, table, results, rows: Callable) -> None:
    if a.json:
        print_json({"runs": about(results), "table": table.to_dict("records")})
        return
    for r in results:
        s = r.scenario
        status = s.calendar.status(s.horizon)
        note = ", provisional calendar" if status == "provisional" else ""
        print(
            f"{s.name}: {len(r.values.columns)} replications, seed {s.seed}, policy {s.policy.name}, obedience {s.obedience}{note}"
        )
        if s.changes:
            print(f"  changed: {'; '.join(s.changes)}")
        for notice in s.notices:
            print(f"  note: {notice.en}")
    print()
    shown_rows = rows(table if a.all else _headline(table))
    widths = [max(len(str(r[i])) for r in shown_rows) for i in range(len(shown_rows[0]))]
    for r in shown_rows:
        print("  ".join(str(c).ljust(n) for c, n in zip(r, widths, strict=True)).rstrip())
    print("\nIntervals: 95%, luck only (Student's t over replications). Units and meanings: simlib list indicators")


def _headline(table):
    from simlib.experiments.study import HEADLINES

    keep = (
        *HEADLINES,
        "stocked_12m",
        "provided_24m",
        "months_without_24m",
        "listed_days",
        "listed_days_median",
        "hospital_days",
    )
    rows = table[table["indicator"].isin(keep) & table["by"].isin(["all", "level"])]
    return rows if len(rows) else table


def _headline_rows(table) -> list[tuple]:
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w = words("en")
    rows = [("indicator", "group", "mean (95% interval)", "unit")]
    for r in table.to_dict("records"):
        value = with_interval(r["indicator"], (r["mean"], r["low"], r["high"]), w)
        rows.append((r["indicator"], _group(r), value, unit_name(r["indicator"], w)))
    return rows


def _difference_rows(table) -> list[tuple]:
    from simlib.words import words
    from simlib.words.values import unit_name, with_interval

    w, nan = words("en"), float("nan")
    rows = [("indicator", "group", "scenario", "baseline", "difference (95% interval)", "unit")]
    for r in table.to_dict("records"):
        i = r["indicator"]
        d = with_interval(i, (r["difference"], r["low"], r["high"]), w, True)
        values = [with_interval(i, (r[k], nan, nan), w) for k in ("mean", "baseline")]
        rows.append((i, _group(r), *values, d, unit_name(i, w)))
    return rows


def _group(row: dict) -> str:
    return "all" if row["by"] == "all" else f"{row['by']} {row['group']}"
