"""An attribution as text: which clause is worth what, alone, last and on average, and how to read it."""

from __future__ import annotations

import numpy as np

from simlib.experiments.attribution.ledger import Ledger
from simlib.experiments.attribution.parts import Part
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key
from simlib.report.lines import columns
from simlib.scenario.drawn import AGAIN
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name
from simlib.words.parts import document_title, part_words
from simlib.words.values import DASH, digits, number, scaled, unit_name, with_interval
from simlib.words.wrap import wrapped

SHOWN = 12  # parts that are shown, unless all are asked for
PAIRS = 5


def ledger_text(found: Ledger, key: Key | None = None, language: str = "en", everything: bool = False) -> str:
    """The ledger of one indicator (the one by which precision was judged if left out) for a terminal."""
    w, key = words(language), key or found.key
    lines = [title(found, w), *wrapped(about(found, key, w), language), ""]
    lines += [*columns([head(found, w), *rows(found, key, w, everything)]), ""]
    if len(pairs := pair_rows(found, key, w)):
        lines += [w["ledger_pairs"], *columns([(w["ledger_pair"], w["ledger_together"]), *pairs]), ""]
    for note in notes(found, key, w):
        lines += wrapped(note, language)
    return "\n".join(lines)


def title(found: Ledger, w: Words) -> str:
    """What was attributed: two scenarios, so many clauses of so many documents."""
    g = found.game
    names = {"scenario": g.scenario.name, "baseline": g.baseline.name, "n": len(g.parts)}
    if g.by == "document":
        return w.say("ledger_title_document", **names)
    return w.say("ledger_title", documents=len({p.document for p in g.parts}), parts=w[f"ledger_{g.by}"], **names)


def about(found: Ledger, key: Key, w: Words) -> str:
    """The indicator on both sides, and the difference that is shared out."""
    nan = float("nan")
    levels = (with_interval(key[0], (x, nan, nan), w) for x in found.levels(*key))
    sides = dict(zip(("baseline", "scenario"), levels, strict=True))
    difference = with_interval(key[0], found.difference(*key), w, True, units=True)
    name, group = indicator_name(key[0], w.language), group_name(key[1], key[2], w)
    return w.say("ledger_of", name=name, group=group, difference=difference, **sides)


def head(found: Ledger, w: Words) -> tuple[str, ...]:
    """The heads of the columns."""
    drawn = ("ledger_worlds", "ledger_luck") if _drawn(found) else ()
    return ("", *(w[k] for k in ("ledger_worth", *drawn, "ledger_alone", "ledger_last", "ledger_says")))


def rows(found: Ledger, key: Key, w: Words, everything: bool = False) -> list[tuple[str, ...]]:
    """A row a part, the largest first; the others as one; and their sum."""
    table = found.table(*key)
    shown = table if everything else table.head(SHOWN)
    by_name = {p.name: p for p in found.game.parts}
    out = [_row(found, r, key, said(found, by_name[r["part"]], w), w) for r in shown.to_dict("records")]
    blank = ("",) * (len(head(found, w)) - 2)
    if len(rest := table.iloc[len(shown) :]):
        value = with_interval(key[0], (rest["worth"].sum(), np.nan, np.nan), w, True)
        out.append((w.say("ledger_others", n=len(rest)), value, *blank))
    return [*out, (w["ledger_sum"], with_interval(key[0], found.difference(*key), w, True), *blank)]


def said(found: Ledger, part: Part, w: Words) -> str:
    """What a part says: its rules in a few words, or the title of a document."""
    return document_title(found.game, part.document, w) if found.game.by == "document" else part_words(part, w)


def _row(found: Ledger, r: dict, key: Key, says: str, w: Words) -> tuple[str, ...]:
    def plain(x: float) -> str:
        return with_interval(key[0], (x, np.nan, np.nan), w, True)

    worth = with_interval(key[0], (r["worth"], r["low"], r["high"]), w, True)
    drawn = (_range(r, key, w), _size(key, r["luck_sd"], w)) if _drawn(found) else ()
    return (r["part"], worth, *drawn, plain(r["alone"]), plain(r["last"]), says)


def _range(r: dict, key: Key, w: Words) -> str:
    """Between which values 90% of the worlds expect a part's worth to be."""
    if not np.isfinite(r["worlds_low"]):
        return DASH
    if not r["worlds_sd"] > 0:
        return w["ledger_luck_alone"]
    low, high = (number(scaled(key[0], r[k], w), digits(key[0], w), sign=True) for k in ("worlds_low", "worlds_high"))
    return w.say("to", low=low, high=high)


def _size(key: Key, x: float, w: Words) -> str:
    """A width, without a sign."""
    return number(scaled(key[0], x, w), digits(key[0], w)) if np.isfinite(x) else DASH


def pair_rows(found: Ledger, key: Key, w: Words) -> list[tuple[str, str]]:
    """The strongest pairs."""
    table = found.pairs(*key).head(PAIRS)
    return [
        (f"{r['first']} × {r['second']}", with_interval(key[0], (r["together"], r["low"], r["high"]), w, True))
        for r in table.to_dict("records")
    ]


def notes(found: Ledger, key: Key, w: Words) -> list[str]:
    """What moved nothing, how to read the numbers, and how much was run."""
    world = found.game.scenario.world
    read = w.say("ledger_worlds_read", world=world) if _drawn(found) else w["ledger_middle_read"]
    out = [
        unmoved(found, w),
        w["ledger_game"],
        w["ledger_read_together" if found.together else "ledger_read"],
        read,
        ran(found, w),
    ]
    return out if key != found.key else [*out, precision(found, w)]


def unmoved(found: Ledger, w: Words) -> str:
    """The parts that moved nothing."""
    names = [p.name for p, moved in zip(found.game.parts, found.moved, strict=True) if not moved]
    return w.say("ledger_unmoved", n=len(names), names=w["comma"].join(names)) if names else w["ledger_all_moved"]


def ran(found: Ledger, w: Words) -> str:
    """How much was run."""
    runs, worlds = found.runs, found.walks.worlds
    counts = {"runs": sum(map(len, runs.known.values())), "made": runs.made, "found": runs.found}
    if found.exactly:
        return w.say("ledger_runs_exactly", worlds=len(worlds), **counts)
    all_ = sum(x.along is None and x.replication < AGAIN for x in found.walks.made)
    return w.say(
        "ledger_runs", worlds=all_, more=len(worlds) - all_, n=len(found.game.parts), top=len(found.top), **counts
    )


def precision(found: Ledger, w: Words) -> str:
    """How narrow the intervals of the largest parts were to be, and whether they are."""
    name, places = found.key[0], digits(found.key[0], w)
    unit = w["point_short"] if INDICATORS[name].is_share else unit_name(name, w)
    table = found.table()
    top = table[table["part"].isin([found.names[i] for i in found.top])]
    widest = ((top["high"] - top["low"]) / 2).max()

    def size(x: float) -> str:
        return f"{number(scaled(name, x, w), places + 1)} {unit}"

    told = {"top": len(found.top), "within": size(found.within)}
    if found.reached:
        return w.say("ledger_reached", **told)
    return w.say("ledger_missed", worlds=len(found.walks.worlds), widest=size(widest), **told)


def _drawn(found: Ledger) -> bool:
    return found.game.scenario.world != "middle"


__all__ = ["about", "head", "ledger_text", "notes", "pair_rows", "precision", "ran", "rows", "title", "unmoved"]
