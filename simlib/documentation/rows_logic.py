"""Rows 2.1 to 2.5.5 of the checklist: how the model works."""

from __future__ import annotations

import re
from collections import Counter

from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.facts import Facts, titled, value_of
from simlib.documentation.register import DISTRIBUTIONS, numbers
from simlib.documentation.words import Words
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.flow import SHARED, STAGES, THINGS, Stage
from simlib.policy.levers import LEVERS
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.readings import readings
from simlib.words.names import state_name
from simlib.words.nodes import Drawing, Node
from simlib.words.values import DASH
from simlib.world.lists_columns import COLUMNS

GROUPS = {"committee": ("committee", "decision", "barriers"), "catalogue": ("catalogue",)}  # of numbers, by stage
TITLE = {"en": 0, "zh": 1}
DISTRIBUTED = re.compile("|".join(f"{name}\\b" for name in DISTRIBUTIONS))


def state(name: str, w: Words) -> str:
    """What a state is called."""
    return state_name(name, w) if f"state_{name}" in INDICATORS else w[f"state_{name}"]


def stage_title(stage: Stage, w: Words) -> str:
    """A stage's title, marked where it is only planned."""
    title = getattr(stage, w.language)
    return title if stage.built else w.say("with_unit", name=title, unit=w["planned"])


def diagram(f: Facts, w: Words) -> list[Node]:
    """2.1: the drawn flow."""
    file = "flow.svg" if w.language == "en" else f"flow.{w.language}.svg"
    return [Drawing(file, w["diagram_alt"]), paragraph(w["diagram_text"])]


def logic(f: Facts, w: Words) -> list[Node]:
    """2.2: every stage with what it reads and writes, its levers and numbers, and the states in which pairs wait."""
    levers = Counter(lever.stage for lever in LEVERS.values())
    counts = Counter(e.where for e in numbers())
    rows = []
    for s in STAGES.values():
        own = sum(counts[g] for g in GROUPS.get(s.name, (s.name,)))
        things = [w["comma"].join(THINGS[t][TITLE[w.language]] for t in part) or DASH for part in (s.reads, s.writes)]
        states = w["comma"].join(state(x, w) for x in s.states) or DASH
        shared = w["comma"].join(SHARED[x][TITLE[w.language]] for x in s.shared) or DASH
        number = str(s.number) if s.number else DASH
        rows.append((number, stage_title(s, w), *things, shared, states, str(levers[s.name]), str(own)))
    keys = ("number", "stage", "reads", "writes", "resource", "state", "levers", "assumed")
    return [paragraph(w["logic_text"]), table([w[f"col_{k}"] for k in keys], rows)]


def scenario_logic(f: Facts, w: Words) -> list[Node]:
    """2.3: the rulebooks, and the readings that can be chosen."""
    rows = []
    for name in policies():
        policy = load_policy(name)
        layer = policy.layers[-1]
        below = w["comma"].join(getattr(x.title, w.language) for x in policy.layers[:-1]) or DASH
        carried = len({r.clause for r in layer.rules})
        days = (str(layer.start or DASH), str(layer.end or DASH))
        rows.append((getattr(layer.title, w.language), str(len(layer.rules)), str(carried), below, *days))
    keys = ("document", "rules", "clauses", "stack", "from", "until")
    known = readings().values()
    can = sum(any(not o.pending and not o.inert for o in r.others) for r in known)
    text = w.say("readings_text", count=len(known), open=can)
    return [paragraph(w["scenario_text"]), table([w[f"col_{k}"] for k in keys], rows), paragraph(text)]


def algorithms(f: Facts, w: Words) -> list[Node]:
    """2.4: one item a stage that acts."""
    blanks = {"provinces": value_of("readiness.provinces")}
    found = [s for s in STAGES.values() if s.built and f"algorithm_{s.name}" in w]
    return [points((stage_title(s, w) + w["colon"].strip(), w.say(f"algorithm_{s.name}", **blanks)) for s in found)]


def entities(f: Facts, w: Words) -> list[Node]:
    """2.5.1: drugs and hospitals with the attributes that a list may give."""
    zh = w.language == "zh"
    rows = []
    for kind, columns in COLUMNS.items():
        rows += [(w[f"entity_{kind}"], c.name("zh" if zh else "en"), c.zh if zh else c.en) for c in columns]
    head = [w["col_entity"], w["col_attribute"], w["col_says"]]
    return [paragraph(w["entities_text"]), table(head, rows), paragraph(w["entities_drawn"])]


def activities(f: Facts, w: Words) -> list[Node]:
    """2.5.2: what takes time of its own, with its distribution."""
    i = TITLE[w.language]
    rows = [
        (e.id, e.name[i], w.say("with_unit", name=e.value[i], unit=e.unit[i]))
        for e in numbers()
        if DISTRIBUTED.match(e.value[0]) and e.unit[i]  # a way of reading has none
    ]
    return [paragraph(w["activities_text"]), table([w["col_id"], w["col_activity"], w["col_distribution"]], rows)]


def resources(f: Facts, w: Words) -> list[Node]:
    """2.5.3: what is shared, how much of it there is, and the stages that use it."""
    levels = ("level_3", "level_2", "level_1")
    said = {
        "reviewers": {
            "reviewers": value_of("listing.reviewers"),
            "background": value_of("listing.background_per_year"),
        },
        "agenda": {k: value_of(f"committee.places.{k}") for k in levels},
        "formulary": {k: value_of(f"room.formulary.{k}") for k in levels} | {"turnover": value_of("room.turnover")},
        "budgets": {"budget": value_of("payment.budget_per_bed")},
        "review_places": {"cap": value_of("payment.review_cap"), "interval": value_of("payment.review_interval")},
        "service_places": {"places": value_of("preapproval.service_places")},
    }
    rows = []
    for key, title in SHARED.items():
        users = w["comma"].join(stage_title(s, w) for s in STAGES.values() if key in s.shared)
        rows.append((title[TITLE[w.language]], w.say(f"capacity_{key}", **said[key]) if key in said else DASH, users))
    return [paragraph(w["resources_text"]), table([w["col_resource"], w["col_capacity"], w["col_stage"]], rows)]


def queues(f: Facts, w: Words) -> list[Node]:
    """2.5.4: who is next."""
    order = w[f"order_{value_of('committee.order')}"]
    agenda = w.say("queues_agenda", order=order, months=value_of("committee.unheard_leaves_after_months"))
    review = w.say("queues_review", customary=value_of("listing.customary_limit"))
    return [points((("", review), ("", agenda), *(("", w[f"queues_{k}"]) for k in ("room", "special", "service"))))]


def entry(f: Facts, w: Words) -> list[Node]:
    """2.5.5: where drugs and patients come from, and how they leave."""
    rows = []
    for data in titled("cohorts"):
        years = w["comma"].join(f"{year}{w['colon']}{n}" for year, n in data.get("yearly_counts", {}).items())
        rows.append((data["title"][w.language], years or DASH))
    return [paragraph(w["entry_text"]), table([w["col_cohort"], w["col_drugs"]], rows)]


ROWS = {
    "2.1": diagram, "2.2": logic, "2.3": scenario_logic, "2.4": algorithms, "2.5.1": entities, "2.5.2": activities,
    "2.5.3": resources, "2.5.4": queues, "2.5.5": entry,
}  # fmt: skip
