"""JSON Schemas of the files of `scenarios/`, for editors: made from the definitions that loading uses.

``python -m simlib.scenario.schema`` writes `scenarios/schema/*.json`; every file's first line names its own, so that an editor
with a YAML language server completes keys, shows what each lever means and underlines what cannot be.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from simlib.core.files import scenarios
from simlib.policy.levers import LEVERS, STRENGTHS, TRIGGERS, Lever
from simlib.policy.load import Entry, PolicyFile
from simlib.policy.readings import ReadingsFile, readings
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.scenario.experiment_files import ExperimentFile
from simlib.scenario.scenario import ScenarioFile
from simlib.scenario.variants import VariantFile
from simlib.world.cohort import Cohort
from simlib.world.parameters import Parameters
from simlib.world.region import Region

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LIMIT = r"^\s*[0-9]+(\.[0-9]+)?\s*(working[ _]days?|days?|months?|weeks?|years?)\s*$"
FOLDERS = {
    "policy": "policies",
    "region": "regions",
    "cohort": "cohorts",
    "experiment": "experiments",
    "variant": "variants",
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of every kind of file, by kind."""
    made = {
        "policy": _policy(), "region": _of(Region), "cohort": _of(Cohort), "scenario": _scenario(),
        "experiment": _of(ExperimentFile), "variant": _variant(), "readings": _of(ReadingsFile),
    }  # fmt: skip
    return {kind: {"$schema": DIALECT, "title": f"simlib {kind}", **schema} for kind, schema in made.items()}


def _of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    if "format" in schema.get("properties", {}) and "format" not in schema.setdefault("required", []):
        schema["required"].append("format")  # a stored file says its version
    return schema


def _policy() -> dict[str, Any]:
    schema = _of(PolicyFile)
    entry = Entry.model_json_schema(by_alias=True)
    shared = {k: v for k, v in entry["properties"].items() if k not in ("value", "within", "strength", "scope")}
    shared |= {"strength": {"enum": list(STRENGTHS)[::-1]}, "scope": _scope(False), "scope_hospitals": _scope(True)}
    defs = schema.setdefault("$defs", {}) | entry.get("$defs", {}) | {f"rule.{k}": v for k, v in shared.items()}
    defs |= {n: _rule(lever, shared) for n, lever in LEVERS.items() if lever.kind != "header"}
    rules = {n: _one_or_more(n) for n, lever in LEVERS.items() if not _apart(lever)}
    duties = {t: _one_or_more(f"committee.duty.{t}") for t in TRIGGERS}
    rules["committee.duty"] = {"type": "object", "properties": duties, "additionalProperties": False}
    schema["$defs"] = defs
    schema["properties"]["rules"] = {"type": "object", "properties": rules, "additionalProperties": False}
    return schema


def _apart(lever: Lever) -> bool:
    """Whether a lever is written elsewhere than under its own name: in the head, or under committee.duty."""
    return lever.kind == "header" or lever.name.startswith("committee.duty.")


def _one_or_more(name: str) -> dict[str, Any]:
    """One rule of a lever, or several in a list."""
    one = {"$ref": f"#/$defs/{name}"}
    return {"description": LEVERS[name].says.en, "oneOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _rule(lever: Lever, shared: dict[str, Any]) -> dict[str, Any]:
    """The keys of one rule of a lever."""
    key = "within" if lever.name.startswith("committee.duty.") else "value"
    properties = {k: {"$ref": f"#/$defs/rule.{k}"} for k in shared if k != "scope_hospitals"}
    if lever.by_hospital:
        properties["scope"] = {"$ref": "#/$defs/rule.scope_hospitals"}
    return {
        "type": "object", "properties": properties | {key: _value(lever)}, "required": [key, "strength", "clause", "kind"],
        "additionalProperties": False, "title": f"{lever.title.en} · {lever.title.zh}",
        "description": f"{lever.says.en} {lever.says.zh}",
    }  # fmt: skip


def _value(lever: Lever) -> dict[str, Any]:
    """What a lever's value may be."""
    match lever.kind:
        case "flag":
            return {"type": "boolean"}
        case "limit":
            return {"type": "string", "pattern": LIMIT, "examples": ["15 working days", "1 month"]}
        case "count":
            return {"type": "integer", "minimum": lever.low or 0, "maximum": lever.high or 366}
        case "share" | "number":
            return {"type": "number", "minimum": lever.low or 0.0} | (
                {} if lever.high is None else {"maximum": lever.high}
            )
        case "choice":
            return {"enum": list(lever.allowed)}
        case "schedule":
            keys = {"propertyNames": {"enum": list(lever.allowed)}} if lever.allowed else {}
            return {"type": "object", "additionalProperties": {"type": "number"}, **keys}
    words = {"enum": list(lever.allowed)}
    return {"type": "array", "items": words, "uniqueItems": True}


def _scope(by_hospital: bool) -> dict[str, Any]:
    drugs = "|".join(DRUG_SCOPES)
    hospitals = "|".join(HOSPITAL_SCOPES)
    tail = rf"(/({hospitals})(&({hospitals}))*)?" if by_hospital else ""
    said = "drugs, joined by +" + ("; after a slash hospitals, joined by &" if by_hospital else "")
    return {"type": "string", "pattern": rf"^({drugs})(\+({drugs}))*{tail}$", "description": said}


def _changes() -> dict[str, Any]:
    """Keys that a change may have; completed by an editor, checked in full on loading."""
    groups = ((g, f.annotation.model_fields) for g, f in Parameters.model_fields.items())
    numbers = {f"{group}.{leaf}": {} for group, fields in groups for leaf in fields}
    levers = {n: {"description": lever.says.en} for n, lever in LEVERS.items() if lever.kind != "header"}
    codes = {f"readings.{c}": _answers(c) for c in readings()}
    return {"type": "object", "properties": numbers | levers | codes}


def _answers(code: str) -> dict[str, Any]:
    r = readings()[code]
    return {"enum": [r.default.name, *(o.name for o in r.others)], "description": r.question.en}


def _scenario() -> dict[str, Any]:
    schema = _of(ScenarioFile)
    schema["properties"]["changes"] = _changes()
    answers = {c: _answers(c) for c in readings()}
    schema["properties"]["readings"] = {"type": "object", "properties": answers, "additionalProperties": False}
    return schema


def _variant() -> dict[str, Any]:
    schema = _of(VariantFile)
    schema["properties"]["changes"] = _changes()
    return schema


def as_text(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_schemas(folder: Path | None = None) -> list[Path]:
    """Write all schemas; their paths."""
    folder = folder or scenarios() / "schema"
    folder.mkdir(exist_ok=True)
    paths = []
    for kind, schema in schemas().items():
        paths.append(folder / f"{kind}.json")
        paths[-1].write_text(as_text(schema), encoding="utf-8")
    return paths


if __name__ == "__main__":
    for path in write_schemas():
        print(path)
