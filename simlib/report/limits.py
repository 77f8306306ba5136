"""What a comparison cannot say, with the numbers that show how far: counted from the data, never written down by hand."""

from __future__ import annotations

from datetime import timedelta

from simlib.core.files import InputError
from simlib.experiments.samples import sample
from simlib.experiments.scorecard import scorecard
from simlib.experiments.study import Study
from simlib.policy.clauses import also_there, clauses
from simlib.policy.readings import readings
from simlib.report.asked import counted
from simlib.words import Words, words
from simlib.words.nodes import Items, Strong
from simlib.words.values import number


def cannot(study: Study, w: Words) -> list[tuple[str, str]]:
    """(head, sentence) of everything that the comparison cannot say, the widest gaps first."""
    more = words(w.language, "documents")
    said = [
        ("numbers", _numbers(study, more)),
        ("obey", w["limit_obey"]),
        ("fitted", _fitted(more)),
        *(
            (key, more[f"cannot_{key}"])
            for key in ("class", "before", "committee", "temporary", "listing", "payment", "fund")
        ),
        ("health", w["limit_scope"]),
        ("prices", more["cannot_prices"]),
        ("behaviour", more["cannot_behaviour"]),
        ("drugs", f"{w['limit_cohort']} {_drugs(study, more)}"),
        ("hospitals", _hospitals(study, more)),
        ("texts", _texts(study, more)),
        ("calendar", w["provisional"] if study.provisional else ""),
        ("horizon", w.say("limit_horizon", end=_end(study))),
        ("luck", w["limit_interval" if study.world == "middle" else "limit_interval_drawn"]),
        ("together", w["limit_one"]),
        ("order", w["limit_order"]),
    ]
    return [(more[f"cannot_{key}_head"], text) for key, text in said if text]


def cannot_items(study: Study, w: Words) -> Items:
    """The same as a list of the page."""
    return Items(tuple((Strong(head), f" {text}") for head, text in cannot(study, w)))


def counts(study: Study) -> dict[str, int]:
    """How many numbers of a scenario are assumed, published or switches, and how many rules of the rulebooks are assumed."""
    kinds = [a.kind for a in study.scenario.assumptions]
    rules = {
        (str(r.source), r.lever): r.kind for p in study.rulebooks.values() for r in p.rules
    }  # a stack shares layers
    found = {k: kinds.count(k) for k in ("assumed", "published", "switch")}
    return found | {"rules": len(rules), "rules_assumed": list(rules.values()).count("assumed")}


def _numbers(study: Study, more: Words) -> str:
    return more.say("cannot_numbers", **counts(study))


def _fitted(more: Words) -> str:
    """To what the model was fitted, and how many published figures it meets and misses."""
    try:
        scores = [s for s in scorecard() if s.verdict != "none"]
    except InputError:
        return f"{more['cannot_fitted']}{more['between']}{more['cannot_no_gate']}"
    inside = sum(s.verdict == "met" for s in scores)
    return f"{more['cannot_fitted']}{more['between']}{more.say('cannot_gate', inside=inside, count=len(scores))}"


def _drugs(study: Study, more: Words) -> str:
    drugs = sample(study)
    return more.say("cannot_drugs", synthetic=counted(drugs.synthetic), counted=counted(drugs.counted))


def _hospitals(study: Study, more: Words) -> str:
    """How many hospitals are drawn rather than named; those of a place are among the nation's and count once."""
    drawn = dict.fromkeys(study.regions, 0)
    named = 0
    for region in study.regions:
        place = study.results[next(c.name for c in study.cells if c.region == region)].scenario.region
        for s in place.strata if place else ():
            drawn[region] += s.count if s.name is None else 0
            named += s.count if s.name is not None else 0
    n = drawn.get("nation") or sum(drawn.values())
    if not n:
        return ""
    if not named:
        return more.say("cannot_hospitals_all", all=number(n, 0))
    return more.say("cannot_hospitals", drawn=number(n, 0), all=number(n + named, 0))


def _texts(study: Study, more: Words) -> str:
    """How much of the documents is in the model, and how often it had to be read one way of several."""
    documents = {layer.name for p in study.rulebooks.values() for layer in p.layers}
    table = clauses()
    status = table[table["policy"].isin(documents)]["status"]
    if status.empty:
        return ""
    said = more.say(
        "cannot_texts", clauses=len(status), context=int((status == "context").sum()), readings=len(readings())
    )
    return more["between"].join([said, *(getattr(t, more.language) for t in also_there(study.rulebooks.values()))])


def _end(study: Study):
    s = study.scenario
    return s.calendar.start + timedelta(days=int(s.horizon) - 1)
