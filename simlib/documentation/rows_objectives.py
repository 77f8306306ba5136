"""Rows 1.1 to 1.3 of the checklist: what the model is for."""

from __future__ import annotations

from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.facts import Facts, rows_of, titled
from simlib.documentation.words import Words
from simlib.outcomes.dictionary import HEADLINES, INDICATORS, Indicator
from simlib.policy.clauses import clauses
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS
from simlib.words.names import policy_name
from simlib.words.nodes import Node
from simlib.words.values import stored_unit

FAMILIES = ("reason_", "decisive_", "state_")  # of indicators that are one measure for many things
STATUSES = ("acts", "loads", "pending", "context", "unproven")


def purpose(f: Facts, w: Words) -> list[Node]:
    """1.1: background, aim, and how much of the documents the model carries."""
    documents = [r for r in rows_of("documents.csv") if r["date"]]
    status = clauses()["status"].value_counts()
    counts = [w.say(f"status_{s}", n=status[s]) for s in STATUSES if s in status]
    numbered = [s for s in STAGES.values() if s.number]
    background = w.say("purpose_background", documents=len(documents), clauses=int(status.sum()), levers=len(LEVERS))
    aim = w.say("purpose_aim", built=sum(s.built for s in numbered), all=len(numbered))
    return [
        paragraph(background),
        paragraph(aim),
        paragraph(w.say("clauses_by_status", counts=w["semicolon"].join(counts))),
    ]


def outputs(f: Facts, w: Words) -> list[Node]:
    """1.2: every measure with unit and definition, those of the headline first."""
    single = [i for i in INDICATORS.values() if not i.name.startswith(FAMILIES)]
    single.sort(key=lambda i: i.name not in HEADLINES)
    kinds = {k: sum(i.startswith(k) for i in INDICATORS) for k in FAMILIES}
    text = w.say(
        "outputs_when", headlines=len(HEADLINES), count=len(single), reasons=kinds["reason_"],
        decisive=kinds["decisive_"], states=kinds["state_"],
    )  # fmt: skip
    head = [w["col_name"], w["col_title"], w["col_unit"], w["col_definition"]]
    rows = [(f"`{i.name}`", getattr(i, w.language), stored_unit(i.name, w), meaning(i, w)) for i in single]
    return [paragraph(text), table(head, rows)]


def meaning(indicator: Indicator, w: Words) -> str:
    """An indicator's definition."""
    return indicator.meaning_zh if w.language == "zh" else indicator.meaning


def aims(f: Facts, w: Words) -> list[Node]:
    """1.3: the experiments, and how they were designed."""
    places = {r["name"]: r["title"][w.language] for r in titled("regions")}
    rows = []
    for e in f.experiments:
        policies = dict.fromkeys(policy_name(c.policy, w) for c in e.cells)
        regions = dict.fromkeys(places.get(c.region, c.region) for c in e.cells)
        rows.append((
            getattr(e.file.title, w.language), getattr(e.file.question, w.language), policy_name(e.file.baseline, w),
            w["comma"].join(policies), w["comma"].join(regions), str(len(e.cells)),
        ))  # fmt: skip
    keys = ("experiment", "question", "baseline", "policies", "regions", "scenarios")
    notes = points((("", w["aims_design"]), ("", w["aims_optimisation"])))
    return [paragraph(w["aims_scenarios"]), table([w[f"col_{k}"] for k in keys], rows), notes]


ROWS = {"1.1": purpose, "1.2": outputs, "1.3": aims}
