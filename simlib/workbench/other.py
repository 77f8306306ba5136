"""Changes that are no rules, for reading: readings, assumed numbers and keys of the scenario, with what stood before."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from simlib.core.files import InputError
from simlib.core.numerals import grouped
from simlib.policy.readings import readings
from simlib.scenario.layers import READING
from simlib.scenario.scenario import Scenario, ScenarioFile
from simlib.words import Words
from simlib.workbench.session import Session
from simlib.world.assumptions import Assumption

_last: dict[str, Scenario] = {}  # by the key of its spec


def other_rows(session: Session, w: Words) -> list[list[str]]:
    """(what, as written, now) of each change that is no rule."""
    changes = session.other_changes()
    scenario = _written(session) if changes else None
    return [row for key, value in changes.items() for row in _rows(key, value, scenario, w)]


def _rows(key: str, value: Any, scenario: Scenario | None, w: Words) -> list[list[str]]:
    if key.startswith(READING):
        return [_reading(key.removeprefix(READING), str(value), w)]
    if key in ScenarioFile.model_fields:
        return [[w.get(f"key_{key}", key), "", plain(value, w)]]
    known = {a.path: a for a in scenario.assumptions} if scenario else {}
    if isinstance(value, Mapping) and all(
        f"{key}.{k}" in known for k in value
    ):  # numbers of their own, such as by level
        return [row for k, v in value.items() for row in _rows(f"{key}.{k}", v, scenario, w)]
    return [[_title(key, known.get(key), w), _was(key, scenario, w), plain(value, w)]]


def _reading(code: str, name: str, w: Words) -> list[str]:
    """The question, the default answer and the chosen one."""
    known = readings().get(code)
    if known is None:
        return [READING + code, "", name]
    chosen = next((o for o in known.others if o.name == name), known.default)
    return [getattr(x, w.language) for x in (known.question, known.default, chosen)]


def _title(path: str, found: Assumption | None, w: Words) -> str:
    """What an assumed number is, by the register; its path where the register has none."""
    return found.title(w.language) if found else path


def _was(path: str, scenario: Scenario | None, w: Words) -> str:
    """An assumed number as written, "" where it is not known."""
    tree: Any = scenario.parameters.model_dump(mode="json", by_alias=True) if scenario else None
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return "" if tree is None else plain(tree, w)


def _written(session: Session) -> Scenario | None:
    """The scenario as written, where it can be loaded; the last one is kept, since every move asks for it."""
    spec = session.written_spec()
    if spec.key not in _last:
        _last.clear()
        with contextlib.suppress(InputError):
            _last[spec.key] = spec.load()
    return _last.get(spec.key)


def plain(value: Any, w: Words) -> str:
    """A value of a file for reading: no quotes, no braces."""
    if isinstance(value, Mapping):
        return w["and_then"].join(f"{str(k).replace('_', ' ')}{w['is_']}{plain(v, w)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return w["and_then"].join(plain(v, w) for v in value)
    if isinstance(value, bool):
        return w["yes" if value else "no"]
    return grouped(f"{value:.6g}" if isinstance(value, float) else str(value))
