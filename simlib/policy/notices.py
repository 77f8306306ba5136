"""Plain notices where a policy is run outside the days on which its documents are in force."""

from __future__ import annotations

from datetime import date

from simlib.policy.load import BASE
from simlib.policy.rules import Layer, Policy, Title


def notices(policy: Policy, policy_from: date, last: date, as_dated: bool) -> list[Title]:
    """One sentence a document whose own days differ from those of a run that ends on `last`."""
    found = []
    for layer in policy.layers:
        if layer.name != BASE and layer.start:
            found.append(_dated(layer, last) if as_dated else _moved(layer, policy_from, last))
    return [n for n in found if n]


def _moved(layer: Layer, policy_from: date, last: date) -> Title | None:
    if layer.start != policy_from:
        to, to_zh = (f" to {layer.end}", f"至{layer.end}") if layer.end else ("", "")
        return Title(
            en=f"{layer.title.en}: in force from {layer.start}{to} ({layer.clause}); in this run its rules hold from {policy_from} to the end, {last}.",
            zh=f"{layer.title.zh}：自{layer.start}起{to_zh}施行（{layer.clause}）；本次运行中自{policy_from}起适用至{last}。",
        )
    if layer.end and layer.end < last:
        return Title(
            en=f"{layer.title.en}: in force to {layer.end} ({layer.clause}); this run goes on to {last} under the same rules.",
            zh=f"{layer.title.zh}：有效期至{layer.end}（{layer.clause}）；本次运行沿用至{last}。",
        )
    return None


def _dated(layer: Layer, last: date) -> Title | None:
    if layer.start > last:
        return Title(
            en=f"{layer.title.en}: in force from {layer.start} ({layer.clause}), after the run's last day {last}; it changes nothing here.",
            zh=f"{layer.title.zh}：自{layer.start}起施行（{layer.clause}），晚于运行截止日{last}；本次不起作用。",
        )
    if layer.end and layer.end < last:
        return Title(
            en=f"{layer.title.en}: its rules end on {layer.end} ({layer.clause}); from the next day on the rules below them hold.",
            zh=f"{layer.title.zh}：规则于{layer.end}到期（{layer.clause}）；次日起适用其下各层规则。",
        )
    return None
