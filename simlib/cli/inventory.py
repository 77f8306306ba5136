"""What `simlib list` names: one row a thing, with its title in both languages.

Each kind loads what it reads when it is asked for: titles need only YAML, scenarios the experiments, assumptions the
policies. None needs numba, pandas or scipy, so that the list and a shell's completion come at once.
"""

from __future__ import annotations

from collections.abc import Callable

from simlib.core.files import read_yaml, scenario_files, scenarios

Row = dict[str, str]
SAID = {"hoped": "hoped-for", "full": "full", "default": "default", "none": "no"}


def rows(kind: str) -> list[Row]:
    """All things of a kind (one of `KINDS`): name, en, zh."""
    return _ROWS[kind]()


def _titled(folder: str) -> list[Row]:
    out = []
    for path in sorted((scenarios() / folder).glob("*.yaml")):
        title = read_yaml(path).data.get("title") or {}
        out.append({"name": path.stem, "en": title.get("en", path.stem), "zh": title.get("zh", "")})
    return out


def _scenarios() -> list[Row]:
    from simlib.scenario.experiment_files import load_experiment
    from simlib.scenario.experiment_files import names as experiment_names

    out: dict[str, Row] = {}
    for experiment in experiment_names():
        for c in load_experiment(experiment).cells:
            text = f"{c.region} under {c.policy}, {SAID[c.obedience]} obedience"
            text += f", read as {c.reading}" if c.reading else ""
            out.setdefault(c.name, {"name": c.name, "en": text, "zh": ""})
    for name in scenario_files():
        out.setdefault(name, {"name": name, "en": "scenario file", "zh": ""})
    return list(out.values())


def _levers() -> list[Row]:
    from simlib.policy.levers import LEVERS

    out = []
    for lever in LEVERS.values():
        values = f": {', '.join(lever.allowed)}" if lever.allowed else f" in {lever.unit}" if lever.unit else ""
        text = f"{lever.title.en} [{lever.kind}{values}; {lever.binds}; stage {lever.stage}]"
        out.append({"name": lever.name, "en": text, "zh": lever.title.zh})
    return out


def _readings() -> list[Row]:
    from simlib.policy.readings import readings

    out = []
    for code, r in readings().items():
        others = ", ".join(o.name for o in r.others) or "no other"
        out.append({"name": code, "en": f"{r.question.en} [{r.default.name}; or {others}]", "zh": r.question.zh})
    return out


def _indicators() -> list[Row]:
    from simlib.outcomes.dictionary import INDICATORS

    return [{"name": i.name, "en": f"{i.en} [{i.unit}]", "zh": i.zh} for i in INDICATORS.values()]


def _assumptions() -> list[Row]:
    from simlib.documentation.register import register

    out = []
    for e in register():
        unit = f" {e.unit[0]}" if e.unit[0] else ""
        span = f"; {' to '.join(e.span)}" if e.span else ""
        why = f": {e.reason[0]}" if e.reason[0] else ""
        text = f"{e.path} = {e.value[0]}{unit} [{e.kind}{span}] {e.name[0]}{why}"
        out.append({"name": e.id, "en": text, "zh": e.name[1] + (f"：{e.reason[1]}" if e.reason[1] else "")})
    return out


_ROWS: dict[str, Callable[[], list[Row]]] = {
    "scenarios": _scenarios,
    "policies": lambda: _titled("policies"),
    "regions": lambda: _titled("regions"),
    "cohorts": lambda: _titled("cohorts"),
    "experiments": lambda: _titled("experiments"),
    "variants": lambda: _titled("variants"),
    "readings": _readings,
    "levers": _levers,
    "indicators": _indicators,
    "assumptions": _assumptions,
}

KINDS = tuple(_ROWS)
