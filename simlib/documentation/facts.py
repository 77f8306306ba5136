"""What the documentation says of the project, gathered from its files, and what it says of a run, from its manifest."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from simlib.core import streams
from simlib.core.files import home, read_yaml, scenarios
from simlib.documentation.once import once
from simlib.documentation.register import numbers
from simlib.documentation.words import Words
from simlib.scenario.experiment_files import Experiment, load_experiment
from simlib.scenario.experiment_files import names as experiment_names
from simlib.scenario.scenario import Scenario, load_cell


@dataclass(frozen=True)
class Facts:
    """The experiments to speak of, and the manifest of the run of them ({} for the stored page)."""

    experiments: tuple[Experiment, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def scenario(self) -> Scenario:
        """One scenario, for what all of them share: dates and default numbers."""
        return load_cell(self.experiments[0].cells[0])

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the packages: those that ran, else those of the lock."""
        return dict(self.manifest.get("packages") or locked())

    def replications(self, experiment: Experiment) -> list[int]:
        """Numbers of replications of an experiment's scenarios, each once, as they ran or as the file has them."""
        ran = [s.get("replications") for s in self.manifest.get("scenarios", {}).values()]
        return sorted({n for n in ran if n} or {c.replications for c in experiment.cells})


def stored() -> Facts:
    """The facts of the stored pages: every experiment, no run."""
    return Facts(tuple(load_experiment(n) for n in experiment_names()))


@once
def locked() -> dict[str, str]:
    """Versions in requirements.lock of the packages that the project names; several, where they differ by Python."""
    project = tomllib.loads((home() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned: dict[str, list[str]] = {}
    for name, number in re.findall(r"^([\w.-]+)==([^\s;]+)", (home() / "requirements.lock").read_text("utf-8"), re.M):
        pinned.setdefault(_folded(name), []).append(number)
    wanted = [re.split(r"[<>=!~;\[ ]", w, maxsplit=1)[0] for w in project["dependencies"]]
    return {"python": project["requires-python"]} | {w: ", ".join(pinned[_folded(w)]) for w in wanted}


def _folded(name: str) -> str:
    return re.sub("[._]", "-", name.lower())


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of `scenarios/`."""
    with (scenarios() / name).open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


@once
def evidence_lines() -> dict[str, tuple[int, dict[str, str]]]:
    """Of each code of `scenarios/evidence.csv` the line on which it stands and its row."""
    found = {}
    with (scenarios() / "evidence.csv").open(encoding="utf-8-sig", newline="") as f:
        reader = csv.DictReader(f)
        start = 2
        for row in reader:
            found[row["id"]] = (start, row)
            start = reader.line_num + 1
    return found


def figure_of(row: dict[str, str], w: Words) -> tuple[str, str, str, str, str, str]:
    """(what, figure with unit, date, population, source, label) of a row of the evidence, in the language of the words."""
    if w.language == "zh":
        said = (
            row["quantity_zh"],
            row["figure_zh"],
            row["date_zh"],
            row["population_zh"],
            row["source_zh"] or row["source"],
        )
    else:
        said = (row["quantity"], f"{row['value']} {row['unit']}".strip(), row["date"], row["population"], row["source"])
    return *said, w[f"label_{row['label']}"]


@once
def titled(folder: str) -> tuple[dict[str, Any], ...]:
    """The data of every file of a folder of `scenarios/`, by name."""
    return tuple(read_yaml(p).data for p in sorted((scenarios() / folder).glob("*.yaml")))


def quantities() -> dict[str, int]:
    """The quantities that are drawn, by name, in the order of `simlib.core.streams`."""
    found = {n: v for n, v in vars(streams).items() if n.startswith("Q_") and isinstance(v, int)}
    return dict(sorted(found.items(), key=lambda nv: nv[1]))


def value_of(path: str, language: str = "en") -> str:
    """The default of one number of `scenarios/assumptions.yaml`; KeyError for an unknown path."""
    return {e.path: e for e in numbers()}[path].value[language == "zh"]
