"""The command that shares out a difference among clauses: simlib attribute."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli import options
from simlib.cli.options import TABLES, Changes, Machines, load, read_sets, shows_progress, to_write
from simlib.cli.output import print_json, rows_of, write
from simlib.cli.values import COUNT, Choice, Positive, Whole
from simlib.core.files import InputError, folder_at, home

if TYPE_CHECKING:
    from simlib.experiments.attribution.ledger import Ledger
    from simlib.experiments.seals import Seal

PICTURES = (".svg", ".png", ".pdf")


@click.command
@options.scenario()
@options.scenario("baseline", help="likewise; what --set and --variant do not change")
@click.option("--by", type=Choice(["clause", "article", "document"]), default="clause", help="what a part is (clause)")
@click.option(
    "--together", is_flag=True, help="keep a document's parts together, so that they add up to what it is worth"
)
@click.option("--exact", is_flag=True, help="run every coalition (by itself up to 8 parts)")
@click.option(
    "--indicator", metavar="NAME[,BY,GROUP]", help="what is shared out, and told precisely (stocked_24m,level,3)"
)
@click.option(
    "--within", type=Positive(), metavar="X", help="half width of the largest parts' intervals, as printed (0.6 points)"
)
@click.option("--top", type=COUNT, default=6, metavar="N", help="parts that are to be that precise (6)")
@click.option(
    "--walks", type=Whole(4, 10_000), default=8, metavar="N", help="worlds that are walked along every part (8)"
)
@click.option("--most", type=COUNT, default=96, metavar="N", help="worlds at most (96)")
@click.option(
    "--world", type=Choice(["middle", "assumed", "fitted"]), default="fitted",
    help="assumed numbers as the calibration fitted them (fitted), drawn from all of their ranges, or in the middle of them",
)  # fmt: skip
@options.machines
@options.changing
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@click.option("--folder", metavar="FOLDER", help="where runs are kept and found (outputs/attribution)")
@click.option("--picture", metavar="FILE", help="also draw it: .svg, .png or .pdf")
@options.everything
@options.out
@options.force
@options.language
@options.as_json
def attribute(
    scenario: str,
    baseline: str,
    by: str,
    together: bool,
    exact: bool,
    indicator: str | None,
    within: float | None,
    top: int,
    walks: int,
    most: int,
    world: str,
    machines: Machines,
    changes: Changes,
    set_both: tuple[str, ...],
    folder: str | None,
    picture: str | None,
    everything: bool,
    out: str | None,
    force: bool,
    language: str,
    as_json: bool,
) -> int:
    """`simlib attribute`."""
    from simlib.experiments.attribution.attribute import attribute as share_out
    from simlib.report.ledger import ledger_text
    from simlib.report.seals import key_text
    from simlib.words import words

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    drawing = to_write(picture, PICTURES, force, f"--picture {picture}") if picture else None
    both = read_sets(set_both)
    first, second = changes.scenario(scenario, below=both), load(baseline, both)
    place = folder_at(Path(folder) if folder else home() / "outputs" / "attribution")
    key = key_of(indicator)
    machines.start()
    start = time.monotonic()
    found = share_out(
        first, second, by, together, exact or None, key, within, world, walks, most, top,
        folder=place, workers=machines.workers, progress=shows_progress(as_json),
    )  # fmt: skip
    seconds = time.monotonic() - start
    told_by = ((scenario, {**both, **read_sets(changes.sets)}, changes.variants), (baseline, both, ()))
    shares = {"by": by, "together": together, "exactly": exact or None, "within": within, "worlds": walks, "most": most}
    sealed = _sealed(found, told_by, shares | {"top": top}, seconds, place)
    if file:
        write(found.whole(found.keys() if everything else [found.key]), file)
    if drawing:
        from simlib.see import save

        save(found.plot(language), drawing)
    if as_json:
        told = {
            "scenario": first.name,
            "baseline": second.name,
            "world": found.game.scenario.world,
            "reached": found.reached,
            "key": None if isinstance(sealed, InputError) else sealed.key,
        }
        told |= {"difference": found.difference(), "pairs": rows_of(found.pairs()), "table": rows_of(found.table())}
        print_json(told)
    else:
        print(ledger_text(found, language=language, everything=everything))
        print(key_text(sealed, words(language)))
    return 0


def _sealed(
    found: Ledger, told_by: Sequence[tuple[str, dict[str, Any], tuple[str, ...]]], shares: dict[str, Any],
    seconds: float, place: Path,
) -> Seal | InputError:  # fmt: skip
    """The seal of a ledger, beside its runs; or why it can have none. told_by: scenario and baseline as they were named."""
    from simlib.experiments.attribution.coalitions import folder_of
    from simlib.experiments.recipes import recipe_of
    from simlib.experiments.replay import seal_ledger
    from simlib.experiments.seals import Asked, Shares, write_seal

    try:
        first, second = (recipe_of(*told) for told in told_by)
        asked = Asked(
            what="ledger", scenario=first, baseline=second, indicator=list(found.key), world=found.game.scenario.world,
            shares=Shares(**shares),
        )  # fmt: skip
        sealed = seal_ledger(found, asked, seconds)
    except InputError as e:
        return e
    write_seal(sealed, folder_of(place, found.game))
    return sealed


def key_of(text: str | None, option: str = "--indicator") -> tuple[str, str, str]:
    """An indicator as the command line names it: NAME, or NAME,BY,GROUP."""
    from simlib.experiments.study import LEVEL, MAIN
    from simlib.outcomes.dictionary import INDICATORS

    if text is None:
        return (MAIN, *LEVEL)
    name, *group = text.split(",")
    if name not in INDICATORS:
        from simlib.core.files import one_of

        raise InputError(f"{option}: " + one_of(name, list(INDICATORS), "indicator"))
    if len(group) not in (0, 2):
        raise InputError(f"{option} {text}: expected NAME, or NAME,BY,GROUP such as stocked_24m,level,3")
    return (name, *(group or ("all", "all")))  # type: ignore[return-value]
