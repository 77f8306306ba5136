"""The commands about what is handed out: simlib export, and simlib overlay with its template."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from simlib.cli_run import changes_of, load, print_json
from simlib.core.files import InputError, shown


def handout_commands(commands: Any, shared: argparse.ArgumentParser, running: argparse.ArgumentParser) -> None:
    """export, overlay."""
    one = commands.add_parser(
        "export", parents=[shared], help="a finished batch as PDF, page, Word, workbook or slides, to FOLDER/handout/"
    )
    one.add_argument("folder", metavar="FOLDER", help="of a batch, such as outputs/own-rules")
    one.add_argument(
        "--to", default="all", metavar="{pdf,html,docx,xlsx,pptx,all}", help="one, or several with commas (all)"
    )
    one.add_argument("--language", choices=("en", "zh", "both"), default="both")
    one.add_argument("--into", metavar="FOLDER", help="another folder for the files")
    one.add_argument("--page", metavar="PAGE", help="a page in FOLDER, such as mine.html, printed to PDF instead")
    one = commands.add_parser(
        "overlay", parents=[shared, running], help="your own observed stocking drawn over a scenario's curves"
    )
    one.add_argument("scenario", help="a name (simlib list scenarios) or a .yaml file")
    one.add_argument("observed", metavar="OBSERVED", help=".csv or .xlsx (simlib template observed FILE)")
    one.add_argument("figure", metavar="FIGURE", help=".svg, .png or .pdf")
    one.add_argument("--language", choices=("en", "zh"), default="en")


def export_command(a: argparse.Namespace) -> int:
    """`simlib export`."""
    from simlib.documents.export import FORMATS, export, export_page

    formats = FORMATS if a.to == "all" else tuple(n.strip() for n in a.to.split(",") if n.strip())
    if not formats:
        raise InputError(f"--to {a.to!r}: name one of {', '.join(FORMATS)} or all")
    if a.page and a.to not in ("pdf", "all"):
        raise InputError(f"--page {a.page}: a page becomes a PDF; --to {a.to} is not for it")
    if a.page:
        found = export_page(Path(a.folder), a.page, a.language, a.into)
    else:
        found = export(Path(a.folder), formats, a.language, a.into)
    made = [shown(p) for p in found]
    if a.json:
        print_json(made)
    else:
        print("\n".join(f"written: {p}" for p in made))
    return 0


def overlay_command(a: argparse.Namespace) -> int:
    """`simlib overlay`."""
    from simlib.cli_run import _simulated, output, write
    from simlib.outcomes.observed import read_observed
    from simlib.see.figure_files import FIGURE_KINDS
    from simlib.see.overlay import against, overlay, text
    from simlib.see.save import check_path, save

    target, out = Path(a.figure), output(a)
    check_path(target, FIGURE_KINDS)
    if out is not None and out.resolve() == Path(a.observed).resolve():
        raise InputError(f"--out {a.out}: these are your observations, which would be overwritten; name another file")
    scenario = load(a.scenario, changes_of(a.set), a.variant)
    observed = read_observed(Path(a.observed))
    result = _simulated(scenario, a)
    table = against(result, observed)
    save(overlay(result, observed, a.language), target)
    write(table, out)
    if a.json:
        print_json({"figure": shown(target), "table": table.to_dict("records")})
    else:
        print(text(result, observed, table, a.language))
        print(f"written: {shown(target)}")
    return 0
