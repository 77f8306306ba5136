"""The commands about what is handed out: simlib export, and simlib overlay with its template."""

from __future__ import annotations

from pathlib import Path

import click

from simlib.cli import options
from simlib.cli.options import Simulating
from simlib.cli.output import print_json, write
from simlib.core.files import InputError, shown


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(), help="of a batch, such as outputs/own-rules")
@click.option(
    "--to", default="all", metavar="{pdf,html,docx,xlsx,pptx,all}", help="one, or several with commas (all)"
)  # fmt: skip
@options.languages
@click.option("--into", metavar="FOLDER", type=click.Path(), help="another folder for the files")
@click.option("--page", metavar="PAGE", help="a page in FOLDER, such as mine.html, printed to PDF instead")
@options.as_json
def export(folder: str, to: str, language: str, into: str | None, page: str | None, as_json: bool) -> int:
    """`simlib export`."""
    from simlib.documents import export as of

    formats = of.FORMATS if to == "all" else tuple(n.strip() for n in to.split(",") if n.strip())
    if not formats:
        raise InputError(f"--to {to!r}: name one of {', '.join(of.FORMATS)} or all")
    if page and to not in ("pdf", "all"):
        raise InputError(f"--page {page}: a page becomes a PDF; --to {to} is not for it")
    if page:
        found = of.export_page(Path(folder), page, language, into)
    else:
        found = of.export(Path(folder), formats, language, into)
    made = [shown(p) for p in found]
    if as_json:
        print_json(made)
    else:
        print("\n".join(f"written: {p}" for p in made))
    return 0


@click.command
@options.scenario()
@click.argument("observed", type=click.Path(), help=".csv or .xlsx (simlib template observed FILE)")
@click.argument("figure", type=click.Path(), help=".svg, .png or .pdf")
@options.simulating
@options.language
@options.as_json
def overlay(scenario: str, observed: str, figure: str, asked: Simulating, language: str, as_json: bool) -> int:
    """`simlib overlay`."""
    from simlib.outcomes.observed import read_observed
    from simlib.see import overlay as of
    from simlib.see.save import FIGURE_KINDS, save

    out = asked.table_file()
    target = options.to_write(figure, FIGURE_KINDS, asked.force)
    if out is not None and out.resolve() == Path(observed).resolve():
        raise InputError(
            f"--out {asked.out}: these are your observations, which would be overwritten; name another file"
        )
    world = asked.scenario(scenario)
    seen = read_observed(Path(observed))
    asked.start()
    result = asked.simulate(world, as_json)
    table = of.against(result, seen)
    save(of.overlay(result, seen, language), target)
    write(table, out)
    if as_json:
        print_json({"figure": shown(target), "table": table.to_dict("records")})
    else:
        print(of.text(result, seen, table, language))
        print(f"written: {shown(target)}")
    return 0
