"""Plain notices where a policy is run outside the days on which its documents are in force."""

from __future__ import annotations

from datetime import date

from simlib.policy.phrases import both
from simlib.policy.rules import Layer, Policy, Title


def notices(policy: Policy, policy_from: date, last: date, as_dated: bool) -> list[Title]:
    """One sentence a document whose own days differ from those of a run that ends on `last`."""
    found = []
    for layer in policy.layers:
        if layer.start and not layer.baseline:
            found.append(_dated(layer, last) if as_dated or own_days(layer) else _moved(layer, policy_from, last))
    return [n for n in found if n]


def own_days(layer: Layer) -> bool:
    """Whether every rule of a document states its first day, so that a comparison moves none of them."""
    return bool(layer.rules) and all(rule.start for rule in layer.rules)


def _moved(layer: Layer, policy_from: date, last: date) -> Title | None:
    if layer.start != policy_from:
        to = both("notice_to", last=layer.end) if layer.end else ""
        return _notice("notice_moved", layer, first=layer.start, to=to, policy_from=policy_from, end=last)
    if layer.end and layer.end < last:
        return _notice("notice_longer", layer, last=layer.end, end=last)
    return None


def _dated(layer: Layer, last: date) -> Title | None:
    if layer.start > last:
        return _notice("notice_later", layer, first=layer.start, end=last)
    if layer.end and layer.end < last:
        return _notice("notice_ended", layer, last=layer.end)
    return None


def _notice(key: str, layer: Layer, **blanks: object) -> Title:
    """A sentence about a document, by its title and the clause that sets its days."""
    said = both(key, title=layer.title, clause=layer.clause, **blanks)
    return Title(en=said.en, zh=said.zh)
