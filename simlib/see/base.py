"""What all pictures share: which run it is, how a policy is called and looks, how a number with its interval is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simlib.experiments.run import Effect, Result, interval
from simlib.scenario.scenario import Scenario
from simlib.see.colours import INK, LINES, MARKERS, STATES, Look, kind_of, look
from simlib.see.draw import SIZE, spread
from simlib.words import Words, words
from simlib.words.names import obedience_name, policy_name, region_name
from simlib.words.values import number
from simlib.words.wrap import wrapped

QUIET = "#555555"
# two states that are alike in grey get a hatch of their own, so that neighbours differ there too
LOOKS: dict[str, tuple[str, str]] = STATES | {"refused": ("#D55E00", "...."), "removed": ("#ffffff", "////")}
WHO_LOOKS = {  # who is waited for, drawn as the state in which one waits
    "firm": "not_listed", "papers": "not_listed", "platform": "not_listed", "learning": "not_aware", "department": "not_asked",
    "committee": "waiting", "deferred": "deferred", "lock_out": "refused", "room": "waiting_for_room",
    "purchase": "being_bought", "stocked": "stocked", "removed": "removed", "supply": "temporary",
}  # fmt: skip


def words_of(language: str) -> Words:
    """The words of a language; InputError for one that has no file."""
    return words(language, "see")


def place_name(scenario: Scenario, w: Words) -> str:
    """Title of the scenario's region."""
    return region_name(scenario, w) if scenario.region else w["no_region"]


def about(scenario: Scenario, w: Words, *more: str) -> str:
    """What a picture shows: place, rules, obedience, that it is simulated, and whether its calendar is provisional."""
    said = [
        w.say(
            "about", region=place_name(scenario, w), policy=policy_name(scenario.policy.name, w, scenario.policy),
            obedience=obedience_name(scenario.obedience, w),
        )
    ]  # fmt: skip
    if scenario.calendar.status(scenario.horizon) == "provisional":
        said.append(w["provisional_short"])
    return w["semicolon"].join([*said, *more])


def about_runs(scenarios: Sequence[Scenario], w: Words, *more: str) -> str:
    """The same for several runs: what their lines do not say themselves."""
    if len(scenarios) == 1:
        return about(scenarios[0], w, *more)
    said = [w.both(list(dict.fromkeys(place_name(s, w) for s in scenarios)))]
    if len({s.obedience for s in scenarios}) == 1:
        said.append(w.say("about_obedience", obedience=obedience_name(scenarios[0].obedience, w)))
    said.append(w["about_simulated"])
    if any(s.calendar.status(s.horizon) == "provisional" for s in scenarios):
        said.append(w["provisional_short"])
    return w["semicolon"].join([*said, *more])


def names_of(scenarios: Sequence[Scenario], w: Words) -> list[str]:
    """A short name each, no two alike: the policy, and where policies alone do not tell them apart the place, obedience,
    what was changed, and at last a number."""
    names = [policy_name(s.policy.name, w, s.policy) for s in scenarios]
    told: tuple[tuple[str, Callable[[Scenario], dict[str, str]]], ...] = (
        ("with_place", lambda s: {"place": place_name(s, w)}),
        ("with_obedience", lambda s: {"obedience": obedience_name(s.obedience, w)}),
        ("with_changes", lambda s: {"changes": w["comma"].join(s.changes)}),
    )
    for key, what in told:
        names = _told_apart(names, [what(s) for s in scenarios], key, w)
    numbers = [{"number": str(names[:i].count(name) + 1)} for i, name in enumerate(names)]
    return _told_apart(names, numbers, "with_number", w)


def _told_apart(names: list[str], blanks: list[dict[str, str]], key: str, w: Words) -> list[str]:
    """The names, those that are alike with what tells them apart, where that differs and is not empty."""
    out = []
    for name, mine in zip(names, blanks, strict=True):
        alike = [b for b, other in zip(blanks, names, strict=True) if other == name]
        tells = any(b != mine for b in alike) and all(mine.values())
        out.append(w.say(key, name=name, **mine) if tells else name)
    return out


def looks_of(scenarios: Iterable[Scenario]) -> list[Look]:
    """The policy's look each; of several runs of one policy the later ones keep its colour with a line and marker not yet taken."""
    out: list[Look] = []
    for s in scenarios:
        this = look(s.policy.name)
        same = [x.line for x in out if x.colour == this.colour]
        if same:
            taken = [kind_of(line) for line in same]
            fewest = min(LINES, key=lambda line: taken.count(kind_of(line)))
            used = {x.marker for x in out}
            this = replace(this, line=fewest, marker=next((m for m in MARKERS if m not in used), this.marker))
        out.append(this)
    return out


def results_of(what: Result | Effect | Sequence[Result]) -> list[Result]:
    """The runs that a picture shows, the baseline of a comparison first."""
    if isinstance(what, Effect):
        return [what.baseline, what.result]
    return [what] if isinstance(what, Result) else list(what)


def luck(n: int, w: Words, key: str = "interval_of") -> str:
    """What an interval means, with the number of replications; what one replication cannot give is said."""
    return w.say(key, n=n) if n > 1 else w["one_replication"]


def share_text(values: Iterable[float], w: Words) -> str:
    """A share in per cent with its interval, which ends where shares end; "–" for none."""
    mean, low, high = interval(np.array(list(values), float))
    if math.isnan(mean):
        return "–"
    text = f"{number(100 * mean, 1)}%"
    if math.isnan(low):
        return text
    ends = (number(100 * x, 1) for x in (max(low, 0), min(high, 1)))
    return w.say("share_between", share=text, low=next(ends), high=next(ends))


def dark(colour: str) -> bool:
    """Whether white letters are read better on a colour."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.3 * r + 0.59 * g + 0.11 * b < 125


def apart(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Ascending positions moved apart to at least `gap`, within bounds as far as there is room."""
    out = spread(positions, gap)
    for i in range(len(out)):
        out[i] = max(out[i], low if i == 0 else out[i - 1] + gap)
    for i in reversed(range(len(out))):
        out[i] = min(out[i], high - gap * (len(out) - 1 - i))
    return out


def text_width(text: str, size: float = SIZE) -> float:
    """About how many inches a line of text takes; a Chinese character is as wide as it is high."""
    return size / 72 * sum(1.02 if ord(c) > 0x2E80 else 0.56 for c in text)


def _lines(notes: Sequence[str], language: str, width: float) -> list[str]:
    fits = int((width - 0.2) / (0.5 * (SIZE - 0.5) / 72))
    return [line for note in notes for line in wrapped(note, language, columns=fits)]


def head_room(notes: Sequence[str], language: str, width: float) -> float:
    """Inches that a title and its notes take at the top of a figure."""
    return 0.4 + 0.165 * len(_lines(notes, language, width))


def head(fig: Figure, text: str, notes: Sequence[str], language: str) -> None:
    """Title of a figure, and notes below it that are broken to its width."""
    width, height = fig.get_size_inches()
    fig.text(0.1 / width, 1 - 0.08 / height, text, fontsize=SIZE + 3, color=INK, va="top", ha="left")
    for i, line in enumerate(_lines(notes, language, width)):
        y = 1 - (0.36 + 0.165 * i) / height
        fig.text(0.1 / width, y, line, fontsize=SIZE - 0.5, color=QUIET, va="top", ha="left")


def swatch(fig: Figure, x: float, y: float, state: str) -> None:
    """A small field in a state's look; x, y: its left and middle in inches from the left and the top."""
    width, height = fig.get_size_inches()
    colour, hatch = LOOKS[state]
    box = Rectangle(
        (x / width, 1 - (y + 0.06) / height), 0.14 / width, 0.12 / height, transform=fig.transFigure, facecolor=colour,
        hatch=hatch, edgecolor="white" if colour != "#ffffff" else QUIET, linewidth=0.4,
    )  # fmt: skip
    fig.add_artist(box)


def blank(fig: Figure) -> Axes:
    """Axes over the whole figure in inches, from the top left."""
    width, height = fig.get_size_inches()
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    return ax
