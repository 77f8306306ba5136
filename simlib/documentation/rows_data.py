"""Rows 3.1 to 3.4 of the checklist: what the model is fed with."""

from __future__ import annotations

from collections import Counter

from simlib.core.files import read_yaml, scenarios
from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.facts import Facts, evidence_lines, figure_of, rows_of, titled
from simlib.documentation.register import numbers, rules
from simlib.documentation.words import Words
from simlib.words.nodes import Link, Node
from simlib.words.values import DASH

FORM = ("actors", "listing", "stock", "barriers", "obey")


def sources(f: Facts, w: Words) -> list[Node]:
    """3.1: documents and published figures."""
    documents = [
        (r[f"title_{w.language}"], r[f"issuer_{w.language}"] or DASH, r["date"] or DASH)
        for r in rows_of("documents.csv")
    ]
    also = [r[f"also_{w.language}"] for r in rows_of("documents.csv") if r["also_en"]]
    rows = evidence_lines()
    labels = Counter(row["label"] for _, row in rows.values())
    said = w["comma"].join(w.say("label_count", count=n, label=w[f"label_{k}"]) for k, n in sorted(labels.items()))
    figures = []
    for code, (line, row) in rows.items():
        link = Link(code, f"../scenarios/evidence.csv#L{line}")
        figures.append((link, *(said or DASH for said in figure_of(row, w))))
    keys = ("code", "what", "figure", "date", "population", "source", "label")
    return [
        paragraph(w["sources_text"]),
        table([w["col_document"], w["col_issuer"], w["col_date"]], documents),
        *(paragraph(text) for text in also),
        paragraph(w.say("evidence_text", count=len(rows), labels=said)),
        table([w[f"col_{k}"] for k in keys], figures),
    ]


def preparation(f: Facts, w: Words) -> list[Node]:
    """3.2: what was done to lists and totals."""
    strata = [s for r in titled("regions") for s in r.get("strata", ())]
    rounds = read_yaml(scenarios() / "catalogue_rounds.yaml").data["rounds"]
    assumed = sum(s["kind"] == "assumed" for s in strata)
    text = w.say(
        "preparation_text", strata=len(strata), regions=len(titled("regions")), assumed=assumed, rounds=len(rounds)
    )
    return [paragraph(text)]


def parameters(f: Facts, w: Words) -> list[Node]:
    """3.3: how many numbers there are by group and kind, and the places."""
    by_group = Counter(e.where for e in numbers())
    kinds = Counter(e.kind for e in numbers())
    counts = w["comma"].join(f"{n} {w[f'kind_{k}']}" for k, n in kinds.most_common())
    groups = table([w["col_group"], w["col_assumed"]], [(f"`{g}`", str(n)) for g, n in by_group.items()])
    rows = []
    for r in titled("regions"):
        levels = [sum(s["count"] for s in r["strata"] if s["level"] == n) for n in (3, 2, 1)]
        rows.append(
            (
                r["title"][w.language],
                *map(str, levels),
                str(r["population_million"]),
                r["payment"].replace(" or ", w["or"]),
            )
        )
    head = [w["col_region"], *(w[f"level_{n}"] for n in (3, 2, 1)), w["col_population_million"], w["col_payment"]]
    text = w.say("parameters_text", count=len(numbers()), counts=counts)
    return [paragraph(text), groups, table(head, rows), paragraph(w["parameters_distributions"])]


def assumptions(f: Facts, w: Words) -> list[Node]:
    """3.4: how much is assumed, and what is assumed of the model's form."""
    assumed = sum(e.kind == "assumed" for e in numbers())
    form = points(("", w[f"form_{k}"] + w["stop"].strip()) for k in FORM)
    return [
        paragraph(w.say("assumptions_text", assumed=assumed, rules=len(rules()))),
        paragraph(w["assumptions_form"]),
        form,
    ]


ROWS = {"3.1": sources, "3.2": preparation, "3.3": parameters, "3.4": assumptions}
