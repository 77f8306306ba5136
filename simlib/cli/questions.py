"""The commands that answer one question with one table: simlib bottleneck, budget, obedience, scorecard and predict."""

from __future__ import annotations

import click

from simlib.cli import options
from simlib.cli.options import TABLES, Machines, Simulating, load, read_sets, shows_progress, to_write
from simlib.cli.output import about, print_json, write
from simlib.cli.values import COUNT, Whole
from simlib.core.files import InputError


@click.command
@options.scenario()
@options.simulating
@options.language
@options.as_json
def bottleneck(scenario: str, asked: Simulating, language: str, as_json: bool) -> int:
    """`simlib bottleneck`."""
    from simlib.experiments.bottleneck import bottleneck as search
    from simlib.report.lines import bottleneck_text

    out = asked.table_file()
    world = asked.scenario(scenario)
    asked.start()
    found = search(world, asked.replications, asked.workers, shows_progress(as_json))
    table = found.table()
    write(table, out)
    if as_json:
        print_json({"runs": about([found.baseline]), "table": table.to_dict("records")})
    else:
        print(bottleneck_text(found, language))
    return 0


@click.command
@options.scenario()
@options.simulating
@click.option("--years", type=Whole(1, 20), default=5, metavar="N", help="calendar years from policy_from on (5)")
@options.language
@options.as_json
def budget(scenario: str, asked: Simulating, years: int, language: str, as_json: bool) -> int:
    """`simlib budget`."""
    from simlib.experiments.budget import budget_impact, lengthening
    from simlib.report.lines import budget_text, notes

    out = asked.table_file()
    world = asked.scenario(scenario)
    longer = lengthening(world, years)
    if longer:
        world = load(scenario, read_sets(asked.sets) | longer, asked.variants)
    asked.start()
    try:
        found = budget_impact(world, asked.replications, years, asked.workers, shows_progress(as_json))
    except ValueError as e:
        raise InputError(str(e)) from None
    table = found.table()
    write(table, out)
    if as_json:
        runs = [r for r in (found.result, found.baseline) if r is not None]
        said = {n: notes(found, table, n, bool(longer)) for n in ("en", "zh")}
        print_json({"runs": about(runs), "notes": said, "table": table.to_dict("records")})
    else:
        print(budget_text(found, language, bool(longer)))
    return 0


@click.command
@options.scenario()
@click.argument(
    "baseline", required=False, help="likewise; left out: the same world under what held before the reforms"
)
@options.simulating
@click.option("--set-both", multiple=True, metavar="KEY=VALUE", help="change scenario and baseline alike")
@options.language
@options.as_json
def obedience(
    scenario: str, baseline: str | None, asked: Simulating, set_both: tuple[str, ...], language: str, as_json: bool
) -> int:
    """`simlib obedience`."""
    from simlib.experiments.obedience_curve import SHARES, obedience_curve
    from simlib.report.lines import obedience_text

    out, both = asked.table_file(), read_sets(set_both)
    world = asked.scenario(scenario, below=both)
    base = load(baseline, both) if baseline else None
    asked.start()
    found = obedience_curve(world, base, SHARES, asked.replications, asked.workers, shows_progress(as_json))
    table = found.table()
    write(table, out)
    if as_json:
        runs = [{"scenario": s.name, "policy": s.policy.name, "digest": s.digest()} for s in (world, found.baseline)]
        half = {i: found.needed(0.5, i) for i in table["indicator"].unique()}
        print_json({"runs": runs, "half_of_full_at": half, "table": table.to_dict("records")})
    else:
        print(obedience_text(found, language))
    return 0


@click.command
@options.out
@options.force
@options.language
@options.as_json
def scorecard(out: str | None, force: bool, language: str, as_json: bool) -> int:
    """`simlib scorecard`."""
    from simlib.documentation.words import words
    from simlib.experiments.scorecard import scorecard as card
    from simlib.experiments.scorecard import table as frame
    from simlib.report.lines import columns
    from simlib.report.scorecard import scorecard_rows

    file = to_write(out, TABLES, force, f"--out {out}") if out else None
    found = card()
    if file:
        write(frame(found), file)
    if as_json:
        print_json(frame(found).to_dict("records"))
    else:
        w = words(language)
        print("\n".join([w["scorecard_command"], "", *columns(scorecard_rows(found, w))]))
    return 0


@click.command
@click.option("--freeze", "freezing", is_flag=True, help="answer the questions now, and add the answers for good")
@click.option("--replications", type=COUNT, metavar="N", help="random histories (default: the file's)")
@options.machines
@options.language
@options.as_json
def predict(freezing: bool, replications: int | None, machines: Machines, language: str, as_json: bool) -> int:
    """`simlib predict`."""
    from dataclasses import asdict
    from datetime import date

    from simlib.documentation.validation_page import prediction_rows, validation_words
    from simlib.experiments.predictions import freeze, frozen
    from simlib.report.lines import columns

    if freezing:
        machines.start()
    elif machines.cluster:
        raise InputError("--cluster: only with --freeze, for nothing else is simulated; leave it out")
    added = freeze("fitted", replications, machines.workers, shows_progress(as_json)) if freezing else []
    w, kept = validation_words(language), frozen()
    if as_json:
        print_json([asdict(a) for a in (added if freezing else kept)])
        return 0
    if freezing:
        day = date.today().isoformat()
        print(w.say("predict_added", count=len(added), day=day) if added else w["predict_nothing"], end="\n\n")
    print("\n".join([w["predict_head"], "", *columns(prediction_rows(kept, w, date.today()))]))
    return 0
