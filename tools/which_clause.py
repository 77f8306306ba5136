"""Which sentence of which document does it, place by place, in both languages: ``python tools/which_clause.py [FOLDER]``.

For each place with rules of its own the gain over what was law before the reforms is shared out among the clauses (`simlib attribute`),
asked what it hinges on (`simlib hinge`), and which survey is worth making before choosing (`simlib worth`), all in fitted worlds. Runs of
the ledgers are kept in outputs/attribution. It writes which-clause.md, which-clause.zh.md and a picture a place into FOLDER
(default: docs/). Every number of the text is taken from these runs; its words stand in which_clause.LANGUAGE.yaml beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.core.files import home, shown
from simlib.core.phrases import LANGUAGES, agree, parse
from simlib.documentation.blocks import paragraph, points, table
from simlib.documentation.markdown import page
from simlib.experiments.attribution.attribute import attribute
from simlib.experiments.attribution.estimates import Estimate, shares
from simlib.experiments.attribution.ledger import Ledger
from simlib.experiments.attribution.walks import mean
from simlib.experiments.hinge import Hinge, hinge
from simlib.experiments.worth import Worth, worth
from simlib.scenario.scenario import load_scenario
from simlib.see import waterfall
from simlib.see.draw import svg
from simlib.words import words
from simlib.words.nodes import Drawing, Heading, Node
from simlib.words.parts import document_title, part_words
from simlib.words.values import number
from simlib.world.assumptions import assumption

PLACES = ("sichuan", "chongqing", "beijing", "guangzhou")
BEFORE, NATIONAL = "before-reform", "national"
SHOWN, MORE = 8, 3  # clauses that have a row: the largest by hospitals, and some by patients and by money
SMALL = 0.003  # 0.3 of 100 hospitals: what is worth less is not named one by one
TREATED, PATIENTS = ("treated_share", "all", "all"), ("patients", "all", "all")
NUMBERS = 3  # assumed numbers that are named
HEADS = ("clause", "says", "hospitals", "worlds", "patients", "yuan", "how")
FILES = {n: Path(__file__).with_name(f"which_clause.{n}.yaml") for n in LANGUAGES}
SAID = {n: parse(path.read_text(encoding="utf-8"), shown(path)) for n, path in FILES.items()}
for n, path in FILES.items():
    agree(SAID[LANGUAGES[0]], SAID[n], shown(path))


@dataclass(frozen=True)
class Place:
    """What was found out about one place. region: its name; ledger, hinges, survey: the three answers."""

    region: str
    ledger: Ledger
    hinges: Hinge
    survey: Worth


def place(region: str, workers: int | None = None) -> Place:
    """Ask all three questions about one place."""
    own, national, before = (load_scenario(f"{region}-{policy}-default") for policy in (region, NATIONAL, BEFORE))
    ledger = attribute(own, before, folder=home() / "outputs" / "attribution", workers=workers)
    choices = {region: own, NATIONAL: national, BEFORE: before}
    return Place(region, ledger, hinge(own, before, workers=workers), worth(choices, workers=workers))


def yuan(ledger: Ledger) -> Estimate:
    """What each part adds to basic insurance's bills, all years of the run together, in million yuan."""
    known = ledger.keys()
    keys = [k for k in known if k[:2] == ("fund_million", "year")]
    first, second = (x.sum(axis=2) for x in ledger.walks.single(keys))
    return shares(mean(first, second), ledger.walks.differences(keys).sum(axis=1))


def patients(ledger: Ledger) -> Estimate:
    """How many patients more are treated by each part, over the run."""
    eligible = ledger.walks.level(PATIENTS, 0)
    steps = mean(*(x[:, :, 0] for x in ledger.walks.single([TREATED])))
    return shares(steps * eligible[:, None], ledger.walks.differences([TREATED])[:, 0] * eligible)


def how(row: Mapping, said: Mapping[str, str]) -> str:
    """Whether a clause does its work alone, needs others, or repeats them: by what it does alone and what is lost without it."""
    alone, last, size = row["alone"], row["last"], abs(row["worth"])
    if abs(alone - last) < max(0.5 * size, SMALL):
        return said["by_itself"]
    return said["needs_others"] if abs(last) > abs(alone) else said["repeats"]


def rows(found: Place, language: str) -> list[tuple[str, ...]]:
    """The table of a place: a row for each of the largest clauses, the others as one, and their sum."""
    said, w, ledger = SAID[language], words(language), found.ledger
    treated, paid = patients(ledger), yuan(ledger)
    at = {name: i for i, name in enumerate(ledger.names)}
    parts = {p.name: p for p in ledger.game.parts}
    full = ledger.table()
    named = set(full["part"].head(SHOWN)) | {
        ledger.names[i] for x in (treated, paid) for i in np.argsort(-np.abs(x.value), kind="stable")[:MORE]
    }
    shown = full["part"].isin(named)
    out = []
    for r in full[shown].to_dict("records"):
        i = at[r["part"]]
        worlds = _to(100 * r["worlds_low"], 100 * r["worlds_high"], said) if r["worlds_sd"] > 0 else said["luck_alone"]
        hospitals = _cell(*(100 * r[k] for k in ("worth", "low", "high")), said)
        says = part_words(parts[r["part"]], w)
        out.append((r["part"], says, hospitals, worlds, _of(treated, i, said), _of(paid, i, said), how(r, said)))
    rest = [at[name] for name in full["part"][~shown]]
    if rest:
        sums = [number(100 * full["worth"][~shown].sum(), 1, sign=True)]
        sums += ["", *(number(x.value[rest].sum(), 0, sign=True) for x in (treated, paid))]
        out.append(("", said["others"].format(n=len(rest)), *sums, ""))
    whole = _cell(*(100 * x for x in ledger.difference()), said)
    sums = [number(x.value.sum(), 0, sign=True) for x in (treated, paid)]
    return [*out, ("", said["sum"], whole, "", *sums, "")]


def _of(found: Estimate, i: int, said: Mapping[str, str]) -> str:
    value, half = found.value[i], found.half[i]
    return _cell(value, value - half, value + half, said, 0)


def _cell(value: float, low: float, high: float, said: Mapping[str, str], places: int = 1) -> str:
    text = number(value, places, sign=True)
    return f"{text} ({_to(low, high, said, places)})" if np.isfinite(low) else text


def _to(low: float, high: float, said: Mapping[str, str], places: int = 1) -> str:
    return said["to"].format(low=number(low, places, sign=True), high=number(high, places, sign=True))


def answer(found: Place, language: str) -> str:
    """What the clauses of a place do, in a paragraph."""
    said, ledger = SAID[language], found.ledger
    full = ledger.table()
    base, with_ = ledger.levels()
    gain = ledger.difference()
    top = full[full["worth"].abs() >= SMALL]
    half = int((full["worth"].cumsum() < gain[0] / 2).sum()) + 1
    leading = said["comma"].join(
        said["leads"].format(clause=r["part"], gain=number(100 * r["worth"], 1, sign=True))
        for r in full.head(half).to_dict("records")
    )
    idle = int((~full["moved"]).sum())
    documents = said["comma"].join(
        said["of_document"].format(
            title=document_title(ledger.game, name, words(language)), gain=number(100 * x, 1, sign=True)
        )
        for name, x in full.groupby("document", sort=False)["worth"].sum().sort_values(ascending=False).items()
    )
    return said["answer"].format(
        n=len(full), base=number(100 * base), with_=number(100 * with_), gain=_cell(*(100 * x for x in gain), said),
        half=half, leading=leading, small=len(full) - len(top), idle=idle, documents=documents,
    )  # fmt: skip


def certainty(found: Place, language: str) -> list[tuple[str, str]]:
    """How sure it is, what it hinges on, and which survey to commission."""
    said, hinges, survey = SAID[language], found.hinges, found.survey
    count, n, low, high = hinges.holds()
    sure = said["holds"].format(count=count, n=n, low=number(100 * low, 0), high=number(100 * high, 0))
    luck = said["luck"].format(luck=number(100 * hinges.noise, 0))
    names = _numbers(hinges.told, "index", said, language)
    hinging = said["hinges"].format(names=names) if names else said["hinges_on_none"]
    asked = _numbers(survey.told, "value", said, language)
    if not survey.everything > 0:
        commission = said["no_survey"].format(best=said[survey.names[0]])
    else:
        commission = said["survey"].format(names=asked or said["none"], all=number(100 * survey.everything, 2))
    return [(said["head_sure"], f"{sure} {luck}"), (said["head_hinges"], hinging), (said["head_survey"], commission)]


def _numbers(told: pd.DataFrame, column: str, said: Mapping[str, str], language: str) -> str:
    """The first assumed numbers of a table, with what each is worth."""
    return said["comma"].join(
        said[f"number_{column}"].format(
            name=assumption(r["path"]).title(language),
            key=r["path"],
            x=number(100 * r[column], 0 if column == "index" else 2),
        )
        for r in told.head(NUMBERS).to_dict("records")
    )


def section(found: Place, language: str, drawing: str) -> list[Node]:
    """One place: the answer, the table, the picture, and how sure it is."""
    said = SAID[language]
    return [
        Heading(said[found.region], 2),
        paragraph(answer(found, language)),
        table([said[f"head_{h}"] for h in HEADS], rows(found, language)),
        Drawing(drawing, said["figure"].format(place=said[found.region])),
        points(certainty(found, language)),
    ]


def text(found: Sequence[Place], language: str) -> str:
    """The page as Markdown."""
    said, ending = SAID[language], _ending(language)
    sections = [node for p in found for node in section(p, language, f"which-clause-{p.region}{ending}.svg")]
    return page([
        Heading(said["title"], 1), paragraph(said["made"]), paragraph(said["question"]), Heading(said["reading"], 2),
        points([(said[f"head_{h}"], said[f"read_{h}"]) for h in HEADS[2:]]), *sections,
        Heading(said["limits"], 2), points([("", said[f"limit_{i}"]) for i in (1, 2, 3, 4)]),
    ])  # fmt: skip


def _ending(language: str) -> str:
    return "" if language == LANGUAGES[0] else f".{language}"


def main(folder: Path, regions: Sequence[str] = PLACES) -> None:
    """Ask about each place, and write the page and pictures of each language."""
    found = [place(region) for region in regions]
    for language in LANGUAGES:
        for p in found:
            drawn = "\n".join(line.rstrip() for line in svg(waterfall(p.ledger, language)).splitlines())
            name = f"which-clause-{p.region}{_ending(language)}.svg"
            (folder / name).write_text(drawn + "\n", encoding="utf-8", newline="\n")
        path = folder / f"which-clause{_ending(language)}.md"
        path.write_text(text(found, language), encoding="utf-8", newline="\n")
        print(f"written: {path}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs",
        sys.argv[2:] or PLACES,
    )
