"""Values and scopes of rules, from what a file or a change says to what a lever's kind wants."""

from __future__ import annotations

from typing import Any

from simlib.core.complaints import near_switch
from simlib.core.durations import parse_limit
from simlib.core.files import Fault, one_of
from simlib.core.hints import for_number, for_share
from simlib.policy.levers import YEARS, Lever
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES

_MOST = {"days": 36_525, "working_days": 36_525, "months": 1200}  # of a limit
IN_HEAD = "set in the file's head: in_force / stacking"


def lever_value(lever: Lever, raw: Any) -> Any:
    """A raw value as the lever's kind wants it; ValueError with what is allowed."""
    match lever.kind:
        case "flag":
            if not isinstance(raw, bool):
                raise ValueError(f"value {raw!r}: expected true or false{near_switch(raw)}")
            return raw
        case "limit":
            number, unit = parse_limit(str(raw))
            if number == 0 and lever.low != 0:
                raise ValueError(f"value {raw!r}: a limit is longer than nothing")
            if number > _MOST[unit]:
                raise ValueError(f"value {raw!r}: a limit is at most 100 years")
            return number, unit
        case "count":
            if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 366:
                raise ValueError(f"value {raw!r}: expected a whole number from 0 to 366{for_number(raw, whole=True)}")
            return raw
        case "share":
            if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= 1:
                raise ValueError(f"value {raw!r}: expected a share from 0 to 1{for_share(raw)}")
            return float(raw)
        case "number":
            return _bounded(raw, *lever.bounds, "value")
        case "schedule":
            return _schedule(lever, raw)
        case "header":
            raise ValueError(IN_HEAD)
        case "choice":
            if isinstance(raw, list):
                raise ValueError(f"value {raw!r}: expected one word, not a list; allowed: {', '.join(lever.allowed)}")
            if raw not in lever.allowed:
                raise ValueError(one_of(str(raw), lever.allowed, "value"))
            return raw
        case _:
            words = raw if isinstance(raw, list) else [raw]
            for word in words:
                if word not in lever.allowed:
                    raise ValueError(one_of(str(word), lever.allowed, "value"))
            return frozenset(words)


def _bounded(raw: Any, low: float, high: float, what: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not low <= raw <= high:
        raise ValueError(f"{what} {raw!r}: expected a number from {low:g} to {high:g}{for_number(raw)}")
    return float(raw)


def _schedule(lever: Lever, raw: Any) -> tuple[tuple[str | int, float], ...]:
    """Sorted (key, number) pairs; a key is one of the lever's words, or a year."""
    if not isinstance(raw, dict) or not raw:
        keys = ", ".join(lever.allowed) or "years"
        raise ValueError(f"value {raw!r}: expected a number for each of some keys ({keys})")
    pairs: dict[str | int, float] = {}
    low, high = lever.bounds
    for key, number in raw.items():
        top = 1.0 if str(key).startswith("share") else high  # a share beside amounts of money
        pairs[_schedule_key(lever, str(key))] = _bounded(number, low, top, f"value of {key}")
    return tuple(sorted(pairs.items()))


def _schedule_key(lever: Lever, key: str) -> str | int:
    if lever.allowed:
        if key not in lever.allowed:
            raise ValueError(one_of(key, lever.allowed, "key"))
        return key
    if not (key.isdecimal() and YEARS[0] <= int(key) <= YEARS[1]):
        raise ValueError(f"key {key!r}: expected a year from {YEARS[0]} to {YEARS[1]}")
    return int(key)


def _near_scope(word: str) -> str:
    """How words of a scope are put together, where one of them holds several or stands on the wrong side."""
    if word in HOSPITAL_SCOPES:
        return f"; {word!r} names hospitals: write it after a slash, such as all/{word}"
    if word in DRUG_SCOPES:
        return f"; {word!r} names drugs: write it before the slash"
    return "; write drugs+drugs/hospitals&hospitals, without blanks" if " " in word or "," in word else ""


def parse_scope(text: str, lever: Lever) -> tuple[tuple[str, ...], str]:
    """(drug scopes, hospital scopes joined by "&") of a scope such as "negotiated+commercial_list/public&designated".

    Fault, without a key path, for a word that is no scope, or hospitals where the lever does not differ by hospital.
    """
    drugs, _, hospitals = text.partition("/")
    names_ = tuple(drugs.split("+")) if drugs else ("all",)
    for n in names_:
        if n not in DRUG_SCOPES:
            raise Fault((), one_of(n, DRUG_SCOPES, "drug scope") + _near_scope(n))
    for n in hospitals.split("&") if hospitals else ():
        if n not in HOSPITAL_SCOPES:
            raise Fault((), one_of(n, HOSPITAL_SCOPES, "hospital scope") + _near_scope(n))
    if hospitals not in ("", "all") and not lever.by_hospital:
        raise Fault((), f"{hospitals!r}: this rule does not differ by hospital; name drugs only")
    return names_, hospitals or "all"
