"""The command line: simlib list | run | compare | batch | check, in clear text or, with --json, for machines.

Whatever a user got wrong is one line on stderr and exit status 2, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from simlib.files import InputError, nearest, parse_yaml, shown

KINDS = ("scenarios", "policies", "regions", "cohorts", "experiments", "levers", "indicators")
OUT = {".csv": "csv", ".parquet": "parquet", ".json": "json"}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the nearest right word."""

    def error(self, message: str) -> NoReturn:
        raise InputError(" ".join(message.split()))


def _count(text: str) -> int:
    try:
        n = int(text)
    except ValueError:
        n = 0
    if not 1 <= n <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100000")
    return n


def _seconds(text: str) -> float:
    try:
        x = float(text)
    except ValueError:
        x = 0.0
    if not 0 < x < 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return x


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _Parser(prog="simlib", description="How a new drug reaches Chinese hospitals, and which rule decides it.")
    commands = top.add_subparsers(dest="command", required=True, metavar="{list,run,compare,batch,check}")
    shared = _Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="for machines: JSON on stdout")
    running = _Parser(add_help=False)
    running.add_argument("--replications", type=_count, metavar="N", help="random histories (default: the scenario's)")
    running.add_argument(
        "--workers", type=_count, metavar="N", help="processes (default: all cores); the result does not depend on it"
    )
    running.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a key, such as decision.rho=0.5 or obedience=full",
    )
    running.add_argument("--out", metavar="FILE", help="also write the whole table: .csv, .parquet or .json")
    running.add_argument("--all", action="store_true", help="show every indicator and group, not only the headline")
    one = commands.add_parser("list", parents=[shared], help="what there is")
    one.add_argument("kind", nargs="?", metavar="{" + ",".join(KINDS) + "}")
    one = commands.add_parser("run", parents=[shared, running], help="simulate one scenario")
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one = commands.add_parser(
        "compare", parents=[shared, running], help="a scenario minus a baseline, on the same random numbers"
    )
    one.add_argument("scenario")
    one.add_argument("baseline")
    one = commands.add_parser(
        "batch", parents=[shared], help="whole experiments to pages, tables and figures in outputs/"
    )
    one.add_argument("experiments", nargs="+", metavar="EXPERIMENT")
    one.add_argument("--small", action="store_true", help="few replications, to outputs/small/")
    one.add_argument("--workers", type=_count, metavar="N", help="notebooks at once (default: all cores)")
    one.add_argument(
        "--deadline", type=_seconds, default=3600.0, metavar="SECONDS", help="longest time for one notebook (3600)"
    )
    one = commands.add_parser("check", parents=[shared], help="whether input files can be used")
    one.add_argument("paths", nargs="*", metavar="FILE", help="YAML files (default: all of scenarios/)")
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 well, 1 something failed, 2 wrong input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        arguments = parser().parse_args(words)
        return _COMMANDS[arguments.command](arguments)
    except InputError as e:
        print(f"simlib: {' '.join(str(e).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("simlib: interrupted; what is done is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _print_json(data: Any) -> None:
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


# ---- list


def _list(a: argparse.Namespace) -> int:
    from simlib import listing_of

    if a.kind is not None and a.kind not in KINDS:
        raise InputError(f"unknown kind {a.kind!r}; allowed: {', '.join(KINDS)}{nearest(a.kind, KINDS)}")
    kinds = [a.kind] if a.kind else list(KINDS)
    found = {k: listing_of.rows(k) for k in kinds}
    if a.json:
        _print_json(found[a.kind] if a.kind else found)
        return 0
    for kind, rows in found.items():
        if len(found) > 1:
            print(f"\n{kind} ({len(rows)})" if kind != kinds[0] else f"{kind} ({len(rows)})")
        shown_rows = rows if a.kind or len(rows) <= 12 else rows[:6]
        width = max((len(r["name"]) for r in shown_rows), default=0)
        for r in shown_rows:
            print(f"  {r['name']:<{width}}  {r['en']}" + (f" · {r['zh']}" if r.get("zh") else ""))
        if len(shown_rows) < len(rows):
            print(f"  ... (simlib list {kind})")
    return 0


# ---- run, compare


def _changes(pairs: Sequence[str]) -> dict[str, Any]:
    out = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise InputError(f"--set {pair}: expected KEY=VALUE")
        out[key.strip()] = parse_yaml(f"value: {value}", f"--set {pair}").data["value"]
    return out


def _load(name: str, changes: dict[str, Any]):
    from simlib.scenario import load_scenario

    try:
        return load_scenario(name, changes)
    except ValueError as e:
        raise InputError(f"{name}: {' '.join(str(e).split())}") from None


def _out(a: argparse.Namespace) -> Path | None:
    if a.out is None:
        return None
    path = Path(a.out)
    if path.suffix not in OUT:
        raise InputError(f"--out {a.out}: the name must end in {', '.join(OUT)}")
    if not path.resolve().parent.is_dir():
        raise InputError(f"--out {a.out}: no such folder")
    return path


def _run(a: argparse.Namespace) -> int:
    out = _out(a)
    scenario = _load(a.scenario, _changes(a.set))
    result = _simulated(scenario, a)
    _write(result.table(), out)
    _tell(a, result.table(), [result], _headline_rows)
    return 0


def _compare(a: argparse.Namespace) -> int:
    from simlib.experiments.run import compare

    out, changes = _out(a), _changes(a.set)
    scenario, baseline = _load(a.scenario, changes), _load(a.baseline, changes)
    if scenario.seed != baseline.seed:
        raise InputError(f"{a.scenario} and {a.baseline} have different seeds; give both the same with --set seed=N")
    n = a.replications or scenario.replications
    a.replications = n
    results = [_simulated(s, a) for s in (scenario, baseline)]
    table = compare(*results).table()
    _write(table, out)
    _tell(a, table, results, _difference_rows)
    return 0


def _simulated(scenario, a: argparse.Namespace):
    from simlib.experiments.run import simulate

    return simulate(scenario, a.replications, workers=a.workers, progress=not a.json and sys.stderr.isatty())


def _write(table, path: Path | None) -> None:
    """The whole table to a file, moved into place when whole."""
    if path is None:
        return
    part = path.with_name(path.name + ".part")
    try:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, encoding="utf-8-sig")
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            part.write_text(
                json.dumps(_plain(table.to_dict("records")), ensure_ascii=False, indent=1), encoding="utf-8"
            )
        os.replace(part, path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise InputError(f"--out {path}: {e.strerror or e}") from None


def _tell(a: argparse.Namespace, table, results, rows: Callable) -> None:
    if a.json:
        about = [
            {
                "scenario": r.scenario.name,
                "digest": r.scenario.digest(),
                "seed": r.scenario.seed,
                "replications": len(r.values.columns),
                "calendar_status": r.scenario.calendar.status(r.scenario.horizon),
                "seconds": round(r.seconds, 3),
            }
            for r in results
        ]
        _print_json({"runs": about, "table": table.to_dict("records")})
        return
    for r in results:
        s = r.scenario
        status = s.calendar.status(s.horizon)
        note = ", provisional calendar" if status == "provisional" else ""
        print(f"{s.name}: {len(r.values.columns)} replications, seed {s.seed}, obedience {s.obedience}{note}")
    print()
    shown_rows = rows(table if a.all else _headline(table))
    widths = [max(len(str(r[i])) for r in shown_rows) for i in range(len(shown_rows[0]))]
    for r in shown_rows:
        print("  ".join(str(c).ljust(n) for c, n in zip(r, widths, strict=True)).rstrip())
    print("\nIntervals: 95%, luck only (Student's t over replications). Units and meanings: simlib list indicators")


def _headline(table):
    from simlib.report.study import HEADLINES

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
    from simlib.report.tables import unit_name, with_interval
    from simlib.report.words import words

    w = words("en")
    rows = [("indicator", "group", "mean (95% interval)", "unit")]
    for r in table.to_dict("records"):
        value = with_interval(r["indicator"], (r["mean"], r["low"], r["high"]), w)
        rows.append((r["indicator"], _group(r), value, unit_name(r["indicator"], w)))
    return rows


def _difference_rows(table) -> list[tuple]:
    from simlib.report.tables import unit_name, with_interval
    from simlib.report.words import words

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


# ---- batch, check


def _batch(a: argparse.Namespace) -> int:
    from simlib.batch import run_batch
    from simlib.experiments.plan import load_experiment

    for name in a.experiments:
        load_experiment(name)  # all names are looked at before anything runs
    summaries = [
        run_batch(n, small=a.small, workers=a.workers, deadline=a.deadline, progress=not a.json) for n in a.experiments
    ]
    if a.json:
        _print_json([{**vars(s), "folder": shown(s.folder), "ok": s.ok} for s in summaries])
    else:
        for s in summaries:
            print(
                f"{s.experiment}: {len(s.done)} done, {len(s.unchanged)} unchanged, {len(s.failed)} failed, {s.seconds:.0f} s"
            )
            page = s.folder / "index.html"
            if page.is_file():
                print(f"  open {shown(page)}")
            for name, reason in s.failed.items():
                print(f"  failed: {name}: {reason}", file=sys.stderr)
    return 0 if all(s.ok for s in summaries) else 1


def _check(a: argparse.Namespace) -> int:
    from simlib.check import all_files, check_file

    found = []
    for path in [Path(p) for p in a.paths] or all_files():
        try:
            found.append({"file": shown(path), "ok": True, "kind": check_file(path), "error": None})
        except InputError as e:
            found.append({"file": shown(path), "ok": False, "kind": None, "error": " ".join(str(e).split())})
    if a.json:
        _print_json(found)
    else:
        for f in found:
            if f["ok"]:
                print(f"{f['file']}: {f['kind']}, good")
            else:
                print(f"simlib: {f['error']}", file=sys.stderr)
    return 0 if all(f["ok"] for f in found) else 2


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "run": _run,
    "compare": _compare,
    "batch": _batch,
    "check": _check,
}

if __name__ == "__main__":
    raise SystemExit(main())
