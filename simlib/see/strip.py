"""The calendar strip of one drug at one hospital: who was waited for and how long, what happened, and by which clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simlib.outcomes.trace import Trace
from simlib.see.base import LOOKS, QUIET, WHO_LOOKS, about, blank, dark, head, head_room, text_width, words_of
from simlib.see.colours import FAINT, INK
from simlib.see.draw import SIZE, canvas
from simlib.see.fonts import styled
from simlib.see.spans import Span, spans, supply_spans
from simlib.words.story import MOST_RULES, Story, rule_words, story
from simlib.words.story_steps import Step
from simlib.words.story_words import PHRASES, pick, said
from simlib.words.wrap import wrapped
from simlib.world.lists_drugs import name_in

WIDTH, LEFT, RIGHT = 11.2, 1.35, 0.2
LANE, THIN = 0.5, 0.17  # inches high: the strip itself, and the lanes below it
CIRCLE, NOTE, LINE = 0.235, 0.34, 0.178  # a numbered mark, a label of two lines, a line of text
MOST, FIRST, LAST = 24, 16, 6  # steps told; of more the middle ones are left out


def calendar_strip(trace: Trace, language: str = "en") -> Figure:
    """Draw the story of one drug at one hospital on a calendar.

    Parameters
    ----------
    trace : Trace
        The answer of `simlib.trace`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Coloured spans for who is waited for, numbered events, and a legend of what each number was.
    """
    return _Strip(trace, language).draw()


class _Strip:
    """One strip being drawn. y counts in inches from the top of the figure."""

    def __init__(self, trace: Trace, language: str) -> None:
        self.t, self.w = trace, words_of(language)
        self.told: Story = story(trace)
        self.rows = [(str(o), d.date()) for o, d in zip(trace.events["outcome"], trace.events["day"], strict=True)]
        self.end = trace.last_day
        self.first = self.rows[0][1] if self.rows else self.end
        outside = trace.fate.state == "out_of_target"
        self.spans = [] if outside else spans(self.rows, self.end)
        self.supply = [] if outside else supply_spans(self.rows, self.end)
        self.steps = [] if outside else self.told.steps

    @property
    def scale(self) -> float:
        """Inches a day."""
        return (WIDTH - LEFT - RIGHT) / max((self.end - self.first).days, 1)

    def x(self, day: date) -> float:
        """Inches from the left edge of a day."""
        return LEFT + (day - self.first).days * self.scale

    @styled
    def draw(self) -> Figure:
        """The whole figure, as high as its steps need."""
        w, notes = self.w, self._notes()
        marks = rows_for([(self.x(s.day) - CIRCLE / 2, CIRCLE) for s in self.steps])
        narrow = [s for s in self.spans if not self._fits(s)]
        below = rows_for([self._note_box(s) for s in narrow])
        top = head_room(notes, w.language, WIDTH) + 0.2
        strip = top + CIRCLE * (max(marks, default=-1) + 1) + 0.1
        lanes = strip + LANE + 0.06 + NOTE * (max(below, default=-1) + 1)
        axis = lanes + self._lanes_high()
        lines = self._lines()
        fig = canvas(WIDTH, axis + 0.62 + LINE * sum(len(x) for x, _ in lines) + 0.25)
        head(
            fig,
            self.w.say(
                "strip_title",
                drug=name_in(self.t.scenario.cohort, self.t.drug, self.w.language),
                hospital=self.t.hospital,
            ),
            notes,
            w.language,
        )
        self.ax = blank(fig)
        if self.spans:
            self._draw_spans(strip, narrow, below)
            self._draw_lanes(lanes)
            self._draw_axis(axis, strip)
            self._draw_marks(strip, marks)
        self._draw_lines(axis + 0.55, lines)
        return fig

    def _notes(self) -> list[str]:
        t, w = self.t, self.w
        kind = said(
            "kind", level=PHRASES[f"level_{t.level}"], type=PHRASES[f"type_{t.type}"], owner=PHRASES[f"owner_{t.owner}"]
        )
        return [w.say("strip_kind", kind=kind.say(w.language), about=about(t.scenario, w), replication=t.replication)]

    # ---- the strip

    def _label(self, span: Span) -> str:
        return self.w.say("strip_days", who=self.w[f"who_{span.who}"], n=span.days)

    def _wide(self, span: Span) -> float:
        return max(text_width(part, SIZE - 1.5) for part in self._label(span).split("\n"))

    def _fits(self, span: Span) -> bool:
        return self._wide(span) + 0.08 < span.days * self.scale

    def _note_box(self, span: Span) -> tuple[float, float]:
        """(left end, width) of a label below the strip, kept inside the figure."""
        wide = self._wide(span) + 0.1
        middle = (self.x(span.first) + self.x(span.until)) / 2
        return min(max(middle - wide / 2, 0.1), WIDTH - 0.1 - wide), wide

    def _draw_spans(self, y: float, narrow: Sequence[Span], below: Sequence[int]) -> None:
        self.ax.text(0.1, y + LANE / 2, self.w["strip_now"], fontsize=SIZE - 0.5, color=INK, va="center")
        for s in self.spans:
            self._block(s, y, LANE)
            if s not in narrow:
                self._inside(s, y + LANE / 2, SIZE - 1.5, self._label(s))
        for s, row in zip(narrow, below, strict=True):
            left, wide = self._note_box(s)
            at = y + LANE + 0.06 + NOTE * row
            middle = (self.x(s.first) + self.x(s.until)) / 2
            self.ax.plot([middle, left + wide / 2], [y + LANE, at + 0.03], color=FAINT, linewidth=0.5, zorder=1)
            self.ax.text(
                left + wide / 2, at + NOTE / 2 + 0.02, self._label(s), fontsize=SIZE - 2, color=INK, ha="center", va="center",
                linespacing=1.0, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4}, zorder=3,
            )  # fmt: skip

    def _inside(self, s: Span, y: float, size: float, text: str) -> None:
        colour, hatch = LOOKS[WHO_LOOKS[s.who]]
        back = {"facecolor": colour, "edgecolor": "none", "pad": 1.0} if hatch else None
        self.ax.text(
            (self.x(s.first) + self.x(s.until)) / 2, y, text, fontsize=size, ha="center", va="center", linespacing=1.05,
            color="white" if dark(colour) else "black", bbox=back, zorder=4,
        )  # fmt: skip

    def _block(self, s: Span, y: float, high: float) -> None:
        colour, hatch = LOOKS[WHO_LOOKS[s.who]]
        edge = "white" if colour != "#ffffff" else QUIET
        box = Rectangle(
            (self.x(s.first), y), s.days * self.scale, high, facecolor=colour, hatch=hatch, edgecolor=edge, linewidth=0.5,
            zorder=2,
        )  # fmt: skip
        self.ax.add_patch(box)

    # ---- lanes below it

    def _lanes_high(self) -> float:
        return 0.08 + (THIN + 0.1) * (bool(self.supply) + (self.t.before is not None and bool(self.spans)))

    def _draw_lanes(self, y: float) -> None:
        y += 0.06
        if self.supply:
            self._name(y, self.w["strip_supply"])
            for s in self.supply:
                self._block(s, y, THIN)
                text = self.w.say("days_unit", x=s.days)
                self._beside(s, y, text)
            y += THIN + 0.1
        if self.t.before is not None:
            self._name(y, self.w["strip_before"])
            day = self.t.before.stocked
            wait, stock = Span("department", self.first, day or self.end), Span("stocked", day or self.end, self.end)
            box = Rectangle(
                (self.x(self.first), y), wait.days * self.scale, THIN, facecolor="#e4e4e4", edgecolor="none"
            )
            self.ax.add_patch(box)
            if day:
                self._block(stock, y, THIN)
            text = f"{self.w['strip_stocked']} {day}" if day else self.w["strip_waiting"]
            size = text_width(text, SIZE - 1.5) + 0.1
            at = self.x(wait.until) - 0.05 if wait.days * self.scale > size else self.x(wait.first) + 0.05
            self.ax.text(
                at, y + THIN / 2, text, fontsize=SIZE - 1.5, color=INK, va="center",
                ha="right" if wait.days * self.scale > size else "left", zorder=4,
            )  # fmt: skip

    def _name(self, y: float, text: str) -> None:
        self.ax.text(0.1, y + THIN / 2, text, fontsize=SIZE - 1, color=QUIET, va="center")

    def _beside(self, s: Span, y: float, text: str) -> None:
        """A length inside its block, or right of it where it is too narrow."""
        if text_width(text, SIZE - 2) + 0.06 < s.days * self.scale:
            self._inside(s, y + THIN / 2, SIZE - 2, text)
        else:
            self.ax.text(self.x(s.until) + 0.04, y + THIN / 2, text, fontsize=SIZE - 2, color=INK, va="center")

    def _draw_axis(self, y: float, top: float) -> None:
        """The calendar: a line each January and quarter, with the month's name below."""
        self.ax.plot([LEFT, WIDTH - RIGHT], [y, y], color=FAINT, linewidth=0.8)
        for day in ticks(self.first, self.end):
            x, year = self.x(day), day.month == 1
            self.ax.plot([x, x], [top if year else y, y + 0.05], color=FAINT, linewidth=0.8 if year else 0.5, zorder=1)
            self.ax.text(
                x, y + 0.15, f"{day:%Y-%m}", fontsize=SIZE - 1.5, color=INK if year else QUIET, ha="center", va="center"
            )

    # ---- what happened

    def _draw_marks(self, y: float, rows: Sequence[int]) -> None:
        for i, (step, row) in enumerate(zip(self.steps, rows, strict=True), 1):
            x, at = self.x(step.day), y - 0.1 - CIRCLE * row - CIRCLE / 2 + 0.02
            self.ax.plot([x, x], [at, y], color=INK, linewidth=0.5, zorder=1)
            self.ax.text(
                x, at, str(i), fontsize=SIZE - 2.5, color="white", ha="center", va="center", zorder=5,
                bbox={"boxstyle": "circle,pad=0.22", "facecolor": INK, "edgecolor": "white", "linewidth": 0.5},
            )  # fmt: skip

    def _lines(self) -> list[tuple[list[str], tuple[str, str, str] | None]]:
        """Text below the strip: (lines, (number, day, days since the step before)); rules come last."""
        w, language = self.w, self.w.language
        if not self.steps:
            return [([w["strip_outside"]], None)]
        out: list[tuple[list[str], tuple[str, str, str] | None]] = []
        for i, step in self._shown():
            if step is None:
                out.append(([w.say("strip_more", n=i)], ("", "", "")))
                continue
            days = said("later", n=step.waited).say(language) if step.waited else ""
            out.append(
                (wrapped(step.say(language), language, columns=fits(WIDTH - 2.1)), (str(i), str(step.day), days))
            )
        total = [self.told.total.say(language)] + ([self.told.before.say(language)] if self.told.before else [])
        out.append(
            ([""] + [line for text in total for line in wrapped(text, language, columns=fits(WIDTH - 0.2))], None)
        )
        title = pick(PHRASES["rules" if self.told.clauses else "no_rules"], language)
        rules = [title]
        for clause in self.told.clauses[:MOST_RULES]:
            rules += wrapped(
                rule_words(self.t, clause).say(language), language, "   ", "      ", columns=fits(WIDTH - 0.2)
            )
        return [*out, (rules, None)]

    def _shown(self) -> list[tuple[int, Step | None]]:
        """Steps with their numbers; (how many, None) stands for those left out."""
        numbered: list[tuple[int, Step | None]] = list(enumerate(self.steps, 1))
        if len(numbered) <= MOST:
            return numbered
        return [*numbered[:FIRST], (len(numbered) - FIRST - LAST, None), *numbered[-LAST:]]

    def _draw_lines(self, y: float, lines: Sequence[tuple[list[str], tuple[str, str, str] | None]]) -> None:
        for texts, mark in lines:
            if mark:
                for x, text, ha in ((0.35, mark[0], "right"), (0.5, mark[1], "left"), (1.85, mark[2], "right")):
                    self.ax.text(x, y, text, fontsize=SIZE - 1, color=QUIET, ha=ha, va="center")
            for text in texts:
                self.ax.text(2.0 if mark else 0.1, y, text, fontsize=SIZE - 1, color=INK, va="center")
                y += LINE


def fits(width: float) -> int:
    """Columns of text that fit into so many inches."""
    return int(width / (0.5 * (SIZE - 1) / 72))


def rows_for(boxes: Sequence[tuple[float, float]]) -> list[int]:
    """A row for each (left end, width) so that none overlap within a row, the nearest free one first."""
    ends: list[float] = []
    out = []
    for left, wide in boxes:
        row = next((i for i, end in enumerate(ends) if end <= left + 1e-9), len(ends))
        if row == len(ends):
            ends.append(left + wide)
        else:
            ends[row] = left + wide
        out.append(row)
    return out


def ticks(first: date, end: date) -> list[date]:
    """First days of quarters, half-years or years between two days: as many as have room."""
    years = (end - first).days / 365.25
    every = 3 if years < 4 else 6 if years < 9 else 12
    step = 1 if years < 60 else round(years / 30)
    days = [date(y, m, 1) for y in range(first.year, end.year + 1, step) for m in range(1, 13, every)]
    return [d for d in days if first <= d <= end]
