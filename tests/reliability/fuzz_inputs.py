"""The inputs of the fuzzer: for every kind of file, documents drawn from the whole vocabulary, most of which are sound."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from simlib.core.files import read_yaml, scenarios
from simlib.policy.levers import LEVERS, STRENGTHS, Lever
from simlib.policy.load import names as policies
from simlib.policy.readings import readings
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.world.cohort import CLASSES
from simlib.world.parameters import Parameters
from simlib.world.region import AREAS, OWNERS, PLACES, TYPES

REGIONS = ("beijing", "chongqing", "guangzhou", "sichuan", "nation")
TITLE = {"en": "Fuzz", "zh": "试"}
DAYS = 600  # of a run


@dataclass(frozen=True)
class Input:
    """What is tried: files by name, the first of which is the one that is tried; how: other things to know.

    A file is a tree (written as YAML), a list of rows (of a table) or bytes.
    """

    kind: str
    files: dict[str, Any]
    how: dict[str, Any] = field(default_factory=dict)


Rng = random.Random
Maker = Callable[[Rng], Input]


# ---- numbers


def number(rng: Rng, low: float, high: float, whole: bool = False) -> float:
    """A number within its bounds, one in three at one of them."""
    edges = [low, high, min(high, low + (1 if whole else 1e-6))]
    near, far = max(low, -1e3), min(high, 1e3)
    x = rng.choice(edges) if rng.random() < 0.3 else rng.uniform(near, far) if near <= far else low
    if rng.random() < 0.2 and high > 0:
        least = max(low, 1e-6)
        x = min(high, least * (high / least) ** rng.random()) if high > least else high
    return max(int(low), min(int(high), int(x))) if whole else float(x)


def duration(rng: Rng) -> Any:
    """Any distribution, short or long."""
    mean = rng.choice([0.01, 1, 7.5, 30, 200, 5000])
    shapes: list[dict[str, Any]] = [
        {"constant": rng.choice([0, mean])}, {"uniform": {"low": 0, "high": mean}}, {"exponential": {"mean": mean}},
        {"lognormal": {"median": mean, "sigma": rng.choice([0.01, 0.5, 5])}}, {"gamma": {"mean": mean, "sd": mean * rng.choice([0.01, 1, 90])}},
        {"lognormal": {"mean": mean, "sd": mean * rng.choice([0.1, 3])}}, {"weibull": {"mean": mean, "sd": mean * rng.choice([0.01, 1, 90])}},
        {"empirical": [rng.choice([0, 1, mean]) for _ in range(rng.randrange(1, 4))]},
    ]  # fmt: skip
    if rng.random() < 0.2:
        return f"{rng.choice([0, 1, 15, 0.5])} {rng.choice(['days', 'working days', 'months', 'week'])}"
    return rng.choice(shapes) | {"unit": rng.choice(["days", "working_days", "months"])}


@cache
def _schema() -> dict[str, Any]:
    return Parameters.model_json_schema(by_alias=True)


def by_schema(rng: Rng, schema: dict[str, Any]) -> Any:
    """A value that a JSON schema allows, as far as it says so."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return duration(rng) if name == "Duration" else by_schema(rng, _schema()["$defs"][name])
    if "anyOf" in schema:
        return by_schema(rng, rng.choice(schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else rng.choice(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return rng.random() < 0.5
        case "integer" | "number":
            low = schema.get("minimum", schema.get("exclusiveMinimum", -1e3))
            return number(rng, low, schema.get("maximum", 1e3), schema["type"] == "integer")
        case "object":
            return _object(rng, schema)
        case "array":
            return [by_schema(rng, schema["items"]) for _ in range(rng.randrange(1, 4))]
    return None


def _object(rng: Rng, schema: dict[str, Any]) -> dict[str, Any]:
    if "properties" in schema:
        return {k: by_schema(rng, s) for k, s in schema["properties"].items()}
    names = schema.get("propertyNames", {})
    names = names.get("enum") or [names["const"]]
    return {k: by_schema(rng, schema["additionalProperties"]) for k in names if rng.random() < 0.8}


@cache
def leaves() -> dict[str, dict[str, Any]]:
    """The schema of every assumed number, by path."""
    defs, out = _schema()["$defs"], {}
    for group, ref in _schema()["properties"].items():
        for leaf, schema in defs[ref["$ref"].rsplit("/", 1)[1]]["properties"].items():
            out[f"{group}.{leaf}"] = schema
    return out


def parameters(rng: Rng) -> dict[str, Any]:
    """Some assumed numbers set anew, by group."""
    out: dict[str, Any] = {}
    for path in rng.sample(list(leaves()), rng.choice([0, 1, 2, 5, 12])):
        group, leaf = path.split(".")
        out.setdefault(group, {})[leaf] = by_schema(rng, leaves()[path])
    if rng.random() < 0.5:
        out.setdefault("asking", {}).setdefault("lambda0", 20.0)
    return out


# ---- rules


def value_of(rng: Rng, lever: Lever) -> Any:
    """A value of a lever, most often one that changes something."""
    low, high = lever.bounds
    match lever.kind:
        case "flag":
            return rng.random() < 0.85
        case "limit":
            units = ["days", "working days", "months", "weeks", "years"]
            return (
                f"{rng.choice([1, 2, 15, 30, 0.5, 90, 100])} {rng.choice(units[:4] if rng.random() < 0.9 else units)}"
            )
        case "choice":
            return rng.choice(lever.allowed)
        case "set":
            return rng.sample(lever.allowed, rng.randrange(1, len(lever.allowed) + 1))
        case "schedule":
            keys = lever.allowed or tuple(str(y) for y in range(2017, 2029))
            return {
                k: number(rng, 0, 1 if k.startswith("share") else rng.choice([5, high]))
                for k in rng.sample(keys, rng.randrange(1, min(4, len(keys)) + 1))
            }
    return number(
        rng, low if lever.low is not None else 0, high if lever.high is not None else 100, lever.kind == "count"
    )


def scope(rng: Rng, lever: Lever) -> str:
    """Some drugs, and some hospitals where the lever differs by them."""
    drugs = "+".join(rng.sample(list(DRUG_SCOPES), rng.choice([1, 1, 1, 2, 3])))
    if lever.by_hospital and rng.random() < 0.4:
        return f"{drugs}/{'&'.join(rng.sample(list(HOSPITAL_SCOPES), rng.choice([1, 1, 2, 3])))}"
    return "all" if rng.random() < 0.4 else drugs


def day(rng: Rng, first: int = 0, last: int = DAYS) -> date:
    """A day of the run, or of the years around it."""
    return date(2023, 7, 1) + timedelta(rng.randrange(first, last))


RELIEFS = (
    "committee.temporary_channel",
    "committee.direct_inclusion",
    "committee.provision_target",
    "committee.duty_to_stock",
)


def entry(rng: Rng, lever: Lever) -> dict[str, Any]:
    """One rule of a lever."""
    value = value_of(rng, lever)
    made = {
        "within" if lever.name.startswith("committee.duty.") else "value": value, "scope": scope(rng, lever),
        "strength": rng.choice(STRENGTHS[::-1] if rng.random() < 0.5 else STRENGTHS[-1:]), "clause": rng.choice(["a", "12", "F-1"]), "kind": "stated",
    }  # fmt: skip
    if rng.random() < 0.15:
        made["from"] = day(rng)
    if rng.random() < 0.1:
        made["to"] = day(rng, DAYS // 2, DAYS * 2)
    if rng.random() < 0.1:
        made["only"] = rng.sample(REGIONS, 2)
    if lever.binds == "hospital" and rng.random() < 0.15:
        made["or"] = rng.choice([n for n in RELIEFS if n != lever.name])
    if rng.random() < 0.05:
        made |= {"kind": "assumed", "range": value if isinstance(value, list) else [value, value], "reason": "fuzz"}
    return made


def rules(rng: Rng, most: int = 8) -> dict[str, Any]:
    """Rules of a few levers, by lever; one in five of a stored document."""
    out: dict[str, Any] = {}
    for name in rng.sample([n for n, lever in LEVERS.items() if lever.kind != "header"], rng.randrange(1, most)):
        made = (
            entry(rng, LEVERS[name])
            if rng.random() < 0.85
            else [entry(rng, LEVERS[name]) for _ in range(rng.randrange(1, 4))]
        )
        if name.startswith("committee.duty."):
            out.setdefault("committee.duty", {})[name.removeprefix("committee.duty.")] = made
        else:
            out[name] = made
    if rng.random() < 0.2:
        stored = read_yaml(scenarios() / "policies" / f"{rng.choice(policies())}.yaml").data["rules"]
        out |= {k: stored[k] for k in rng.sample(list(stored), min(3, len(stored)))}
    return out


def policy(rng: Rng, name: str = "fuzz", on: list[str] | None = None) -> dict[str, Any]:
    """A document on some stored one, or on none."""
    made = {
        "format": 1, "name": name, "title": TITLE, "document": name, "source": "nowhere",
        "place": rng.choice([*REGIONS, "own"]), "rules": rules(rng),
    }  # fmt: skip
    if rng.random() < 0.8:
        made["on"] = rng.choice(on or policies())
    if rng.random() < 0.5:
        end = rng.choice(["open", day(rng, DAYS * 2, DAYS * 3)])
        made["in_force"] = {"from": day(rng, -900, 10), "to": end, "clause": "a"}
    if rng.random() < 0.3:
        how = [
            "none_stated",
            "earlier_yields",
            "implements_national_and_provincial",
            "most_favourable_highest_no_double",
        ]
        made["stacking"] = {"value": rng.choice(how), "clause": "a"}
    if rng.random() < 0.2:
        made["default_scope"] = rng.choice(list(DRUG_SCOPES))
    return made


# ---- worlds


def region(rng: Rng, name: str = "fuzz") -> dict[str, Any]:
    """A few hospitals of all kinds; rarely none, or one with a name."""
    strata = []
    for i in range(rng.choice([1, 2, 3, 4])):
        kind = rng.choice(TYPES)
        made = {
            "id": f"s{i}", "level": rng.choice([3, 3, 2, 1]), "type": kind, "owner": rng.choice(OWNERS), "place": rng.choice(PLACES),
            "count": rng.choice([1, 1, 2, 3, 0]), "beds": rng.choice([1, 60, 400, 2000]), "designated": rng.random() < 0.8,
            "kind": "assumed", "source": "fuzz",
        }  # fmt: skip
        if kind == "specialty" or rng.random() < 0.02:  # for others they are refused
            made["areas"] = rng.sample(AREAS, rng.randrange(1, 4))
        if rng.random() < 0.1:
            made |= {"count": 1, "name": f"Hospital {i}"}
        strata.append(made)
    made = {"format": 1, "name": name, "title": TITLE, "population_million": rng.choice([1e-6, 0.5, 30, 1400]), "strata": strata,
            "payment": rng.choice(["DRG", "DIP", "DRG or DIP"]), "cities": rng.choice([1, 3, 1000])}  # fmt: skip
    if rng.random() < 0.15:
        leaf = rng.choice([k.split(".")[1] for k in leaves() if k.startswith("listing.")])
        made["platform"] = {leaf: by_schema(rng, leaves()[f"listing.{leaf}"])}
    return made


def mix(rng: Rng) -> dict[str, Any]:
    """Of which kinds drugs are."""
    parts = lambda names: {n: rng.choice([1e-9, 0.3, 1, 1e9]) for n in rng.sample(names, rng.randrange(1, 4))}
    return {"classes": parts(CLASSES), "areas": parts(AREAS), "foreign": rng.choice([0, 0.3, 1])}


def cohort(rng: Rng) -> dict[str, Any]:
    """A few drugs, or projects."""
    kinds: list[dict[str, Any]] = [
        {"days": sorted(rng.uniform(0, DAYS) for _ in range(rng.randrange(1, 6)))}, {"days": [0, 0, 1, rng.randrange(DAYS)]},
        {"dates": [day(rng) for _ in range(rng.randrange(0, 5))]}, {"yearly_counts": {str(y): rng.randrange(0, 4) for y in (2023, 2024, 2025)}},
        {"poisson": {"per_day": rng.choice([1e-9, 0.005, 0.02]), "first": rng.choice([0, 100])}},
        {"pipeline": {"per_year": rng.choice([0.1, 1, 4]), "years_before": rng.choice([0, 1, 5])}},
        {"pipeline": {"days": [-200, 0, 3.5, 100], "years_before": 1}},
    ]  # fmt: skip
    made = rng.choice(kinds)
    return made | ({"mix": mix(rng)} if rng.random() < 0.2 else {})


def world(rng: Rng) -> dict[str, Any]:
    """A scenario of the least size, most of it as ever."""
    made: dict[str, Any] = {
        "format": 1, "name": "fuzz", "region": region(rng), "cohort": cohort(rng), "policy": rng.choice(policies()), "start": date(2023, 7, 1),
        "policy_from": rng.choice([0, 100, date(2024, 1, 1)]), "horizon_days": rng.choice([DAYS, DAYS, 370, 1]), "seed": rng.randrange(2**32),
        "obedience": rng.choice(["full", "full", "default", "none"]), "replications": 1,
    }  # fmt: skip
    if made["horizon_days"] == 1:
        made |= {"policy_from": 0}
    more: dict[str, Any] = {
        "calendar": "every_day", "as_dated": True, "rounds": None, "snapshots": [day(rng)], "start_from": "nothing", "parameters": parameters(rng),
        "readings": answers(rng), "count_until": rng.choice([day(rng, 365, 590), 580.5]),
    }  # fmt: skip
    return made | {k: v for k, v in more.items() if rng.random() < (0.06 if k == "start_from" else 0.25)}


def answers(rng: Rng) -> dict[str, str]:
    """Answers to some readings."""
    known = readings()
    names = {c: [known[c].default.name, *(o.name for o in known[c].others if not o.pending)] for c in known}
    return {c: rng.choice(names[c]) for c in rng.sample(list(known), rng.randrange(0, 4))}


# ---- changes


def changes(rng: Rng) -> dict[str, Any]:
    """Single changes by key, as `--set` takes them."""
    out: dict[str, Any] = {}
    for _ in range(rng.choice([1, 1, 2, 3])):
        out |= rng.choice([_of_rule, _of_rule, _of_number, _of_policy, _of_key])(rng)
    return out


def _of_rule(rng: Rng) -> dict[str, Any]:
    lever = LEVERS[rng.choice([n for n, lever in LEVERS.items() if lever.kind != "header"])]
    made = entry(rng, lever)
    key = "within" if "within" in made else "value"
    if rng.random() < 0.3:
        return {f"{lever.name}.{key}": made[key]}
    if rng.random() < 0.2:
        return {lever.name: "off", f"{lever.name}.strength": rng.choice(STRENGTHS)}
    return {lever.name: {k: v for k, v in made.items() if k in (key, "scope", "strength", "from", "to", "clause")}}


def _of_number(rng: Rng) -> dict[str, Any]:
    path = rng.choice(list(leaves()))
    return {path: by_schema(rng, leaves()[path])}


def _of_policy(rng: Rng) -> dict[str, Any]:
    word = lambda: rng.choice(list(DRUG_SCOPES))
    return rng.choice([
        {"without": [rng.choice(["SC-02a", "CN-03", "CN-10a", "national-2025-16:CN-03"])]}, {"stacking": rng.choice(["favourable", "local", "national"])},
        {"rescope": {word(): word()}}, {"restrict": rng.choice(list(HOSPITAL_SCOPES))}, {"delay": {"national": number(rng, 0, 3660)}},
        {"dates": {"national": {"from": day(rng), "to": rng.choice(["open", day(rng, DAYS, DAYS * 2)])}}},
    ])  # fmt: skip


def _of_key(rng: Rng) -> dict[str, Any]:
    code = rng.choice(list(readings()))
    drawn = world(rng)
    key = rng.choice(sorted(set(drawn) - {"parameters", "format", "name", "region"}))
    return rng.choice([{f"readings.{code}": answers(rng).get(code, readings()[code].default.name)}, {key: drawn[key]}])
