"""The command line: `simlib --help` lists the commands; all answer in clear text or, where that serves, with --json for machines.

Whatever a user got wrong is one line on stderr and exit status 2, and nothing is written.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from simlib.cli_docs import docs_command
from simlib.cli_handout import export_command, handout_commands, overlay_command
from simlib.cli_lab import lab_command, lab_command_line
from simlib.cli_policy import clauses_command, diff_command, explain_command, template_command
from simlib.cli_run import compare_command, print_json, run_command
from simlib.cli_see import draw_command, draw_commands
from simlib.cli_story import events_command, story_commands, trace_command
from simlib.cli_tables import bottleneck_command, budget_command, table_commands
from simlib.cli_teach import workshop_command, workshop_options
from simlib.core.compiled import cold
from simlib.core.files import InputError, nearest, shown

KINDS = (
    "scenarios", "policies", "regions", "cohorts", "experiments", "variants", "readings", "levers", "indicators", "assumptions",
)  # fmt: skip

SHOWN = 50  # complaints about one list


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


def _years(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 20:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 20")
    return int(text)


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
    commands = top.add_subparsers(dest="command", required=True, metavar="{" + ",".join(_COMMANDS) + "}")
    shared = _Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="for machines: JSON on stdout")
    running = _running()
    whole = _Parser(add_help=False)
    whole.add_argument("--all", action="store_true", help="show every indicator and group, not only the headline")
    speaking = _Parser(add_help=False)
    speaking.add_argument("--language", choices=("en", "zh"), default="en")
    one = commands.add_parser("list", parents=[shared], help="what there is")
    one.add_argument("kind", nargs="?", metavar="{" + ",".join(KINDS) + "}")
    one = commands.add_parser("run", parents=[shared, running, whole], help="simulate one scenario")
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one = commands.add_parser(
        "compare", parents=[shared, running, whole], help="a scenario minus a baseline, on the same random numbers"
    )
    one.add_argument("scenario")
    one.add_argument("baseline", help="what --set and --variant do not change")
    one.add_argument(
        "--set-both", action="append", default=[], metavar="KEY=VALUE", help="change scenario and baseline alike"
    )
    table_commands(commands, [shared, running, speaking], _years)
    _batch_command(commands, shared)
    one = commands.add_parser("check", parents=[shared], help="whether input files can be used")
    one.add_argument("paths", nargs="*", metavar="FILE", help="YAML, CSV or XLSX files (default: all of scenarios/)")
    _policy_commands(commands, shared, speaking)
    workshop_options(commands.add_parser("workshop", parents=[shared], help="the lessons, in a folder of your own"))
    handout_commands(commands, shared, running)
    one = commands.add_parser("docs", parents=[shared], help="write the model's own documentation to docs/")
    one.add_argument("--check", action="store_true", help="write nothing; say which pages are no longer current")
    lab_command_line(commands)
    return top


def _running() -> argparse.ArgumentParser:
    """What every command that simulates understands."""
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
        help='change a rule, number or key, such as "committee.duty.listing.within=2 months", readings.B2=learned, decision.rho=0.5 or obedience=full',
    )
    running.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help="a stored set of changes, or its .yaml file"
    )
    running.add_argument("--out", metavar="FILE", help="also write the whole table: .csv, .parquet or .json")
    return running


def _batch_command(commands, shared: argparse.ArgumentParser) -> None:
    one = commands.add_parser(
        "batch", parents=[shared], help="whole experiments to pages, tables and figures in outputs/"
    )
    one.add_argument("experiments", nargs="+", metavar="EXPERIMENT")
    one.add_argument("--small", action="store_true", help="few replications, to outputs/small/")
    one.add_argument("--workers", type=_count, metavar="N", help="notebooks at once (default: all cores)")
    one.add_argument(
        "--deadline", type=_seconds, default=3600.0, metavar="SECONDS", help="longest time for one notebook (3600)"
    )
    one.add_argument("--language", choices=("en", "zh", "both"), default="both", help="of the page (both)")
    one.add_argument(
        "--notebook",
        metavar="FILE",
        help="also your own copy of notebooks/comparison.ipynb, to NAME.html beside the page",
    )


def _policy_commands(commands, shared: argparse.ArgumentParser, speaking: argparse.ArgumentParser) -> None:
    """explain, diff, clauses, template; and, since they speak and change rules too, events, trace and draw."""
    changing = _Parser(add_help=False)
    changing.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a rule first")
    changing.add_argument("--variant", action="append", default=[], metavar="NAME", help="a stored set of changes")
    one = commands.add_parser(
        "explain",
        parents=[shared, speaking, changing],
        help="what a policy says, by which clause, and what it overrides",
    )
    one.add_argument("policy", metavar="POLICY[@REGION]")
    one.add_argument("lever", nargs="?", help="one lever, or the beginning of several, such as committee")
    one = commands.add_parser(
        "diff",
        parents=[shared, speaking, changing],
        help="which rules two policies differ in (changes go to the second)",
    )
    one.add_argument("a", metavar="POLICY[@REGION]")
    one.add_argument("b", metavar="POLICY[@REGION]")
    one = commands.add_parser(
        "clauses", parents=[shared, speaking], help="every clause: its lever and its proof, or why it does not act"
    )
    one.add_argument("document", nargs="?", help="a document or the policy that holds it (default: all)")
    one.add_argument("--status", choices=("acts", "loads", "pending", "context", "unproven"))
    one = commands.add_parser(
        "template", parents=[shared, speaking], help="an empty list of hospitals, drugs or observed stocking to fill in"
    )
    one.add_argument("kind", metavar="{hospitals,drugs,observed,observed-pairs}")
    one.add_argument("path", metavar="FILE", help=".xlsx or .csv")
    story_commands(commands, shared, speaking, changing)
    draw_commands(commands, shared, speaking, changing, _count)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 well, 1 something failed, 2 wrong input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        arguments = parser().parse_args(words)
        if arguments.command in _SIMULATING and sys.stderr.isatty() and cold():
            print("simlib: compiling the model, once on this machine: a minute or two", file=sys.stderr)
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


# ---- list


def _list(a: argparse.Namespace) -> int:
    from simlib import listing_of

    if a.kind is not None and a.kind not in KINDS:
        raise InputError(f"unknown kind {a.kind!r}; allowed: {', '.join(KINDS)}{nearest(a.kind, KINDS)}")
    kinds = [a.kind] if a.kind else list(KINDS)
    found = {k: listing_of.rows(k) for k in kinds}
    if a.json:
        print_json(found[a.kind] if a.kind else found)
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


# ---- batch, check


def _batch(a: argparse.Namespace) -> int:
    from simlib.batch.batch import run_batch
    from simlib.scenario.experiment_files import load_experiment

    for name in a.experiments:
        load_experiment(name)  # all names are looked at before anything runs
    notebook = Path(a.notebook) if a.notebook else None
    said = {"small": a.small, "workers": a.workers, "deadline": a.deadline, "progress": not a.json}
    summaries = [run_batch(n, **said, language=a.language, notebook=notebook) for n in a.experiments]
    if a.json:
        print_json([{**vars(s), "folder": shown(s.folder), "ok": s.ok} for s in summaries])
    else:
        for s in summaries:
            print(
                f"{s.experiment}: {len(s.done)} done, {len(s.unchanged)} unchanged, {len(s.failed)} failed, {s.seconds:.0f} s"
            )
            for page in (s.folder / f"{n}.html" for n in ("index", *([notebook.stem] if notebook else ()))):
                if page.is_file():
                    print(f"  open {shown(page)}")
            for name, reason in s.failed.items():
                print(f"  failed: {name}: {reason}", file=sys.stderr)
    return 0 if all(s.ok for s in summaries) else 1


def _check(a: argparse.Namespace) -> int:
    from simlib.experiments.check import all_files, check_file

    found = []
    for path in [Path(p) for p in a.paths] or all_files():
        try:
            found.append({"file": shown(path), "ok": True, "kind": check_file(path), "errors": []})
        except InputError as e:
            lines = [" ".join(line.split()) for line in getattr(e, "lines", [str(e)])]  # a list says all that is wrong
            found.append({"file": shown(path), "ok": False, "kind": None, "errors": lines})
    if a.json:
        print_json(found)
    else:
        for f in found:
            if f["ok"]:
                print(f"{f['file']}: {f['kind']}, good")
            for line in f["errors"][:SHOWN]:
                print(f"simlib: {line}", file=sys.stderr)
            if len(f["errors"]) > SHOWN:
                print(f"simlib: {f['file']}: and {len(f['errors']) - SHOWN} more", file=sys.stderr)
    return 0 if all(f["ok"] for f in found) else 2


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "run": run_command,
    "compare": compare_command,
    "bottleneck": bottleneck_command,
    "budget": budget_command,
    "batch": _batch,
    "check": _check,
    "explain": explain_command,
    "diff": diff_command,
    "clauses": clauses_command,
    "trace": trace_command,
    "events": events_command,
    "draw": draw_command,
    "template": template_command,
    "workshop": workshop_command,
    "export": export_command,
    "overlay": overlay_command,
    "docs": docs_command,
    "lab": lab_command,
}

_SIMULATING = {"run", "compare", "bottleneck", "budget", "batch", "trace", "events", "draw", "overlay"}

if __name__ == "__main__":
    raise SystemExit(main())
