"""The flow as a process map: how many pairs come to each step, after how many days, and where the others stay."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from simlib.core.files import InputError, one_of
from simlib.experiments.run import Effect, Result, interval
from simlib.policy.flow import STAGES
from simlib.scenario.scenario import Scenario
from simlib.see.base import LOOKS, QUIET, about, blank, head, head_room, names_of, share_text, words_of
from simlib.see.colours import FAINT, INK, look
from simlib.see.draw import SIZE, canvas
from simlib.see.fonts import styled
from simlib.see.passage import ENDS, LEVELS, LOOPS, SIDES, STEPS, WINDOW, Passage, passage
from simlib.words import Words
from simlib.words.values import number

WIDTH, FOOT = 11.2, 0.1  # inches
ROW, BEFORE, BOX, HIGH = 1.08, 0.14, 2.6, 0.46  # BEFORE: more of a row where a baseline is told
MIDDLE, SIDE = 5.3, 2.25  # middle of the main line; width of a box beside it
WIDEST = 0.9  # inches of an arrow that all pairs take
DRAIN, LINE = 0.62, 0.172
LEAST = 0.0005  # smaller shares of pairs have no line of their own
STATE_OF = {"asked_before": "not_asked"}


@styled
def process_map(
    what: Passage | Result | Effect | Scenario,
    language: str = "en",
    level: int | str | None = None,
    baseline: Passage | None = None,
) -> Figure:
    """Draw how many pairs come to each step of the flow, after how many days, and where the others stay.

    Parameters
    ----------
    what : Passage, Result, Effect or Scenario
        A passage; anything else is followed first, with its own replications.
    language : {"en", "zh"}
        Language of the labels.
    level : int or str, optional
        Hospitals of level 3, 2 or 1, or "all" of them. Left out: tertiary hospitals, or all where there are none.
    baseline : Passage, optional
        What the small grey lines tell; of a comparison its own baseline if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The process map.

    Raises
    ------
    InputError
        If there is no such level.
    """
    if isinstance(what, Effect):
        return process_map(passage(what.result), language, level, baseline or passage(what.baseline))
    p = what if isinstance(what, Passage) else passage(what)
    return _Map(p, language, _level(p, level), baseline).draw()


def _level(p: Passage, level: int | str | None) -> str:
    known = [n for n in LEVELS if n in p.values.index.get_level_values("level")]
    if level is None:
        return "3" if "3" in known else "all"
    if str(level) not in known:
        raise InputError(one_of(str(level), known, "level"))
    return str(level)


class _Map:
    """One map being drawn."""

    def __init__(self, p: Passage, language: str, level: str, baseline: Passage | None) -> None:
        self.p, self.level, self.baseline = p, level, baseline
        self.w: Words = words_of(language)
        self.n = p.values.shape[1]
        self.colour = look(p.scenario.policy.name).colour
        self.row = ROW + (BEFORE if baseline is not None else 0.0)
        notes = self._notes()
        self.head = head_room(notes, language, WIDTH) + 0.2
        self.fig = canvas(WIDTH, self.head + self.row * (len(STEPS) - 1) + HIGH + 0.4 + FOOT)
        head(self.fig, self.w["map_title"], notes, language)
        self.ax: Axes = blank(self.fig)

    def draw(self) -> Figure:
        """The whole figure."""
        for k, step in enumerate(STEPS):
            y = self._y(k)
            if k < len(STEPS) - 1:
                self._arrow(step, list(STEPS)[k + 1], y)
            self._box(step, y)
            self._stay(step, y)
        self._beside()
        return self.fig

    def _y(self, row: float) -> float:
        """The middle of a row, in inches from the top."""
        return self.head + self.row * row + HIGH / 2

    def _notes(self) -> list[str]:
        w, s = self.w, self.p.scenario
        dates = {"since": s.calendar.date(s.policy_from), "end": s.calendar.date(s.horizon - 1)}
        unit = w.say("map_note" if self.n > 1 else "map_note_one", level=w[f"level_{self.level}"], n=self.n, **dates)
        return [about(s, w), unit, w.say("map_days", days=WINDOW), w["map_width"]]

    def get(self, step: str, measure: str, p: Passage | None = None) -> np.ndarray:
        """A row of the map's level."""
        return (p or self.p).get(step, measure, self.level)

    def mean(self, step: str, measure: str) -> float:
        """Its mean; 0 where it is undefined."""
        return float(np.nan_to_num(interval(self.get(step, measure))[0]))

    def share(self, step: str, measure: str, p: Passage | None = None) -> str:
        """A share in words."""
        return share_text(self.get(step, measure, p), self.w)

    def days(self, values: np.ndarray) -> str:
        """Days in words: the unit behind the mean."""
        mean, low, high = interval(values)
        if np.isnan(low):
            return self.w.say("days_unit", x=number(mean, 0))
        return self.w.say("days_between", x=number(mean, 0), low=number(max(low, 0), 0), high=number(high, 0))

    # ---- the main line

    def _box(self, step: str, y: float) -> None:
        off = self._off(step)
        style = "round,pad=0,rounding_size=0.07"
        self.ax.add_patch(
            FancyBboxPatch(
                (MIDDLE - BOX / 2, y - HIGH / 2), BOX, HIGH, boxstyle=style, linewidth=1.2, zorder=4, facecolor="white",
                edgecolor=FAINT if off else self.colour, linestyle=(0, (3, 2)) if off else "-",
            )
        )  # fmt: skip
        left = MIDDLE - BOX / 2 - (0.0 if STEPS[step] else 0.25)
        if STEPS[step]:
            self._number(left + 0.2, y, STAGES[STEPS[step]].number)
        self.ax.text(left + 0.4, y - 0.1, self.w[f"step_{step}"], fontsize=SIZE + 0.5, color=INK, va="center", zorder=5)
        reached = (
            self.w["map_all"] if step == "approved" else self.w.say("map_reached", share=self.share(step, "reached"))
        )
        text = self.w["map_skipped"] if off else reached
        self.ax.text(left + 0.4, y + 0.11, text, fontsize=SIZE - 1, color=QUIET, va="center", zorder=5)

    def _number(self, x: float, y: float, number: int) -> None:
        self.ax.add_patch(Circle((x, y), 0.125, facecolor=self.colour, edgecolor="none", zorder=5))
        self.ax.text(x, y + 0.005, str(number), color="white", fontsize=SIZE - 1.5, ha="center", va="center", zorder=6)

    def _off(self, step: str) -> bool:
        return bool(STEPS[step]) and not getattr(self.p.scenario.parameters.stages, STEPS[step])

    def _arrow(self, step: str, following: str, y: float) -> None:
        """From one box to the next: as wide as the share of pairs that go on, with its days to the left."""
        wide = WIDEST * self.mean(following, "reached")
        top, tip = y + HIGH / 2, y + self.row - HIGH / 2
        half, head = max(wide / 2, 0.007), max(wide / 2 + 0.07, 0.09)
        neck = tip - 0.14
        points = [(-half, top), (half, top), (half, neck), (head, neck), (0, tip), (-head, neck), (-half, neck)]
        self.ax.add_patch(
            Polygon([(MIDDLE + x, z) for x, z in points], facecolor=self.colour, alpha=0.55, linewidth=0, zorder=2)
        )
        x, middle = MIDDLE - head - 0.1, (top + tip) / 2
        for dy, text, size, colour in self._arrow_lines(step, following):
            self.ax.text(x, middle + dy, text, fontsize=size, color=colour, ha="right", va="center", zorder=3)

    def _arrow_lines(self, step: str, following: str) -> list[tuple[float, str, float, str]]:
        w = self.w
        if self.mean(step, "went_on") == 0:
            return [(0.0, w["map_none"], SIZE - 1, QUIET)]
        lines = [(self.days(self.get(step, "days")), SIZE + 0.5, INK)]
        lines.append((w.say("map_went_on", share=self.share(step, "went_on")), SIZE - 1, INK))
        lines.append((w.say("map_restricted", days=self.days(self.get(step, "days_restricted"))), SIZE - 1.5, QUIET))
        if self.baseline is not None:
            share, days = (float(interval(self.get(step, m, self.baseline))[0]) for m in ("went_on", "days"))
            if share == share:
                named = names_of([self.baseline.scenario, self.p.scenario], w)[0]
                colour = look(self.baseline.scenario.policy.name).colour
                told = w.say("days_unit", x=number(days, 0))
                lines.append(
                    (w.say("map_before", name=named, share=f"{100 * share:.1f}%", days=told), SIZE - 1.5, colour)
                )
        start = -LINE * (len(lines) - 1) / 2
        return [(start + LINE * i, *line) for i, line in enumerate(lines)]

    # ---- to the right: where pairs stay

    def _stay(self, step: str, y: float) -> None:
        shares = {e: self.mean(step, f"end_{e}") for e in ENDS}
        shown = [e for e in ENDS if shares[e] >= LEAST]
        others = [np.nan_to_num(self.get(step, f"end_{e}")) for e in ENDS if e not in shown]
        rest = sum(shares[e] for e in ENDS if e not in shown)
        rows = [(e, self.get(step, f"end_{e}")) for e in shown]
        if rest >= LEAST:
            rows.append(("other", np.sum(others, axis=0)))
        high = sum(max(WIDEST * shares.get(e, rest), 0.012) for e, _ in rows)
        at, line = y - high / 2, y - LINE * (len(rows) - 1) / 2
        for end, values in rows:
            wide = max(WIDEST * shares.get(end, rest), 0.012)
            self._drain(end, at, wide)
            mark = at + wide / 2
            text = self.w.say("named", name=self.w[f"end_{end}"], text=share_text(np.nan_to_num(values), self.w))
            x = MIDDLE + BOX / 2 + DRAIN + 0.2
            if abs(mark - line) > 0.02:
                self.ax.plot([x - 0.17, x - 0.05], [mark, line], color=FAINT, linewidth=0.5, zorder=1)
            self.ax.text(x, line, text, fontsize=SIZE - 0.5, color=INK, va="center")
            at, line = at + wide, line + LINE

    def _drain(self, end: str, at: float, wide: float) -> None:
        """A strip out of a box, in the look of the state in which pairs stay."""
        colour, hatch = LOOKS.get(STATE_OF.get(end, end), (FAINT, ""))
        left, right = MIDDLE + BOX / 2, MIDDLE + BOX / 2 + DRAIN - 0.12
        tip = min(0.12, 0.06 + wide / 4)
        shape = [(left, at), (right, at), (right + tip, at + wide / 2), (right, at + wide), (left, at + wide)]
        edge = QUIET if colour == "#ffffff" else "white"
        self.ax.add_patch(
            Polygon(
                shape, facecolor=colour, hatch=hatch, edgecolor=edge, linewidth=0.3 if wide > 0.04 else 0.0, zorder=3
            )
        )

    # ---- to the left: what stands beside the main line

    def _beside(self) -> None:
        at = {"catalogue": 1.0, "dual_channel": 2.15, "temporary": 7.15}
        for name in SIDES:
            self._side(name, self._y(at[name]))
        self.ax.text(0.15, self._y(0.52), self.w["map_side_where"], fontsize=SIZE - 1.5, color=QUIET, va="center")
        self._loops(self._y(4.5))

    def _side(self, name: str, y: float) -> None:
        lines = [(self.w[f"side_{name}"], SIZE, INK)]
        share, _, _ = interval(self.get(name, "reached"))
        if not getattr(self.p.scenario.parameters.stages, name):
            lines.append((self.w["map_skipped"], SIZE - 1.5, QUIET))
        elif share > 0:
            lines.append((f"{self.w.say('map_reached', share=self.share(name, 'reached'))}", SIZE - 1.5, QUIET))
            lines.append((self.w.say("map_after", days=self.days(self.get(name, "days"))), SIZE - 1.5, QUIET))
        else:
            lines.append((self.w["map_side_none"], SIZE - 1.5, QUIET))
        top, high = y - 0.15, 0.34 + 0.16 * (len(lines) - 1)
        self.ax.add_patch(
            FancyBboxPatch((0.15, top - 0.05), SIDE, high, boxstyle="round,pad=0,rounding_size=0.07", facecolor="#f7f7f7",
                           edgecolor=FAINT, linewidth=0.8, zorder=2)
        )  # fmt: skip
        self._number(0.36, top + 0.12, STAGES[name].number)
        for i, (text, size, colour) in enumerate(lines):
            self.ax.text(0.15 + 0.38, top + 0.12 + 0.17 * i, text, fontsize=size, color=colour, va="center", zorder=4)

    def _loops(self, y: float) -> None:
        """What happens at least once to those that asked, on an arrow back from the committee to the request."""
        edge, turn, colour = MIDDLE - BOX / 2, 0.15 + SIDE + 0.12, LOOKS["refused"][0]
        path = [(edge, self._y(5)), (turn, self._y(5)), (turn, self._y(4)), (edge, self._y(4))]
        self.ax.plot(*zip(*path[:3], strict=True), color=colour, linestyle=(0, (4, 2)), linewidth=1.1, zorder=1)
        style = {
            "arrowstyle": "-|>",
            "color": colour,
            "linewidth": 1.1,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 10,
        }
        self.ax.annotate("", path[3], path[2], arrowprops=style | {"linestyle": (0, (4, 2))}, zorder=1)
        lines = [self.w["map_loops"]]
        lines += [self.w.say(f"loop_{x}", share=self.share("asked", f"loop_{x}")) for x in LOOPS]
        for i, text in enumerate(lines):
            colour = QUIET if i == 0 else INK
            self.ax.text(0.15, y + LINE * (i - 2), text, fontsize=SIZE - 1, color=colour, va="center")
