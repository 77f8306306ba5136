"""Rows 4.1 to 6.1 of the checklist: how the model is run, with what, and how to get it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simlib.documentation.blocks import paragraph, table
from simlib.documentation.facts import Facts, quantities, value_of
from simlib.documentation.words import Words
from simlib.words.nodes import Node


def initial(f: Facts, w: Words) -> list[Node]:
    """4.1: warm-up and what stands at the start."""
    s = f.scenario
    text = w.say(
        "initial_text", start=s.calendar.start, policy_from=s.calendar.date(s.policy_from), days=f"{s.policy_from:g}",
        backlog=value_of("committee.backlog"), look_back=value_of("catalogue.look_back_years"),
    )  # fmt: skip
    return [paragraph(text)]


def length(f: Facts, w: Words) -> list[Node]:
    """4.2: first and last day."""
    s = f.scenario
    end = s.calendar.date(s.horizon - 1)
    return [paragraph(w.say("length_text", start=s.calendar.start, end=end, days=f"{s.horizon:g}"))]


def estimation(f: Facts, w: Words) -> list[Node]:
    """4.3: replications of every experiment."""
    said = []
    for e in f.experiments:
        numbers = w["or"].join(map(str, f.replications(e)))
        said.append(w.say("replications_of", experiment=getattr(e.file.title, w.language), numbers=numbers))
    return [paragraph(w.say("estimation_text", replications=w["semicolon"].join(said)))]


def software(f: Facts, w: Words) -> list[Node]:
    """5.1: packages with versions."""
    rows = [(name, version) for name, version in f.versions.items() if name != "system"]
    said = w["software_ran" if f.manifest.get("packages") else "software_locked"]
    return [paragraph(w["software_text"]), paragraph(said), table([w["col_package"], w["col_version"]], rows)]


def sampling(f: Facts, w: Words) -> list[Node]:
    """5.2: the generator and the quantities that it draws."""
    found = quantities()
    seed = f.manifest.get("seed")
    text = (
        w.say("random_text_no_seed", count=len(found))
        if seed is None
        else w.say("random_text", count=len(found), seed=str(seed))
    )
    return [paragraph(text), paragraph(w["comma"].join(f"`{name}`" for name in found))]


def execution(f: Facts, w: Words) -> list[Node]:
    """5.3: events and their order."""
    return [paragraph(w["execution_text"])]


def system(f: Facts, w: Words) -> list[Node]:
    """5.4: seconds and machine of the run; the stored page speaks of no machine."""
    ran: Mapping[str, Any] = f.manifest.get("scenarios", {})
    took = [s for s in ran.values() if "simulation_seconds" in s]
    if not took:
        return [paragraph(w["system_stored"])]
    text = w.say(
        "system_ran", simulation=f"{sum(s['simulation_seconds'] for s in took):.0f}", scenarios=len(took),
        slowest=f"{max(s.get('seconds', 0) for s in took):.0f}", system=_machine(f.manifest, w),
    )  # fmt: skip
    return [paragraph(text)]


def _machine(manifest: Mapping[str, Any], w: Words) -> str:
    machine = manifest.get("machine")
    return w.say("system_machine", **machine) if machine else manifest.get("packages", {}).get("system", w["unknown"])


def access(f: Facts, w: Words) -> list[Node]:
    """6.1: licence, what is needed, and the code that ran."""
    blocks: list[Node] = [paragraph(w["access_text"])]
    code = f.manifest.get("code")
    if code:
        commit = (code.get("commit") or w["unknown"])[:12]
        text = w.say("access_ran", version=code["simlib"], commit=commit, sources=code["sources"])
        blocks.append(paragraph(text + (" " + w["access_changed"] if code.get("changed_since_commit") else "")))
    return blocks


ROWS = {
    "4.1": initial, "4.2": length, "4.3": estimation, "5.1": software, "5.2": sampling, "5.3": execution, "5.4": system,
    "6.1": access,
}  # fmt: skip
