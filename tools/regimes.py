"""The five regimes in one table, one picture and two paragraphs, in both languages: ``python tools/regimes.py [FOLDER]``.

It reads the results of ``simlib batch since-2021`` (outputs/since-2021), which are of fitted worlds, runs the same rulebooks once more
with all assumed numbers in the middle of their ranges, and writes regimes.md, regimes.zh.md and their pictures into FOLDER (default:
docs/). Every number of the text is taken from these runs; its words stand in regimes.LANGUAGE.yaml beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.core.files import home, shown
from simlib.core.phrases import LANGUAGES, agree, parse
from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.markdown import page
from simlib.experiments.intervals import interval
from simlib.experiments.run import compare, simulate
from simlib.experiments.study import LEVEL, MAIN, PROVIDED, Study, load_study
from simlib.scenario.derived import with_world
from simlib.scenario.experiment_files import Cell
from simlib.see.colours import INK, LOW, look
from simlib.see.draw import SIZE, canvas, svg, tidy, title
from simlib.see.fonts import styled
from simlib.words.nodes import Drawing, Heading
from simlib.words.values import number

REGIMES = (
    ("nation", "national"),
    ("sichuan", "sichuan"),
    ("chongqing", "chongqing"),
    ("beijing", "beijing"),
    ("guangzhou", "guangzhou"),
)
BASES = ("before-reform", "before-2021")
DEGREES = ("none", "default", "full")
READINGS = ("", "canvass")
MIDDLE, MIDDLE_CANVASS = 20, 8  # replications with the assumed numbers in the middle
HOLDS, WEAK = 0.9, 0.5  # share of worlds from which on a conclusion has survived, or has partly
TRAITS = ("regime", "middle", "fitted", "worlds", "positive", "widest")
HEADS = ("against", "regime", "reading", "share", *DEGREES)
FILES = {n: Path(__file__).with_name(f"regimes.{n}.yaml") for n in LANGUAGES}
SAID = {n: parse(path.read_text(encoding="utf-8"), shown(path)) for n, path in FILES.items()}
for n, path in FILES.items():
    agree(SAID[LANGUAGES[0]], SAID[n], shown(path))


@dataclass(frozen=True)
class Gain:
    """What a regime adds, as percentage points with its 95% interval, and the shares with it and before it (%)."""

    mean: float
    low: float
    high: float
    base: float
    with_: float


Gains = Mapping[tuple[str, str, str, str], Gain]  # by region, baseline, degree of obedience, reading


def gains(study: Study, indicator: str = MAIN) -> dict[tuple[str, str, str, str], Gain]:
    """Every regime's gain, paired replication by replication with a baseline of the same obedience and reading."""
    cells = {(c.region, c.policy, c.obedience, c.reading): c for c in (*study.cells, *study.read_otherwise)}
    return {
        (region, base, degree, reading): _gain(
            study, cells[region, policy, degree, reading], cells[region, base, degree, reading], indicator
        )
        for region, policy in REGIMES
        for base in BASES
        for degree in DEGREES
        for reading in READINGS
    }


def _gain(study: Study, cell: Cell, base: Cell, indicator: str) -> Gain:
    effect = study.paired(cell.name, base.name)
    if effect is None:
        raise ValueError(f"{cell.name} and {base.name} cannot be paired")
    t = effect.table().set_index(["indicator", "by", "group"]).loc[(indicator, *LEVEL)]
    return Gain(*(100 * float(t[k]) for k in ("difference", "low", "high", "baseline", "mean")))


@dataclass(frozen=True)
class Survived:
    """A regime's gain over what was law (percentage points): with numbers in the middle, over fitted worlds, the range of 90% of them,
    None if luck explains all of the spread, in how many of how many there is a gain, and in how many of how many common to all
    places it is larger than that of every other."""

    middle: tuple[float, float, float]
    fitted: tuple[float, float, float]
    worlds: tuple[float, float] | None
    positive: int
    n: int
    largest: int
    common: int


@dataclass(frozen=True)
class Left:
    """What is left of the page of the middle. before: of each pair of regimes that follow each other there by size, the share of
    worlds in which they do so, too. canvass: how many times as large the gains are under the other reading, in the middle and fitted."""

    regimes: Mapping[str, Survived]
    before: Mapping[tuple[str, str], float]
    canvass: tuple[float, float]


def survived(study: Study, workers: int | None = None) -> Left:
    """What is left of each regime's gain where assumed numbers are drawn as the calibration fitted them."""
    law, key = BASES[0], (MAIN, *LEVEL)
    cells = {r: (study.cell(r, p), study.cell(r, law)) for r, p in REGIMES}
    drawn = {r: study.plausible(own.name, base.name) for r, (own, base) in cells.items()}
    expected = pd.DataFrame({r: 100 * found.expected().loc[key] for r, found in drawn.items()}).dropna()
    largest = expected.idxmax(axis=1)
    out = {}
    for region, (own, base) in cells.items():
        row = drawn[region].row(*key)
        out[region] = Survived(
            _in_the_middle(study, (own, base), MIDDLE, workers),
            interval(100 * drawn[region].values.loc[key].to_numpy()),
            (100 * float(row["worlds_low"]), 100 * float(row["worlds_high"])) if row["worlds_sd"] > 0 else None,
            round(float(row["positive"]) * int(row["replications"])),
            int(row["replications"]),
            int((largest == region).sum()),
            len(expected),
        )
    order = sorted(out, key=lambda r: -out[r].middle[0])
    before = {(a, b): float((expected[a] > expected[b]).mean()) for a, b in zip(order, order[1:], strict=False)}
    return Left(out, before, _canvass(study, out, workers))


def _in_the_middle(study: Study, pair: Sequence[Cell], n: int, workers: int | None) -> tuple[float, float, float]:
    """A gain with its 95% interval (percentage points), all assumed numbers in the middle of their ranges."""
    sides = [with_world(study.results[c.name].scenario, "middle") for c in pair]
    found = compare(*(simulate(s, n, workers, progress=False) for s in sides)).value(MAIN, *LEVEL)
    return tuple(100 * float(found[k]) for k in ("difference", "low", "high"))


def _canvass(study: Study, regimes: Mapping[str, Survived], workers: int | None) -> tuple[float, float]:
    """How many times as large all gains together are where a meeting comes with a canvass: in the middle, and fitted."""
    cells = {(c.region, c.policy): c for c in study.read_otherwise if c.obedience == "default"}
    pairs = {r: (cells[r, p], cells[r, BASES[0]]) for r, p in REGIMES}
    middle = sum(_in_the_middle(study, pair, MIDDLE_CANVASS, workers)[0] for pair in pairs.values())
    fitted = sum(_gain(study, *pair, MAIN).mean for pair in pairs.values())
    return middle / sum(s.middle[0] for s in regimes.values()), fitted / sum(s.fitted[0] for s in regimes.values())


def survivors(left: Left, language: str) -> list[tuple[str, ...]]:
    """The table of what is left: a row a regime."""
    said = SAID[language]
    return [
        (
            said[region], _cell(Gain(*s.middle, 0, 0), language), _cell(Gain(*s.fitted, 0, 0), language),
            said["luck_alone"] if s.worlds is None
            else said["to"].format(low=number(s.worlds[0], sign=True), high=number(s.worlds[1], sign=True)),
            said["of"].format(count=s.positive, n=s.n), said["of"].format(count=s.largest, n=s.common),
        )
        for region, s in left.regimes.items()
    ]  # fmt: skip


def conclusions(left: Left, language: str) -> list[tuple[str, str]]:
    """The conclusions of the page of the middle: what became of each, and what it was."""
    said, regimes = SAID[language], left.regimes
    first = next(iter(left.before))[0]
    gain, largest = min(s.positive / s.n for s in regimes.values()), regimes[first].largest / regimes[first].common
    ratios = [s.fitted[0] / s.middle[0] for s in regimes.values()]
    outside = sum(not s.middle[1] <= s.fitted[0] <= s.middle[2] for s in regimes.values())
    pairs = said["comma"].join(
        said["pair"].format(first=said[a], second=said[b], share=f"{100 * x:.0f}") for (a, b), x in left.before.items()
    )
    return [
        (_fate(gain, said), said["conclusion_gain"].format(least=f"{100 * gain:.0f}")),
        (_fate(largest, said), said["conclusion_first"].format(place=said[first], share=f"{100 * largest:.0f}")),
        (_fate(min(left.before.values()), said), said["conclusion_order"].format(pairs=pairs)),
        (
            _fate(1 - outside / len(regimes), said),
            said["conclusion_size"].format(outside=outside, of=len(regimes), low=f"{min(ratios):.2f}", high=f"{max(ratios):.2f}"),
        ),
        (said["fate_changed"], said["conclusion_reading"].format(middle=f"{left.canvass[0]:.2f}", fitted=f"{left.canvass[1]:.2f}")),
    ]  # fmt: skip


def _fate(share: float, said: Mapping[str, str]) -> str:
    return said["fate_yes" if share >= HOLDS else "fate_partly" if share >= WEAK else "fate_no"]


def paragraphs(found: Gains, provided: Gains, language: str) -> list[str]:
    """The two paragraphs, with their numbers."""
    said = SAID[language]
    law, before = BASES
    of = lambda base, degree="default", reading="": [found[r, base, degree, reading] for r, _ in REGIMES]  # noqa: E731
    held = [b.mean - a.mean for a, b in zip(of(law), of(before), strict=True)]
    listed = lambda gs: said["comma"].join(_named(r, g, language) for (r, _), g in zip(REGIMES, gs, strict=True))  # noqa: E731
    blanks = {
        "gains": listed(of(law)), "without": listed(of(before)), "canvass": listed(of(law, reading="canvass")),
        "provided": listed([provided[r, law, "default", ""] for r, _ in REGIMES]),
        **_ends("held", held), **_ends("base", [g.base for g in of(law)]), **_ends("with", [g.with_ for g in of(law)]),
        **_ends("full", [g.mean for g in of(law, "full")]), **_ends("none", [g.mean for g in of(law, "none")]),
    }  # fmt: skip
    return [said[f"paragraph_{i}"].format(**blanks) for i in (1, 2)]


def _ends(name: str, values: Sequence[float]) -> dict[str, str]:
    ends = {f"low_{name}": number(min(values)), f"high_{name}": number(max(values))}
    return ends | {f"{name}_low": ends[f"low_{name}"], f"{name}_high": ends[f"high_{name}"]}


def _named(region: str, g: Gain, language: str) -> str:
    said = SAID[language]
    numbers = {"gain": number(g.mean, sign=True), "low": number(g.low, sign=True), "high": number(g.high, sign=True)}
    return said["list"].format(name=said[region], **numbers)


def rows(found: Gains, language: str) -> list[tuple[str, ...]]:
    """The table: a row a baseline, regime and reading."""
    said = SAID[language]
    return [
        (
            said[f"base_{base}"], said[region], said[f"read_{reading}"],
            said["arrow"].format(base=number(default.base), with_=number(default.with_)),
            *(_cell(found[region, base, degree, reading], language) for degree in DEGREES),
        )
        for base in BASES
        for region, _ in REGIMES
        for reading in READINGS
        for default in (found[region, base, "default", reading],)
    ]  # fmt: skip


def _cell(g: Gain, language: str) -> str:
    low, high = (number(x, sign=True) for x in (g.low, g.high))
    return f"{number(g.mean, sign=True)} ({SAID[language]['to'].format(low=low, high=high)})"


@styled
def picture(found: Gains, language: str) -> Figure:
    """Both baselines side by side: a row a regime and reading."""
    said = SAID[language]
    fig = canvas(8.6, 4.3)
    panels = fig.subplots(1, 2, sharey=True, sharex=True)
    fig.subplots_adjust(left=0.2, right=0.985, top=0.8, bottom=0.12, wspace=0.06)
    for ax, base in zip(panels, BASES, strict=True):
        _panel(ax, found, base, language)
    panels[0].set_yticks(range(len(REGIMES)), [said[r] for r, _ in REGIMES], fontsize=SIZE)
    panels[0].invert_yaxis()
    panels[0].set_xlim(-1, 1.15 * max(g.mean for g in found.values()))
    handles = [(reading, panels[0].plot([], [], "o", color=_colour(reading), markersize=5)[0]) for reading in READINGS]
    panels[0].legend(
        [h for _, h in handles],
        [said[f"read_{r}"] for r, _ in handles],
        fontsize=SIZE - 1,
        frameon=False,
        loc="lower right",
    )
    title(fig, said["title"], said["note"])
    return fig


def _panel(ax: Axes, found: Gains, base: str, language: str) -> None:
    tidy(ax, "x")
    for i, (region, _) in enumerate(REGIMES):
        for shift, reading in zip((-0.16, 0.16), READINGS, strict=True):
            none, default, full = (found[region, base, degree, reading] for degree in DEGREES)
            colour = _colour(reading)
            ax.plot(
                [none.mean, full.mean], [i + shift] * 2, color=colour, linewidth=5, alpha=0.3, solid_capstyle="butt"
            )
            ax.plot([default.low, default.high], [i + shift] * 2, color=colour, linewidth=1.4)
            ax.plot(default.mean, i + shift, "o", color=colour, markersize=5)
            ax.annotate(number(default.mean, sign=True), (max(full.mean, default.high), i + shift), (4, 0), textcoords="offset points",
                        fontsize=SIZE - 1.5, color=INK, va="center")  # fmt: skip
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_title(SAID[language][f"base_{base}"], fontsize=SIZE, color=INK, loc="left")
    ax.set_xlabel(SAID[language]["x"], fontsize=SIZE)


def _colour(reading: str) -> str:
    return LOW if reading else look("sichuan").colour


def main(folder: Path) -> None:
    """Read the batch, and write the page and picture of each language."""
    study = load_study("since-2021", home() / "outputs" / "since-2021")
    found, provided, left = gains(study), gains(study, PROVIDED), survived(study)
    for language, ending in (("en", ""), ("zh", ".zh")):
        drawn = (line.rstrip() for line in svg(picture(found, language)).splitlines())
        (folder / f"regimes{ending}.svg").write_text("\n".join(drawn) + "\n", encoding="utf-8", newline="\n")
        path = folder / f"regimes{ending}.md"
        path.write_text(text(found, provided, left, language, f"regimes{ending}.svg"), encoding="utf-8", newline="\n")
        print(f"written: {path}")


def text(found: Gains, provided: Gains, left: Left, language: str, drawing: str) -> str:
    """The page as Markdown."""
    said = SAID[language]
    laid = table([said[f"head_{h}"] for h in HEADS], rows(found, language))
    paras = [paragraph(p) for p in paragraphs(found, provided, language)]
    return page(
        [
            Heading(said["title"], 1),
            paragraph(said["made"]),
            *paras,
            Drawing(drawing, said["figure"]),
            paragraph(said["caption"]),
            laid,
            Heading(said["survived"], 2),
            paragraph(said["survived_text"]),
            points(conclusions(left, language)),
            table([said[f"head_{h}"] for h in TRAITS], survivors(left, language)),
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs")
