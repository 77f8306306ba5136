"""The commands: which module holds each, and what `simlib --help` says of it."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A command: the function `function` of `simlib.cli.MODULE`, and its line of help."""

    module: str
    function: str
    help: str


COMMANDS = {
    "list": Entry("listing", "list_things", "what there is"),
    "run": Entry("simulate", "run", "simulate one scenario"),
    "compare": Entry("simulate", "compare", "a scenario minus a baseline, on the same random numbers"),
    "rank": Entry("ranking", "rank", "many scenarios at once, with intervals that hold all differences together"),
    "attribute": Entry("attribution", "attribute", "which clause did it: a difference shared out among the clauses"),
    "hinge": Entry(
        "hinging", "hinge", "which assumed numbers an answer hangs on, and in how many plausible worlds it holds"
    ),
    "worth": Entry("hinging", "worth", "which number is most worth a survey before choosing between rulebooks"),
    "fails": Entry("failing", "fails", "in which plausible worlds a conclusion does not hold, in a few numbers"),
    "search": Entry("searching", "search", "the best few clauses, under a limit on their number or on their cost"),
    "bottleneck": Entry("questions", "bottleneck", "what is gained if one stage alone were instant"),
    "budget": Entry("questions", "budget", "who pays for the drugs, by year, and what the reforms add"),
    "obedience": Entry("questions", "obedience", "what a rulebook adds, by the share of hospitals that obey"),
    "scorecard": Entry("questions", "scorecard", "published figures beside the fitted model, hits and misses"),
    "calibrate": Entry("calibrate", "calibrate", "fit the assumed numbers to published figures (about an hour)"),
    "predict": Entry("questions", "predict", "figures predicted before they are published, frozen with their date"),
    "elicit": Entry(
        "elicit", "elicit", "ask experts for assumed numbers on a sheet, read it back, run on what they say"
    ),
    "worlds": Entry("worlds", "worlds", "assumed numbers drawn together: a table of worlds, one run each"),
    "screen": Entry("worlds", "screen", "which assumed numbers move an answer, of all that have a range"),
    "batch": Entry("batch", "batch", "whole experiments to pages, tables and figures in outputs/"),
    "replay": Entry("replay", "replay", "a sealed number anew by its key: the same digits, or which input differs"),
    "check": Entry("check", "check", "whether input files can be used"),
    "explain": Entry("rules", "explain", "what a policy says, by which clause, and what it overrides"),
    "diff": Entry("rules", "diff", "which rules two policies differ in (changes go to the second)"),
    "clauses": Entry("rules", "clauses", "every clause: its lever and its proof, or why it does not act"),
    "trace": Entry("history", "trace", "one drug at one hospital: who waited for what, and which clause mattered"),
    "events": Entry("history", "events", "every event of one replication to a Parquet file"),
    "draw": Entry("draw", "draw", "a picture to a file: .svg, .png, .pdf; tiles also .gif, .html"),
    "template": Entry("rules", "template", "an empty list of hospitals, drugs or observed stocking to fill in"),
    "workshop": Entry("workshop", "workshop", "the lessons, in a folder of your own"),
    "export": Entry("handout", "export", "a finished batch as PDF, page, Word, workbook or slides, to FOLDER/handout/"),
    "overlay": Entry("handout", "overlay", "your own observed stocking drawn over a scenario's curves"),
    "docs": Entry("docs", "docs", "write the model's own documentation to docs/"),
    "lab": Entry("lab", "lab", "JupyterLab on the notebooks, on this machine alone and with a token"),
    "completion": Entry("completion", "completion", "what lets a shell complete commands, options and names"),
}
