"""The picture at the head of README, in both languages: ``python tools/first_picture.py [FOLDER]`` (default: docs/).

Tertiary hospitals of Sichuan that stock a new drug, by months after approval, under what held before the reforms, the
national rules alone, and Sichuan's own rules. Ten replications a rulebook on the same random numbers, seed of the
scenarios: whoever runs it draws the same bytes with the packages of the lock. One to five minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from matplotlib.figure import Figure

import simlib
from simlib.experiments.samples import drugs_counted
from simlib.see.colours import look
from simlib.see.draw import SIZE, canvas, months_line, spread, svg, tidy, title
from simlib.see.fonts import styled
from simlib.words import words
from simlib.words.names import policy_name

POLICIES = ("before-reform", "national", "sichuan")
REPLICATIONS = 10
LEVEL = 3
SAID = {
    "en": {
        "title": "Sichuan: tertiary hospitals that stock a new drug",
        "note": "Mean of {n} replications, hospitals obey by default; bands: 95% interval of the mean, luck only",
        "x": "months after the drug's approval",
        "y": "hospitals that treat its disease\nand stock it (%)",
    },
    "zh": {
        "title": "四川：已配备新药的三级医院",
        "note": "{n} 次重复的均值，医院按默认程度执行；色带：均值的95%区间，只含随机性",
        "x": "药品批准后月数",
        "y": "诊治该病的医院中\n已配备该药的比例（%）",
    },
}


@styled
def picture(results: dict[str, simlib.Result], language: str) -> Figure:
    """The availability curves of the results, by name of their policy, each named at its end."""
    said, w = SAID[language], words(language)
    fig = canvas(7.6, 4.0)
    ax = fig.subplots()
    fig.subplots_adjust(left=0.125, right=0.83, top=0.82, bottom=0.135)
    tidy(ax, "both")
    until = min(drugs_counted(r).last_month for r in results.values())
    ends = {name: _line(ax, name, result, until) for name, result in results.items()}
    top = 1.1 * max(ends.values())
    for (name, end), at in zip(ends.items(), spread(list(ends.values()), 0.06 * top), strict=True):
        label = f"{policy_name(name, w)} {end:.0f}%"
        ax.annotate(
            label, (until, end), (until + 0.6, at), fontsize=SIZE, color=look(name).colour, va="center", annotation_clip=False
        )  # fmt: skip
    ax.set(xlim=(0, until), ylim=(0, top), xticks=range(0, until + 1, 6))
    ax.set_xlabel(said["x"], fontsize=SIZE)
    ax.set_ylabel(said["y"], fontsize=SIZE, linespacing=1.4)
    title(fig, said["title"], said["note"].format(n=REPLICATIONS))
    return fig


def _line(ax, name: str, result: simlib.Result, until: int) -> float:
    """Draw one curve with its band, in per cent; its last value."""
    rows = result.curve_table()
    rows = rows[(rows["level"] == LEVEL) & (rows["month"] <= until)]
    style = look(name)
    ax.fill_between(rows["month"], 100 * rows["low"], 100 * rows["high"], color=style.colour, alpha=0.16, linewidth=0)
    months_line(ax, rows["month"], 100 * rows["mean"], style, 1.8)
    return 100 * float(rows["mean"].iloc[-1])


def main(folder: Path) -> None:
    """Simulate, and write first.svg and first.zh.svg."""
    names = {policy: f"sichuan-{policy}-default" for policy in POLICIES}
    results = {policy: simlib.simulate(simlib.load_scenario(name), REPLICATIONS) for policy, name in names.items()}
    for language, name in (("en", "first.svg"), ("zh", "first.zh.svg")):
        lines = (line.rstrip() for line in svg(picture(results, language)).splitlines())
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        print(f"written: {folder / name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs")
