"""The best few clauses, as text: the set that was chosen, what nothing beats, and how far the search had believed too much."""

from __future__ import annotations

import numpy as np

from simlib.experiments.discovery.search import Search
from simlib.report.lines import columns
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name
from simlib.words.parts import document_title, part_words
from simlib.words.values import with_interval
from simlib.words.wrap import wrapped

MANY = 16  # parts from which their words would fill the screen


def search_text(found: Search, language: str = "en") -> str:
    """The chosen set with the words of its parts, the front, and how to read them."""
    w, best = words(language), found.best
    lines = [_title(found, w), *wrapped(_measures(found, w), language), ""]
    lines += [*wrapped(_answer(found, w), language), *_parts(found, w), ""]
    rows = [("", w["search_parts"], w["search_brings"], w["search_costs"], w["search_set"])]
    for r in found.table.to_dict("records"):
        if r["best"] or r["front"] or _is_all(r, found):
            rows.append((_mark(r, found, w), str(r["parts"]), *_both(found, r, w), _set(r, found, w)))
    lines += [*columns(rows), ""]
    if others := int((found.table["alike"] & ~found.table["best"]).sum()):
        sets = w["semicolon"].join(
            _set(r, found, w) for r in found.table[found.table["alike"] & ~found.table["best"]].to_dict("records")
        )
        lines += [*wrapped(w.say("search_alike", n=others, worlds=found.worlds[1], sets=sets), language), ""]
    if np.isfinite(best["believed"]) and best["parts"]:
        told = w.say(
            "search_believed", tried=found.tried, worlds=found.worlds[0], believed=_gain(found, best["believed"], w)
        )
        lines += [*wrapped(told + w.say("search_fresh", fresh=_gain(found, best["access"], w)), language), ""]
    return "\n".join([*lines, *wrapped(w["search_read"], language)])


def _title(found: Search, w: Words) -> str:
    n, g = len(found.game.parts), found.game
    told = {"scenario": g.scenario.name, "baseline": g.baseline.name, "n": n, "parts": w[f"ledger_{g.by}"]}
    limits = [w.say("search_most", n=found.limits.most)] if found.limits.most is not None else []
    if found.limits.budget is not None:
        limits.append(w.say("search_budget", money=_money(found, (found.limits.budget, np.nan, np.nan), w)))
    return w.say("search_title", limits=w["comma"].join(limits) or w["search_free"], world=g.scenario.world, **told)


def _measures(found: Search, w: Words) -> str:
    def name(key: tuple[str, str, str]) -> str:
        group = w["search_years"] if key[1:] == ("year", "all") else group_name(key[1], key[2], w)
        return w.say("search_measure", name=indicator_name(key[0], w.language), group=group)

    return w.say("search_measures", access=name(found.key), money=name(found.money))


def _answer(found: Search, w: Words) -> str:
    best, whole = found.best, found.whole
    if not best["parts"]:
        return w["search_nothing"]
    told = {"brings": _both(found, best, w)[0], "costs": _both(found, best, w)[1], "all": _both(found, whole, w)[0]}
    said = w.say("search_best_all" if _is_all(dict(best), found) else "search_best", n=int(best["parts"]), **told)
    budget = found.limits.budget
    if budget is not None and best["money"] > budget:
        said += w.say("search_over", costs=told["costs"], budget=_money(found, (budget, np.nan, np.nan), w))
    return said


def _parts(found: Search, w: Words) -> list[str]:
    """A line for each part of the chosen set: its name and words."""
    parts = {p.name: p for p in found.game.parts}
    rows = []
    for name in found.parts_of(found.best):
        of_document = found.game.by == "document"
        says = document_title(found.game, parts[name].document, w) if of_document else part_words(parts[name], w)
        rows.append(("", name, says))
    return columns(rows) if rows and len(rows) < MANY else []


def _is_all(r: dict, found: Search) -> bool:
    return r["parts"] == len(found.game.parts)


def _mark(r: dict, found: Search, w: Words) -> str:
    return w["search_chosen"] if r["best"] else w["search_all"] if _is_all(r, found) else ""


def _set(r: dict, found: Search, w: Words) -> str:
    return w["search_every"] if _is_all(r, found) else r["set"].replace(",", w["comma"]) or w["search_none"]


def _both(found: Search, r, w: Words) -> tuple[str, str]:  # noqa: ANN001
    gain = with_interval(found.key[0], (r["access"], r["low"], r["high"]), w, True, units=True)
    return gain, _money(found, (r["money"], r["money_low"], r["money_high"]), w)


def _gain(found: Search, x: float, w: Words) -> str:
    return with_interval(found.key[0], (x, np.nan, np.nan), w, True, units=True)


def _money(found: Search, triple: tuple[float, float, float], w: Words) -> str:
    return with_interval(found.money[0], triple, w, True, units=True)
