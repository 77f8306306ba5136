"""What a rule of a policy file has to fulfil beyond its shape: days, one value a day, ranges, regions, clauses, documents.

What does not is a `Fault` at its key path in the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from simlib.core.complaints import nearest_path
from simlib.core.durations import parse_limit
from simlib.core.files import Fault, InputError, nearest, one_of, scenarios, shown
from simlib.policy.levers import LEVERS, TRIGGERS, Lever
from simlib.policy.places import NATIONAL
from simlib.policy.rules import Layer, Rule

YIELDS = (
    "earlier_yields"  # said of earlier documents of the place: its rules replace theirs (`simlib.policy.replacement`)
)
PRACTICE = "practice"  # the document of what was done before the reforms; it has no clauses


def unknown_lever(name: str) -> str:
    """The words of a complaint about a key of `rules` that is no lever, with what was probably meant."""
    duties = {f"committee.duty.{t}": f"; did you mean 'committee.duty' with an entry '{t}'?" for t in TRIGGERS}
    known = ["committee.duty", *(n for n in LEVERS if n not in duties)]
    alike = [n for n in known if n.split(".")[-1] == name.split(".")[-1]]  # the right word under another stage
    if duty := get_close_matches(name, duties, n=1, cutoff=0.85):
        words = duties[duty[0]]
    else:
        words = nearest(name, alike) or nearest_path(name, known)
    return f"unknown lever{words} (simlib list levers names all {len(known)})"


def check_days(path: tuple, rule: Rule, layer: Layer) -> None:
    """A rule's own days lie within its document's, in order."""
    if rule.start and rule.end and rule.end < rule.start:
        raise Fault((*path, "to"), f"the end {rule.end} is before the start {rule.start}")
    for key, day in (("from", rule.start), ("to", rule.end)):
        if day and ((layer.start and day < layer.start) or (layer.end and day > layer.end)):
            raise Fault((*path, key), f"{day} is outside the document's days ({layer.start} to {layer.end or 'open'})")


def check_once(rules: list[tuple[tuple, Rule]]) -> None:
    """No two values of one lever for the same drugs and hospitals on one day (words of a set add up)."""
    seen: dict[tuple, list[Rule]] = {}
    for path, rule in rules:
        key = (rule.lever, rule.drugs, rule.hospitals, rule.only)
        for other in seen.setdefault(key, []):
            apart = (rule.end and other.start and rule.end < other.start) or (
                other.end and rule.start and other.end < rule.start
            )
            if not apart and rule.value != other.value and rule.definition.kind != "set":
                day = max((d for d in (rule.start, other.start) if d), default="the start")
                raise Fault(
                    path,
                    f"two values from {day} on ({other.said} on line {other.source.line}); give each its from and to",
                )
        seen[key].append(rule)


def check_range(path: tuple, lever: Lever, raw: Any, ends: list) -> None:
    """An assumed value lies in its own range: between its ends if it has a size, else among its words."""
    if lever.kind in ("flag", "choice", "set"):
        for word in ends:
            if lever.allowed and word not in lever.allowed:
                raise Fault(path, one_of(str(word), lever.allowed, "value"))
        inside = all(word in ends for word in (raw if isinstance(raw, list) else [raw]))
    else:
        values = raw.values() if isinstance(raw, dict) else [raw]
        try:
            (low, unit), (high, other) = (_size(lever, end) for end in ends)
            sizes = [_size(lever, value) for value in values]
        except ValueError as e:
            words = str(e) if "duration" in str(e) else "expected [lowest, highest], in the unit of the value"
            raise Fault(path, words) from None
        if {unit, other} != {u for _, u in sizes}:
            raise Fault(path, f"{_listed(ends)} is not in the unit of the value {raw!r}")
        inside = all(low <= size <= high for size, _ in sizes)
    if not inside:
        raise Fault(path, f"the value {raw!r} lies outside its own range {_listed(ends)}")


def _size(lever: Lever, value: Any) -> tuple[float, str]:
    if lever.kind == "limit":
        return parse_limit(str(value))
    if isinstance(value, (str, bool)):
        raise ValueError(value)
    return float(value), ""


def _listed(ends: list) -> str:
    return f"[{', '.join(str(e) for e in ends)}]"


def check_only(path: tuple, only: list[str]) -> None:
    """`only` names regions that there are."""
    regions = [p.stem for p in (scenarios() / "regions").glob("*.yaml")] if only else []
    for i, region in enumerate(only):
        if region not in regions:
            raise Fault((*path, i), one_of(region, regions, "region"))


def check_clauses(name: str, cited: list[tuple[tuple, str]]) -> None:
    """Clauses (key path, id) of a document that `documents.csv` knows are among those that it has."""
    known = {row["id"] for row in _rows("clauses") if row["document"] == name}
    for path, clause in cited if known else ():
        if clause not in known:
            raise Fault(path, f"{name} has no clause {clause!r}{near_clause(clause, known)} (simlib clauses {name})")


def stack_complaint(layers: Sequence[Layer]) -> tuple[Layer, str] | None:
    """What is wrong with documents on each other, lowest first: which of them, and its key with the reason; None for nothing.

    Each is a document of its own. One that says that earlier ones of its place yield, and stands on local ones, stands on one
    of its place; the first local document has none to replace, whatever it says. What held before stands on no reform.
    """
    for n, layer in enumerate(layers):
        below = layers[:n]
        if same := next((x for x in below if _document(x) == _document(layer) != PRACTICE), None):
            words = f"is that of {same.name} too, on which it stands; a later notice is a document of its own"
            return layer, f"document: {_document(layer)!r} {words}"
        if layer.baseline and (reform := next((x for x in below if not x.baseline), None)):
            return layer, f"baseline: it cannot have held before {reform.name}, on which it stands"
        own = [x for x in below if x.place == layer.place]
        local = list(dict.fromkeys(x.place for x in below if x.place != NATIONAL))
        if layer.stacking == YIELDS and local and not own:
            words = f"{layer.place!r} is that of no document on which it stands, so that no earlier one yields"
            return layer, f"place: {words}; theirs: {', '.join(local)}"
    return None


def check_order(layers: Sequence[Layer]) -> None:
    """InputError for a document that is in force before one of its place that it replaces; layers: lowest first."""
    for n, layer in enumerate(layers):
        for earlier in layers[:n] if layer.stacking == YIELDS else ():
            if earlier.place == layer.place and layer.start and earlier.start and layer.start < earlier.start:
                words = f"{layer.start} is before {earlier.start}, the day of {earlier.name}, which it replaces"
                raise InputError(
                    f"{layer.at('in_force')}: in_force.from: {words}; a later notice stands on an earlier one"
                )


def _document(layer: Layer) -> str:
    return layer.rules[0].document if layer.rules else PRACTICE


def stored_with(clause: str) -> set[str]:
    """The documents that `clauses.csv` knows to have a clause of that name."""
    return {row["document"] for row in _rows("clauses") if row["id"] == clause}


def near_clause(clause: str, known: Iterable[str]) -> str:
    """As `nearest`, for clauses: SC-1b is SC-01b rather than SC-10b."""

    def bare(text: str) -> str:
        return re.sub(r"-0+(?=\d)", "-", text)

    alike = [k for k in known if bare(k) == bare(clause)]
    return nearest(clause, alike or sorted(known))


def check_source(name: str, source: str | None) -> None:
    """A policy file of a document that `documents.csv` does not know says where to find it."""
    known = [row["id"] for row in _rows("documents")]
    if name not in known and not source:
        raise Fault(
            ("document",),
            f"unknown document {name!r}{nearest(name, known)} (one that scenarios/documents.csv does not name needs "
            "`source:`, a text that says where it can be found)",
        )


def _rows(table: str) -> tuple[dict[str, str], ...]:
    path = scenarios() / f"{table}.csv"
    if not path.is_file():
        raise InputError(f"{shown(path)}: no such file")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _modified: int) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return tuple(csv.DictReader(f))
