"""Where a conclusion does not hold, as text: boxes of assumed numbers in words, and how they fared on other worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.experiments.discovery.fails import RESAMPLED, Fails
from simlib.report.lines import columns
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name
from simlib.words.values import number, with_interval
from simlib.words.wrap import wrapped
from simlib.world.assumptions import assumption


def fails_text(found: Fails, language: str = "en") -> str:
    """In how many worlds the answer falls short, the boxes where it does, what a tree says, and how to read it."""
    w, boxes = words(language), found.found
    lines = [_title(found, w), *wrapped(_answer(found, w), language), ""]
    if boxes.boxes.empty:
        lines += [*wrapped(w[f"fails_why_{boxes.why}"], language), ""]
    for box in boxes.boxes.to_dict("records"):
        lines += [*_box("fails_box" if box["box"] == 1 else "fails_box_more", box, boxes.limits, found, w), ""]
    if boxes.unconfirmed:
        names = w["comma"].join(boxes.unconfirmed)
        lines += [*wrapped(w.say("fails_unconfirmed", names=names), language), ""]
    for group in boxes.groups.to_dict("records"):
        lines += [*_box("fails_group", group, boxes.group_limits, found, w), ""]
    told = w.say("fails_explained", part=number(100 * boxes.explained, 0))
    return "\n".join([*lines, *wrapped(told, language), "", *wrapped(w["fails_read"], language)])


def _title(found: Fails, w: Words) -> str:
    what = found.scenario.name
    if found.baseline is not None:
        what = w.say("screening_difference", scenario=what, baseline=found.baseline.name)
    world, n = found.answer.results[0].scenario.world, found.answer.values.shape[1]
    return w.say(
        "fails_title" if found.sign > 0 else "fails_title_less",
        what=what,
        least=value_of(found, found.least, w),
        worlds=n,
        world=world,
    )


def value_of(found: Fails, x: float, w: Words, low: float = np.nan, high: float = np.nan) -> str:
    """A value of the answer as it is printed, with its interval where it has one."""
    return with_interval(found.key[0], (x, low, high), w, found.baseline is not None, units=True)


def _answer(found: Fails, w: Words) -> str:
    name, by, group = found.key
    row, (count, n, low, high) = found.answer.row(*found.key), found.short()
    told = {"name": indicator_name(name, w.language), "group": group_name(by, group, w)}
    told |= {
        "value": value_of(found, row["mean"], w, row["low"], row["high"]),
        "least": value_of(found, found.least, w),
    }
    told |= {"count": count, "n": n, "low": number(100 * low, 0), "high": number(100 * high, 0)}
    return w.say("fails_of" if found.sign > 0 else "fails_of_less", **told)


def _box(key: str, box: dict, limits: pd.DataFrame, found: Fails, w: Words) -> list[str]:
    shares = {k: number(100 * box[k], 0) for k in ("mass", "density", "coverage")}
    shares["share"] = number(100 * found.found.share, 0)
    lines = wrapped(w.say(key, n=int(box["box"]), **shares), w.language)
    rows = [_limit(r, w) for r in limits[limits["box"] == box["box"]].to_dict("records")]
    lines += columns([("", *row) for row in rows])
    inside = value_of(found, box["mean"], w, box["low"], box["high"])
    outside = value_of(found, box["elsewhere"], w, box["elsewhere_low"], box["elsewhere_high"])
    return [*lines, *wrapped(w.say("fails_checked", n=int(box["worlds"]), inside=inside, outside=outside), w.language)]


def _limit(r: dict, w: Words) -> tuple[str, ...]:
    """A limit: its ends, with between what they lay when it was found again; how often it was; the number's path and name."""
    ends = []
    for end, sign in (("low", "fails_from"), ("high", "fails_up_to")):
        if np.isfinite(r[end]):
            text = w.say(sign, x=_short(r[end]))
            if np.isfinite(r.get(f"{end}_from", np.nan)):
                between = w.say("to", low=_short(r[f"{end}_from"]), high=_short(r[f"{end}_to"]))
                text += f" ({between})"
            ends.append(text)
    again = w.say("fails_found", n=round(RESAMPLED * r["found"]), all=RESAMPLED) if "found" in r else ""
    return w["comma"].join(ends), again, r["path"], assumption(r["path"]).title(w.language)


def _short(x: float) -> str:
    """Three digits of an assumed number."""
    return f"{x:.3g}" if abs(x) < 1000 else f"{x:.0f}"
