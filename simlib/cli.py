"""The command line: list, run, compare, batch, check.

Whatever a user wrote wrong is one line on standard error and exit status 2; nothing is written then.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from simlib.files import InputError, one_of, parse_yaml, scenarios, shown

KINDS = ("scenarios", "policies", "regions", "cohorts", "experiments", "levers", "indicators")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    args = _parser().parse_args(arguments)
    try:
        return args.call(args)
    except InputError as e:
        print(f"simlib: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("simlib: stopped; what was done is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        """One line, without the usage that argparse would add."""
        raise SystemExit(_say(f"{message} (see {self.prog} --help)"))


def _say(message: str) -> int:
    print(f"simlib: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="simlib", description="How a new drug reaches a patient, and which rule decides it.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")
    p = commands.add_parser("list", help="what there is")
    p.add_argument("kind", nargs="?", help=", ".join(KINDS))
    p.set_defaults(call=list_things)
    p = commands.add_parser("run", help="simulate one scenario")
    p.add_argument("scenario")
    p.set_defaults(call=run)
    p2 = commands.add_parser("compare", help="simulate two scenarios on the same random numbers")
    p2.add_argument("scenario")
    p2.add_argument("baseline")
    p2.set_defaults(call=compare)
    for q in (p, p2):
        q.add_argument("--replications", type=_positive, metavar="N")
        q.add_argument("--workers", type=_positive, metavar="N", help="processes (default: all cores)")
        q.add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", dest="changes", help="e.g. decision.rho=0.5"
        )
        q.add_argument("--all", action="store_true", help="every indicator and group, not only the headline")
        q.add_argument("--out", metavar="FILE", help="also write the table: .csv or .parquet")
    p = commands.add_parser("batch", help="run experiments to pages in outputs/")
    p.add_argument("experiments", nargs="+", metavar="EXPERIMENT")
    p.add_argument("--small", action="store_true", help="few replications, to outputs/small/")
    p.add_argument("--workers", type=_positive, metavar="N")
    p.set_defaults(call=batch)
    p = commands.add_parser("check", help="check files (default: all of scenarios/)")
    p.add_argument("paths", nargs="*", metavar="PATH")
    p.set_defaults(call=check)
    for q in commands.choices.values():
        q.add_argument("--json", action="store_true", help="for machines")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return number


# ------------------------------------------------------------------------------------------------------ list


def list_things(args: argparse.Namespace) -> int:
    """`simlib list [KIND]`."""
    if args.kind is not None and args.kind not in KINDS:
        raise InputError(one_of(args.kind, KINDS, "kind"))
    found = {kind: _list(kind) for kind in ([args.kind] if args.kind else KINDS[:5])}
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for kind, rows in found.items():
        print(f"{kind} ({len(rows)})")
        for row in rows:
            print("  " + "  ".join(str(v) for v in row.values() if v not in ("", None)))
    return 0


def _list(kind: str) -> list[dict[str, Any]]:
    from simlib.experiments.plan import load_experiment
    from simlib.experiments.plan import names as experiments
    from simlib.outcomes.dictionary import INDICATORS
    from simlib.policy.levers import LEVERS
    from simlib.scenario import scenario_files

    match kind:
        case "scenarios":
            rows = [{"name": n, "file": shown(p)} for n, p in scenario_files().items()]
            cells = {c.name: e for e in experiments() for c in load_experiment(e).cells}
            return rows + [{"name": n, "experiment": e} for n, e in cells.items()]
        case "experiments":
            return [{"name": n, "title": load_experiment(n).file.title.en} for n in experiments()]
        case "levers":
            return [
                {"name": v.name, "kind": v.kind, "binds": v.binds, "allowed": "|".join(v.allowed)}
                for v in LEVERS.values()
            ]
        case "indicators":
            return [{"name": i.name, "unit": i.unit, "en": i.en, "zh": i.zh} for i in INDICATORS.values()]
        case _:
            return [_titled(p) for p in sorted((scenarios() / kind).glob("*.yaml"))]


def _titled(path: Path) -> dict[str, Any]:
    title = parse_yaml(path.read_text(encoding="utf-8"), shown(path)).data.get("title") or {}
    return {"name": path.stem, "en": title.get("en", ""), "zh": title.get("zh", "")}


# ----------------------------------------------------------------------------------------------- run, compare


def _changes(pairs: list[str]) -> dict[str, Any]:
    """`--set KEY=VALUE` as a mapping; a value is read as YAML."""
    changes = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise InputError(f"--set {pair}: write KEY=VALUE")
        changes[key] = parse_yaml(f"v: {value}", f"--set {key}").data["v"]
    return changes


def _name(text: str) -> str | Path:
    return Path(text) if text.endswith((".yaml", ".yml")) else text


def run(args: argparse.Namespace) -> int:
    """`simlib run SCENARIO`."""
    from simlib import load_scenario, simulate

    scenario = load_scenario(_name(args.scenario), set=_changes(args.changes))
    _check_out(args.out)
    result = simulate(scenario, args.replications, args.workers, progress=sys.stderr.isatty())
    table = result.table()
    _write(table, args.out)
    return _show(table, args, scenario, {"seconds": round(result.seconds, 3)})


def compare(args: argparse.Namespace) -> int:
    """`simlib compare SCENARIO BASELINE`; `--set` changes the scenario, not the baseline."""
    import simlib

    scenario = simlib.load_scenario(_name(args.scenario), set=_changes(args.changes))
    other = simlib.load_scenario(_name(args.baseline))
    if scenario.seed != other.seed:
        raise InputError(f"{scenario.name} and {other.name} have different seeds; differences would not be paired")
    _check_out(args.out)
    n = args.replications or min(scenario.replications, other.replications)
    bar = sys.stderr.isatty()
    effect = simlib.compare(
        simlib.simulate(scenario, n, args.workers, bar), simlib.simulate(other, n, args.workers, bar)
    )
    table = effect.table()
    _write(table, args.out)
    inert = effect.inert()
    status = _show(table, args, scenario, {"baseline": other.name, "inert": inert.to_dict("records")})
    if not args.json and len(inert):
        print("\nrules that cannot act in this run:")
        for row in inert.itertuples():
            print(f"  {row.lever} {row.what} ({row.clause}): {row.reason}")
    return status


def _check_out(out: str | None) -> None:
    if out and not out.endswith((".csv", ".parquet")):
        raise InputError(f"--out {out}: end the name with .csv or .parquet")


def _write(table: pd.DataFrame, out: str | None) -> None:
    if out:
        table.to_parquet(out) if out.endswith(".parquet") else table.to_csv(out, index=False, encoding="utf-8-sig")


def _show(table: pd.DataFrame, args: argparse.Namespace, scenario: Any, more: dict[str, Any]) -> int:
    """Print a table, for people or machines."""
    from simlib.outcomes.dictionary import HEADLINES, INDICATORS

    status = scenario.calendar.status(scenario.horizon)
    if not args.all:
        table = table[table["indicator"].isin(HEADLINES) & table["by"].isin(["all", "level"])]
    if args.json:
        rows = json.loads(table.to_json(orient="records", force_ascii=False))
        print(json.dumps({"scenario": scenario.name, "calendar": status, **more, "rows": rows}, ensure_ascii=False))
        return 0
    print(f"{scenario.name}  ({scenario.policy.title.en} | {scenario.policy.title.zh}; calendar {status})")
    for row in table.to_dict("records"):
        kind = INDICATORS[row["indicator"]]
        scale, unit = (100.0, "%") if kind.is_share else (1.0, kind.unit)
        key = "difference" if "difference" in row else "mean"
        if pd.isna(row[key]):
            continue
        group = "" if row["by"] == "all" else f"{row['by']} {row['group']}"
        points = " points" if key == "difference" and kind.is_share else ""
        bounds = "" if pd.isna(row["low"]) else f"  [{row['low'] * scale:.2f}, {row['high'] * scale:.2f}]"
        print(f"  {kind.en:58}{group:10}{row[key] * scale:>9.2f}{bounds} {unit}{points}")
    print("  [95% interval over replications: luck only; assumptions can be wrong too]")
    return 0


# ---------------------------------------------------------------------------------------------- batch, check


def batch(args: argparse.Namespace) -> int:
    """`simlib batch EXPERIMENT...`."""
    from simlib.batch import run_experiments

    return run_experiments(args.experiments, small=args.small, workers=args.workers)


def check(args: argparse.Namespace) -> int:
    """`simlib check [PATH...]`: every fault of every file, one line each; exit status 2 if there is one."""
    from simlib.experiments.check import check_file, project_files

    paths = [Path(p) for p in args.paths] or project_files()
    faults = {}
    for path in paths:
        try:
            check_file(path)
        except InputError as e:
            faults[shown(path)] = str(e)
    if args.json:
        print(json.dumps({"checked": len(paths), "faults": faults}, ensure_ascii=False))
    else:
        for message in faults.values():
            print(f"simlib: {message}", file=sys.stderr)
        print(f"{len(paths)} files checked, {len(faults)} with a fault")
    return 2 if faults else 0
