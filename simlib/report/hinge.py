"""What an answer hinges on, and what it is worth to know a number, as text."""

from __future__ import annotations

import numpy as np

from simlib.experiments.hinge import Hinge
from simlib.experiments.worth import Worth
from simlib.report.lines import columns
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name
from simlib.words.values import DASH, digits, number, scaled, with_interval
from simlib.words.wrap import wrapped
from simlib.world.assumptions import assumption

SHOWN = 12


def hinge_text(found: Hinge, language: str = "en", everything: bool = False) -> str:
    """The numbers that the answer hinges on most, in how many worlds it holds, and how to read both."""
    w, key = words(language), found.key
    told = found.told
    table = found.table if everything else told.head(SHOWN)
    rows = [("", w["hinge_part"], w["hinge_raw"], w["hinge_direction"], w["col_key"], w["col_name"])]
    for r in table.to_dict("records"):
        part = _percent(r["index"])
        if np.isfinite(r["low"]):
            part += f" ({w.say('to', low=_percent(r['low']), high=_percent(r['high']))})"
        direction = w["hinge_up" if r["direction"] > 0 else "hinge_down"]
        rows.append((str(r["rank"]), part, _percent(max(r["raw"], 0.0)), direction, r["path"], _name(r["path"], w)))
    lines = [_title(found, w), *wrapped(_answer(found, key, w), language), ""]
    lines += [*wrapped(w.say("hinge_luck", noise=number(100 * found.noise, 0)), language), ""]
    lines += [*columns(rows), ""] if len(rows) > 1 else []
    n = len(found.table) - len(told) - len(found.idle)
    lines += _idle(found, w)
    lines += [*wrapped(w.say("hinge_untold", n=n, all=len(found.table), worlds=len(found.numbers)), language), ""]
    return "\n".join([*lines, *wrapped(w["hinge_read"], language)])


def _idle(found: Hinge | Worth, w: Words) -> list[str]:
    """A sentence on numbers that seemed to matter and do nothing, and an empty line; nothing where there is none."""
    if not found.idle:
        return []
    told = w.say("hinge_idle", n=len(found.idle), names=w["comma"].join(sorted(found.idle)))
    return [*wrapped(told, w.language), ""]


def _title(found: Hinge, w: Words) -> str:
    what = found.scenario.name
    if found.baseline is not None:
        what = w.say("screening_difference", scenario=what, baseline=found.baseline.name)
    world = found.answer.results[0].scenario.world
    return w.say("hinge_title", what=what, numbers=found.numbers.shape[1], worlds=len(found.numbers), world=world)


def _answer(found: Hinge, key: tuple[str, str, str], w: Words) -> str:
    row = found.answer.row(*key)
    difference = found.baseline is not None
    value = with_interval(key[0], (row["mean"], row["low"], row["high"]), w, difference, units=True)
    holds = w["hinge_level"]
    if difference:
        count, n, low, high = found.holds()
        holds = w.say("hinge_holds", count=count, n=n, low=number(100 * low, 0), high=number(100 * high, 0))
    name, group = indicator_name(key[0], w.language), group_name(key[1], key[2], w)
    return w.say("hinge_of", name=name, group=group, value=value, holds=holds)


def worth_text(found: Worth, world: str, language: str = "en") -> str:
    """The choices, which number is most worth knowing, and how to read that."""
    w, (name, by, group) = words(language), found.key
    told = {"n": len(found.names), "worlds": found.worlds, "world": world}
    lines = [w.say("worth_title", name=indicator_name(name, language), group=group_name(by, group, w), **told), ""]
    rows = [(w["worth_choice"], w["col_mean"], w["worth_best_in"])]
    for choice, mean, share in zip(found.names, found.means, found.best_in, strict=True):
        rows.append((choice, with_interval(name, (mean, np.nan, np.nan), w), _percent(share)))
    lines += [*columns(rows), ""]
    if not found.everything > 0:
        return "\n".join([*lines, *wrapped(w.say("worth_nothing", best=found.names[0]), language)])
    lines += [*wrapped(w.say("worth_everything", value=_gain(name, found.everything, w)), language), ""]
    head = ("", w["worth_value"], w["worth_turns"], w["col_key"], w["col_name"])
    told = found.told
    shown = told.head(SHOWN).to_dict("records")
    body = [(str(r["rank"]), _value(name, r, w), _percent(r["turns"]), r["path"], _name(r["path"], w)) for r in shown]
    lines += [*columns([head, *body]), ""] if body else []
    lines += _idle(found, w)
    rest = w.say(
        "hinge_untold", n=len(found.table) - len(told) - len(found.idle), all=len(found.table), worlds=found.worlds
    )
    return "\n".join([*lines, *wrapped(rest, language), "", *wrapped(w["worth_read"], language)])


def _gain(name: str, x: float, w: Words) -> str:
    return with_interval(name, (x, np.nan, np.nan), w, True, units=True)


def _value(name: str, r: dict, w: Words) -> str:
    low, high = (number(scaled(name, r[k], w), digits(name, w) + 1) for k in ("low", "high"))
    value = number(scaled(name, r["value"], w), digits(name, w) + 1)
    return f"{value} ({w.say('to', low=low, high=high)})" if low != DASH else value


def _name(path: str, w: Words) -> str:
    return getattr(assumption(path).name, w.language)


def _percent(x: float) -> str:
    return f"{number(100 * x, 0)}%"
