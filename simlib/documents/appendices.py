"""The handout's appendices: the reporting checklist, all assumed numbers, and what ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from simlib.documentation.facts import Facts
from simlib.documentation.flow_drawing import flow_figure
from simlib.documentation.stress import ROWS, stress_nodes
from simlib.documentation.words import words as documentation_words
from simlib.documents.parts import parts_of
from simlib.experiments.study import Study
from simlib.report.tables import assumptions_table
from simlib.words import Words
from simlib.words.nodes import Node, Picture, Text


def stress(study: Study, w: Words, figures: Mapping[str, Figure]) -> list[Node]:
    """All rows of STRESS-DES, filled from code, data and the run's manifest, after the drawn flow."""
    said = documentation_words(w.language)
    rows = stress_nodes(Facts((study.experiment,), study.manifest), said, level=3)
    intro = Text(said.say("stress_appendix_intro", count=len(ROWS)))
    return [intro, Picture(flow_figure(said), said["diagram_alt"]), *parts_of(rows)]


def numbers(study: Study, w: Words, figures: Mapping[str, Figure]) -> list[Node]:
    """Every assumed number with value, range and reason."""
    return list(parts_of([assumptions_table(study.scenario.assumptions, w)]))


def manifest_rows(manifest: Mapping[str, Any], w: Words) -> tuple[tuple[str, str], ...]:
    """What a reader needs of a manifest; () where there is none."""
    if not manifest:
        return ()
    found = {
        "experiment": manifest.get("experiment"), "small": w["yes" if manifest.get("small") else "no"],
        "seed": manifest.get("seed"), "calendar": _status(manifest, w), "code": _listed(manifest.get("code")),
        "lock": manifest.get("lock"), "machine": _machine(manifest, w), "packages": _listed(manifest.get("packages")),
        "scenarios": _scenarios(manifest), "seals": _seals(manifest), "failed": _listed(manifest.get("failed")),
        "finished": (manifest.get("seconds") or {}).get("finished"),
    }  # fmt: skip
    return tuple((w[f"manifest_{k}"], str(v)) for k, v in found.items() if v not in (None, ""))


def _status(manifest: Mapping[str, Any], w: Words) -> str:
    status = manifest.get("calendar_status", "")
    return w.get(f"status_{status}", status)


def _machine(manifest: Mapping[str, Any], w: Words) -> str:
    machine = manifest.get("machine") or {}
    return w.say("manifest_machine_said", **machine) if {"system", "cores", "memory"} <= set(machine) else ""


def _scenarios(manifest: Mapping[str, Any]) -> str:
    ran = manifest.get("scenarios") or {}
    return "\n".join(f"{name}: {said.get('replications', '')}".rstrip(": ") for name, said in sorted(ran.items()))


def _seals(manifest: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {key}" for name, key in sorted((manifest.get("seals") or {}).items()))


def _listed(data: Mapping[str, Any] | None) -> str:
    return ", ".join(f"{k} {v}" for k, v in sorted((data or {}).items()) if v is not None)
