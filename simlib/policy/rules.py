"""What a policy is made of: rules, the layers (documents) they come from, and their stack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from simlib.core.files import Source
from simlib.core.strict import Strict
from simlib.policy.levers import LEVERS, Lever


class Title(Strict):
    """A name in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Rule:
    """One rule: what it sets, for which drugs and hospitals, how strongly, and where that stands.

    value: True (flag), (number, unit) (limit), number (count, share, number), word (choice), frozenset of words (set),
    pairs (schedule). said: the value as the file has it. drugs: scope names, any of which puts a drug inside.
    hospitals: scope names joined by "&", all of which a hospital must fit. start, end: days of its own in force, else
    its layer's. only: regions in which it holds (empty: all). changed: the change that made it what it is.
    """

    lever: str
    value: Any
    said: Any
    drugs: tuple[str, ...]
    hospitals: str
    strength: str
    clause: str
    kind: str
    document: str
    source: Source
    start: date | None = None
    end: date | None = None
    only: tuple[str, ...] = ()
    range: tuple = ()
    reason: str = ""
    reason_zh: str = ""
    changed: str = ""
    delay: float = 0.0  # days by which it starts later than it else would
    relief: str = ""  # a lever whose keeping makes this rule kept too ("or" of the file)

    @property
    def definition(self) -> Lever:
        """The lever's definition."""
        return LEVERS[self.lever]

    @property
    def scope(self) -> str:
        """Drugs and hospitals as a policy file writes them."""
        return "+".join(self.drugs) + ("" if self.hospitals == "all" else f"/{self.hospitals}")


def cites(reference: str, rule: Rule) -> bool:
    """Whether CLAUSE or DOCUMENT:CLAUSE means the clause of a rule."""
    return reference in (rule.clause, f"{rule.document}:{rule.clause}")


@dataclass(frozen=True)
class Layer:
    """One document's rules and its days in force (start None: from the start of the policy; end None: open).

    dates_kind: whether the document states these days ("stated") or they are "assumed". baseline: it held before the reforms,
    so that in a comparison too it holds on its own days (start None: from always) and not from the start of the policy.
    """

    name: str
    title: Title
    place: str
    start: date | None
    end: date | None
    rules: tuple[Rule, ...]
    source: Source
    clause: str = ""  # that says from when to when
    stacking: str = "none_stated"
    stacking_clause: str = ""
    dates_kind: str = "stated"
    heads: tuple[tuple[str, Source], ...] = ()  # where the keys of its head stand
    baseline: bool = False

    def at(self, key: str) -> Source:
        """Where a key of the document's head stands."""
        return dict(self.heads).get(key, self.source)


@dataclass(frozen=True)
class Policy:
    """A stack of layers of rules.

    Attributes
    ----------
    name, title : str, Title
        What it is called in files, and for reading.
    layers : tuple of Layer
        The lowest first; what held before the reforms (`baseline`) lies below all others.
    """

    name: str
    title: Title
    layers: tuple[Layer, ...]

    def __repr__(self) -> str:
        return f"<Policy {self.name}: {len(self.rules)} rules of {', '.join(layer.name for layer in self.layers)}>"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, lowest layer first."""
        return tuple(r for layer in self.layers for r in layer.rules)

    def of(self, lever: str) -> tuple[Rule, ...]:
        """The rules of one lever, lowest layer first."""
        return tuple(r for r in self.rules if r.lever == lever)

    def reference(self, rule: Rule) -> str:
        """The clause of a rule, with its document before it where another one has a clause of that name."""
        documents = {r.document for r in self.rules if r.clause == rule.clause}
        return rule.clause if len(documents) < 2 else f"{rule.document}:{rule.clause}"
