"""The comparison as a notebook shows it: one call a section, each in one language or in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
from IPython.display import HTML
from matplotlib.figure import Figure

from simlib.core.files import beside, folder_at
from simlib.core.spreadsheets import harmless
from simlib.experiments.obedience_curve import drawn
from simlib.experiments.store import write_table
from simlib.experiments.study import Study
from simlib.outcomes.dictionary import INDICATORS, data_dictionary
from simlib.policy.explain import values
from simlib.report.answer import moving
from simlib.report.gate import gate_frame
from simlib.report.hypertext import in_languages
from simlib.report.page import above
from simlib.report.sections import SECTIONS
from simlib.report.side_effects import search
from simlib.see import explaining_figures as g
from simlib.see import figures as f
from simlib.see.draw import save
from simlib.see.obedience_curve import obedience_lines
from simlib.see.places import place_of
from simlib.words import LANGUAGES, Words, words
from simlib.words.names import policy_name
from simlib.world.assumptions import assumption_id


class Report:
    """A study's sections, figures and tables. language: "en", "zh" or "both"."""

    def __init__(self, study: Study, language: str = "both") -> None:
        self.study = study
        self.words = [words(n) for n in (LANGUAGES if language == "both" else (language,))]

    @cached_property
    def figures(self) -> dict[str, LazyFigures]:
        """Every figure by language and name."""
        return {w.language: build_figures(self.study, w) for w in self.words}

    def section(self, name: str) -> HTML:
        """One section as HTML, each language in a block of its own."""
        blocks = ((w.language, SECTIONS[name](self.study, w, self.figures[w.language])) for w in self.words)
        first = above(len(self.words)) if name == "heading" else ""
        return HTML(first + in_languages(blocks))

    def write(self, folder: Path | str = ".") -> list[str]:
        """Write figures/ and tables/ into a folder; the names of the files."""
        folder = Path(folder)
        for language, figures in self.figures.items():
            for name, figure in figures.items():
                save(figure, folder / "figures", f"{name}-{language}")
        tables = tidy_tables(self.study)
        for name, table in tables.items():
            write_tidy(table, folder / "tables", name)
        return [f"tables/{n}.csv" for n in tables]


class LazyFigures(Mapping[str, Figure]):
    """Figures by name, each drawn when it is first asked for: a single section or a handout shows only some of them."""

    def __init__(self, drawers: dict[str, Callable[[], Figure]]) -> None:
        self._drawers = drawers
        self._drawn: dict[str, Figure] = {}

    def __getitem__(self, name: str) -> Figure:
        if name not in self._drawn:
            self._drawn[name] = self._drawers[name]()
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawers)

    def __len__(self) -> int:
        return len(self._drawers)


def build_figures(study: Study, w: Words) -> LazyFigures:
    """All figures of a comparison in one language, by name."""
    drawers = {"headline": f.headline, "gains": f.gains, "curves": f.curves, "states": g.states, "reasons": g.reasons}
    if study.all_sides:
        drawers["obedience"] = f.obedience
    if drawn(study):
        drawers["obedience-curve"] = obedience_lines
    out: dict[str, Callable[[], Figure]] = {name: partial(draw, study, w) for name, draw in drawers.items()}
    for name, table in study.sensitivity.items():
        cell = study.experiment.cell(name)
        if len(moving(table)):
            policy = policy_name(cell.policy, w, study.rulebooks.get(cell.policy))
            out[f"tornado-{name}"] = partial(g.tornado, moving(table), policy, place_of(study, cell.region, w), w)
    return LazyFigures(out)


def tidy_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Tables for other programs: plain numbers, one row a fact (columns: see data_dictionary)."""
    return {"gate": gate_frame(study), "worse": search(study).worse, **main_tables(study)}


def main_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Those of the tidy tables that take no search."""
    results = pd.concat([study.table, study.table_otherwise], ignore_index=True)
    for language in LANGUAGES:
        results[language] = [getattr(INDICATORS[i], language) for i in results["indicator"]]
    out = {
        "results": results,
        "curves": study.curves,
        "assumptions": _assumptions(study),
        "rules": _rules(study),
        "data_dictionary": data_dictionary(),
    }
    if curves := drawn(study):
        parts = [c.table().assign(region=region, scenario=c.scenario.name) for region, c in curves.items()]
        out["obedience"] = pd.concat(parts, ignore_index=True)
    if study.sensitivity:
        parts = [t.assign(scenario=name, id=t["path"].map(assumption_id)) for name, t in study.sensitivity.items()]
        out["sensitivity"] = pd.concat(parts, ignore_index=True)
    return out


def _assumptions(study: Study) -> pd.DataFrame:
    from simlib.words.values import plain

    scenario = study.results[study.cells[0].name].scenario
    rows = [
        (a.id, a.path, plain(a.value), *map(str, (*a.range, "", "")[:2]), a.sentence(), a.sentence("zh"), a.kind)
        for a in scenario.assumptions
    ]
    return pd.DataFrame(rows, columns=["id", "path", "value", "range_low", "range_high", "reason", "reason_zh", "kind"])


def _rules(study: Study) -> pd.DataFrame:
    rows = []
    for name in study.policies:
        for layer in study.rulebooks[name].layers:
            for r in layer.rules:
                rows.append((
                    name, layer.name, r.lever, *values(r).values(), "+".join(r.drugs), r.hospitals, r.strength, r.clause, r.kind,
                ))  # fmt: skip
    columns = [
        "policy", "document", "lever", "value", "value_en", "value_zh", "drugs", "hospitals", "strength", "clause", "kind",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def write_tidy(table: pd.DataFrame, folder: Path, name: str) -> None:
    """One table as CSV (with the mark by which Excel knows UTF-8) and Parquet, each moved into place when whole."""
    with beside(folder_at(folder) / f"{name}.csv") as part:
        harmless(table).to_csv(part, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    write_table(pa.Table.from_pandas(table, preserve_index=False), folder / f"{name}.parquet")
