"""Where the compared rulebooks differ, rule by rule: each against the one it stands on."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from simlib.experiments.study import Study
from simlib.policy.diff import diff
from simlib.policy.rules import Policy
from simlib.report.tables import scope_name
from simlib.words import Words, words
from simlib.words.names import policy_name
from simlib.words.nodes import Folded, Node, Text, table
from simlib.words.values import DASH


def pairs(study: Study) -> list[tuple[str, str]]:
    """(below, above) of every rulebook but the baseline: the highest rulebook below it that was compared too."""
    found = []
    for name in study.policies:
        if name != study.baseline:
            below = [layer.name for layer in study.rulebooks[name].layers if layer.name != name]
            ran = [n for n in below if n in study.policies]
            found.append((ran[-1] if ran else study.baseline, name))
    return [(a, b) for a, b in found if a in study.rulebooks]


def difference(study: Study, a: str, b: str) -> pd.DataFrame:
    """`simlib.diff` of two rulebooks that were compared."""
    return _diff(_Key(study.rulebooks[a]), _Key(study.rulebooks[b]))


class _Key:
    """A policy by what it is, so that the same two need not be compared twice."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return hash(self.policy.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.policy == other.policy


@lru_cache(maxsize=32)
def _diff(a: _Key, b: _Key) -> pd.DataFrame:
    return diff(a.policy, b.policy)


def rows(found: pd.DataFrame, w: Words) -> list[tuple[str, str, str]]:
    """(lever, only in the first, only in the second), one rule a line."""
    n = w.language
    said = (
        (
            f"{r[f'title_{n}']}\n{r['lever']}",
            *("\n".join(_scoped(t, w) for t in r[f"{side}_{n}"]) or DASH for side in "ab"),
        )
        for r in found.to_dict("records")
    )
    return list(said)


def _scoped(said: str, w: Words) -> str:
    """A rule as `simlib.policy.diff.said` puts it, with names for the codes of its scope."""
    parts = said.split(" · ")
    if len(parts) < 3:
        return said
    scope, bracket, clause = parts[2].partition(" (")
    parts[2] = scope_name(scope, w) + bracket + clause
    return " · ".join(parts)


def title(study: Study, a: str, b: str, w: Words) -> str:
    """ "national → Sichuan: 41 levers differ"."""
    names = {k: policy_name(p, w, study.rulebooks.get(p)) for k, p in (("a", a), ("b", b))}
    return words(w.language, "documents").say("differences_pair", **names, n=len(difference(study, a, b)))


def heads(study: Study, a: str, b: str, w: Words) -> tuple[str, str, str]:
    """The heads of the columns."""
    more = words(w.language, "documents")
    names = (policy_name(p, w, study.rulebooks.get(p)) for p in (a, b))
    return (w["col_lever"], *(more.say("col_only", name=n) for n in names))


def differences_nodes(study: Study, w: Words) -> list[Node]:
    """Every pair as a folded table of the page."""
    more = words(w.language, "documents")
    found = [(a, b) for a, b in pairs(study) if len(difference(study, a, b))]
    if not found:
        return [Text(more["differences_none"])]
    nodes: list[Node] = [Text(more["differences_text"])]
    for a, b in found:
        lines = table(heads(study, a, b, w), rows(difference(study, a, b), w), look="small wrap")
        nodes.append(Folded(title(study, a, b, w), (lines,)))
    return nodes
