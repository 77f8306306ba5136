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
from simlib.documentation.blocks import paragraph, table
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
MIDDLE = 20  # replications with the assumed numbers in the middle
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
    in how many of how many there is a gain, and in how many it is larger than that of every other place."""

    middle: tuple[float, float, float]
    fitted: tuple[float, float, float]
    worlds: tuple[float, float]
    positive: int
    largest: int
    n: int


def survived(study: Study, workers: int | None = None) -> dict[str, Survived]:
    """What is left of each regime's gain where assumed numbers are drawn as the calibration fitted them, by region."""
    law, key = BASES[0], (MAIN, *LEVEL)
    cells = {r: (study.cell(r, p), study.cell(r, law)) for r, p in REGIMES}
    drawn = {r: study.plausible(own.name, base.name) for r, (own, base) in cells.items()}
    expected = pd.DataFrame({r: 100 * found.expected().loc[key] for r, found in drawn.items()}).dropna()
    largest = expected.idxmax(axis=1)
    out = {}
    for region, (own, base) in cells.items():
        sides = [with_world(study.results[c.name].scenario, "middle") for c in (own, base)]
        middle = compare(*(simulate(s, MIDDLE, workers, progress=False) for s in sides)).value(*key)
        row = drawn[region].row(*key)
        out[region] = Survived(
            tuple(100 * float(middle[k]) for k in ("difference", "low", "high")),
            interval(100 * drawn[region].values.loc[key].to_numpy()),
            (100 * float(row["worlds_low"]), 100 * float(row["worlds_high"])),
            round(float(row["positive"]) * int(row["replications"])),
            int((largest == region).sum()),
            len(expected),
        )
    return out


def survivors(left: Mapping[str, Survived], language: str) -> list[tuple[str, ...]]:
    """The table of what is left: a row a regime."""
    said = SAID[language]
    return [
        (
            said[region], _cell(Gain(*s.middle, 0, 0), language), _cell(Gain(*s.fitted, 0, 0), language),
            said["to"].format(low=number(s.worlds[0], sign=True), high=number(s.worlds[1], sign=True)),
            said["of"].format(count=s.positive, n=s.n), said["of"].format(count=s.largest, n=s.n),
        )
        for region, s in left.items()
    ]  # fmt: skip


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
    panels[1].legend(
        [h for _, h in handles],
        [said[f"read_{r}"] for r, _ in handles],
        fontsize=SIZE - 1,
        frameon=False,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.07),
        ncols=2,
        borderaxespad=0,
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


def text(found: Gains, provided: Gains, left: Mapping[str, Survived], language: str, drawing: str) -> str:
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
            table([said[f"head_{h}"] for h in TRAITS], survivors(left, language)),
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs")
