"""The five regimes in one table, one picture and two paragraphs, in both languages: ``python tools/regimes.py [FOLDER]``.

It reads the results of ``simlib batch since-2021`` (outputs/since-2021) and writes regimes.md, regimes.zh.md and their pictures
into FOLDER (default: docs/). Every number of the text is taken from these results.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.core.files import home
from simlib.documentation.blocks import paragraph, table
from simlib.documentation.markdown import page
from simlib.experiments.study import LEVEL, MAIN, PROVIDED, Study, load_study
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
SAID = {
    "en": {
        "title": "What five regimes add, against two baselines",
        "made": "This page is made by `tools/regimes.py` from the results of `simlib batch since-2021`; do not edit it by hand.",
        "note": "Dot: hospitals obey as assumed; bar: none to full obedience, of the baseline too; whisker: 95% interval, luck only",
        "x": "percentage points more of tertiary hospitals",
        "figure": "Percentage points that each regime adds, against both baselines and under both readings",
        "base_before-reform": "against what was law before the reforms", "base_before-2021": "against practice without the notice of 2021",
        "read_": "a meeting only", "read_canvass": "a meeting with a canvass",
        "nation": "China (national rules alone)", "sichuan": "Sichuan", "chongqing": "Chongqing", "beijing": "Beijing", "guangzhou": "Guangzhou",
        "head": ("against", "regime", "order to meet read as", "share before, and with the regime (default obedience)", "obedience: none", "default", "full"),
        "to": "{low} to {high}", "colon": ": ", "comma": ", ", "arrow": "{base}% → {with_}%", "list": "{name} {gain} ({low} to {high})",
        "caption": "Tertiary hospitals that treat a class 1 drug's disease and stock it 24 months after approval: percentage points that each regime adds, with 95% intervals",
        "paragraphs": (
            "Had the national rules and those of the place both held since January 2024, more tertiary hospitals would stock a new class 1 drug two years "
            "after its approval than under what was law before the reforms. Of the hospitals that treat its disease, the percentage points more are: {gains} "
            "(hospitals obey as assumed; in brackets the 95% interval, which holds the luck of the simulation only). The share is {low_base} to {high_base}% "
            "under what was law before and {low_with} to {high_with}% with the reforms. If everything that is ordered were done, the gains would be "
            "{low_full} to {high_full} points, since what was law before would be done in full as well; if nothing were done, {low_none} to {high_none}. With supply by pharmacies and temporary purchase counted as "
            "well, they are: {provided}.",
            "Part of what is often credited to the reforms was law before: against practice without the national notice of 2021 the gains are {without}, "
            "of which {held_low} to {held_high} points had been ordered already. Much hangs on one reading of the texts: if an order to "
            "hold a committee meeting also makes the hospital canvass its departments, the gains over what was law are {canvass}; the texts order "
            "a meeting only, and no count was found that would decide between the two. These are comparisons of rulebooks on the same drugs and hospitals, "
            "not forecasts: most numbers behind them are assumed, the direction is firmer than the size, and the order of places is not established.",
        ),
    },
    "zh": {
        "title": "五套规则带来的增量：与两种基线比较",
        "made": "本页由 `tools/regimes.py` 根据 `simlib batch since-2021` 的结果生成，请勿手工修改。",
        "note": "圆点：按假设程度执行；横条：从不执行到完全执行（基线同样变动）；须线：95%区间，只含随机性",
        "x": "三级医院配备比例提高的百分点",
        "figure": "五套规则带来的百分点，两种基线、两种解读",
        "base_before-reform": "与改革前已有的规定相比", "base_before-2021": "与不含2021年国家文件的既有做法相比",
        "read_": "只是开会", "read_canvass": "开会并征询科室",
        "nation": "全国（仅国家文件）", "sichuan": "四川", "chongqing": "重庆", "beijing": "北京", "guangzhou": "广州",
        "head": ("相比", "规则", "对“召开药事会”的解读", "此前及实施后的比例（默认执行程度）", "不执行", "默认", "完全执行"),
        "to": "{low}至{high}", "colon": "：", "comma": "、", "arrow": "{base}% → {with_}%", "list": "{name}{gain}（{low}至{high}）",
        "caption": "1类新药批准24个月后，诊治该病的三级医院中已配备该药的比例：各套规则提高的百分点及95%区间",
        "paragraphs": (
            "假定国家和当地的规定均自2024年1月起施行，与改革前已有的规定相比，新药（1类）批准两年后，诊治该病的三级医院中已配备该药的比例提高的百分点为："
            "{gains}（医院按假设的程度执行；括号内为模拟的随机误差）。该比例由改革前的{low_base}%至{high_base}%升至{low_with}%至{high_with}%。"
            "若凡有要求的均得到执行（此前已有的规定也是如此），提高{low_full}至{high_full}个百分点；若完全不执行，则为{low_none}至{high_none}个百分点。"
            "将药店供应和临时采购一并计入，提高的百分点为{provided}。",
            "通常归于改革的成效，有一部分是此前已有的要求：若与不含2021年国家文件的既有做法相比，上述提高依次为{without}，其中{held_low}至{held_high}个百分点"
            "此前已有规定。结果在很大程度上取决于条文的一处解读：若要求召开药事会同时意味着医院征询各科室，与改革前已有的规定相比提高的百分点为{canvass}；"
            "文件只要求开会，也没有找到可以判断何者为是的统计。以上是同样的药品和医院在不同规则下的比较，不是预测：背后的数字多数是假设的，"
            "方向比大小可靠，各地先后不能据此确定。",
        ),
    },
}  # fmt: skip


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
    return [text.format(**blanks) for text in said["paragraphs"]]


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
    found, provided = gains(study), gains(study, PROVIDED)
    for language, ending in (("en", ""), ("zh", ".zh")):
        drawn = (line.rstrip() for line in svg(picture(found, language)).splitlines())
        (folder / f"regimes{ending}.svg").write_text("\n".join(drawn) + "\n", encoding="utf-8", newline="\n")
        path = folder / f"regimes{ending}.md"
        path.write_text(text(found, provided, language, f"regimes{ending}.svg"), encoding="utf-8", newline="\n")
        print(f"written: {path}")


def text(found: Gains, provided: Gains, language: str, drawing: str) -> str:
    """The page as Markdown."""
    said = SAID[language]
    laid = table(said["head"], rows(found, language))
    paras = [paragraph(p) for p in paragraphs(found, provided, language)]
    return page(
        [
            Heading(said["title"], 1),
            paragraph(said["made"]),
            *paras,
            Drawing(drawing, said["figure"]),
            paragraph(said["caption"] + said["colon"].strip()),
            laid,
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs")
