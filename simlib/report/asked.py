"""The section that says what was asked: the design, its dates, its sizes, and the words that the page uses."""

from __future__ import annotations

from simlib.experiments.samples import hospitals, sample
from simlib.experiments.study import Study
from simlib.policy.clauses import also_there
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.glossary import terms
from simlib.words.names import baseline_name, policy_name
from simlib.words.nodes import Folded, Items, Node, Strong, Table, Text, table
from simlib.words.values import DASH, number


def design(study: Study, w: Words) -> Text:
    """What was compared with what, on which dates, and what was measured."""
    s = study.scenario
    text = w.say(
        "asked_design", compared=_compared(study, w), policy_from=s.calendar.date(s.policy_from),
        end=s.calendar.date(s.horizon - 1), baseline=baseline_name(study, w),
    )  # fmt: skip
    return Text(text)


def _compared(study: Study, w: Words) -> str:
    regions = w.both([place_of(study, r, w) for r in study.regions])
    cells = [c for c in study.experiment.cells if c.region in study.regions and not c.reading]
    shared = [p for p in study.policies if {c.region for c in cells if c.policy == p} == set(study.regions)]
    rest = [c for c in cells if c.policy not in shared]
    if rest and all(c.own for c in rest):  # each place has a rulebook of its own
        names = w.both([*(policy_name(p, w, study.rulebooks[p]) for p in shared), w["own_rules"]])
        return w.say("compared_own", policies=names, regions=regions)
    names = w.both([policy_name(p, w, study.rulebooks[p]) for p in study.policies])
    return w.say("compared_all", policies=names, regions=regions)


def dates(study: Study, w: Words) -> list[Node]:
    """That the common start is invented, what else there is beside the documents, and their own dates, folded."""
    scenarios = [study.results[c.name].scenario for c in study.cells]
    notices = dict.fromkeys(getattr(n, w.language) for s in scenarios for n in s.notices)
    beside = [getattr(t, w.language) for t in also_there(study.rulebooks.values())]
    also = [Text(w["documents_also"]), Items(tuple(beside))] if beside else []
    if not notices:
        return also
    s = study.scenario
    start = s.calendar.date(s.policy_from)
    own = {layer.start for x in scenarios for layer in x.policy.layers if layer.start and not layer.baseline}
    said = w.say("dates_invented", policy_from=start) if start not in own and not s.as_dated else ""
    folded = Folded(w["dates_title"], (Items(tuple(notices)),))
    return [*([Text(said)] if said else []), *also, folded]


def samples(study: Study, w: Words) -> list[Node]:
    """A sentence on the drugs, and a table of the hospitals and replications of each place."""
    drugs = sample(study)
    text = w.say(
        "samples_drugs", counted=counted(drugs.counted), real=counted(drugs.real), synthetic=counted(drugs.synthetic),
        measured=counted(drugs.reach[24]),
    )  # fmt: skip
    rows = []
    for region in study.regions:
        levels = hospitals(study, region)
        ran = sorted({len(study.results[c.name].values.columns) for c in study.cells if c.region == region})
        rows.append(
            (
                place_of(study, region, w),
                *(number(levels[n], 0) if levels.get(n) else DASH for n in (3, 2, 1)),
                "–".join(map(str, ran)),
            )
        )
    head = [w["col_region"], *(w[f"level_{n}"] for n in (3, 2, 1)), w["col_replications"]]
    return [Text(text), table(head, rows, w["samples_caption"], "small")]


def counted(x: float) -> str:
    return number(x, 0 if abs(x - round(x)) < 0.05 else 1)


def glossary(w: Words) -> Table:
    """The words that the page uses, each with one sentence."""
    rows = [(Strong(t.term(w)), t.meaning(w)) for t in (*terms("nouns"), *terms("glossary"))]
    return table([w["col_word"], w["col_meaning"]], rows, look="small words")
