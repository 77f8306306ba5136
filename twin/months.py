"""Months: when payers, pharmacies and doctors look at the rules, and what they then find in force.

Follows `docs/semantics.md`, section 0.9. What follows purchase is counted by months: each
looks at the rules as of its first moment (its edge), and goes by them until the next. Most
questions have the same answer for many hospitals and months; they are asked once for a class of
hospitals, and again only after something has changed.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, TypeVar

from simlib.policy.levers import LEVERS
from twin.rule import Rule, most_favourable
from twin.rules import Rules
from twin.setting import Setting
from twin.world import Drug, Hospital

GROUPS = ("payment", "settlement", "dual_channel", "commercial", "catalogue", "awareness")
SUPERVISION = "oversight.fund_supervision"
RIPENING = ("use.evidence_generation", "use.clinical_evaluation")  # act some time after their start
Answer = TypeVar("Answer")


def by_class(method: Callable[..., Answer]) -> Callable[..., Answer]:
    """A method (self, hospital, drug, month) whose answer is the same for all hospitals of a class: asked once."""
    name = method.__name__

    @functools.wraps(method)
    def remembered(self: Any, hospital: Hospital, drug: Drug, j: int) -> Answer:
        key = name, self.months.class_of[hospital.index], drug.index, j
        if key not in self.memo:
            self.memo[key] = method(self, hospital, drug, j)
        return self.memo[key]

    return remembered


class Months:
    """The months of a run, and the rules as of their first moments (edges).

    A question about rules is asked anew only where an answer may change: after a rule starts, stops or ripens, or the
    drug enters a catalogue or list.
    """

    def __init__(self, setting: Setting) -> None:
        self.rules, self.horizon = setting.rules, setting.horizon
        self.edges: list[float] = [0.0, *setting.world.firsts.tolist(), setting.horizon]
        self.count = len(self.edges) - 1
        self.class_of = _classes(setting.rules, setting.hospitals)
        self.epochs = [self._epochs(setting, drug) for drug in setting.drugs]  # by drug and month
        self._memo: dict[tuple, Any] = {}

    def _epochs(self, setting: Setting, drug: Drug) -> list[int]:
        """For each month, how many changes that may concern the drug lie at or before its edge."""
        world = setting.world
        moments = {t for r in world.rules for t in (r.start, r.stop)} | {drug.entered, drug.commercial, drug.list_entry}
        moments |= {r.start + world.p.use.evidence_delay for r in world.of(*RIPENING)}
        changes = sorted(t for t in moments if math.isfinite(t))
        return [bisect_right(changes, e) for e in self.edges[:-1]]

    def of(self, t: float) -> int:
        """The month of a moment inside the run."""
        return bisect_right(self.edges, t, hi=self.count) - 1

    def from_(self, t: float) -> int:
        """The first month whose edge is at t or later; `count` or more if there is none inside the run."""
        return bisect_left(self.edges, t, hi=self.count)

    # ---- addressees other than hospitals

    def in_force(self, lever: str, hospital: Hospital | None, drug: Drug, j: int) -> list[Rule]:
        """The rules of a lever in force at the month's edge, obeyed or not."""
        return [r for r in self.rules.by_lever.get(lever, ()) if r.holds(drug, self.edges[j], hospital)]

    def others(self, lever: str, hospital: Hospital | None, drug: Drug, j: int) -> Any:
        """The best value of a lever in force at the month's edge, if its addressee obeys; else None."""
        if lever not in self.rules.by_lever:
            return None
        class_ = self.class_of[hospital.index] if hospital else -1
        key = lever, class_, drug.index, self.epochs[drug.index][j]
        if key not in self._memo:
            rules = self.in_force(lever, hospital, drug, j)
            holds = LEVERS[lever].binds in ("oversight", "world")
            obeyed = rules and (holds or self.rules.other_obeys(lever, drug, rules))
            self._memo[key] = most_favourable(lever, rules) if obeyed else None
        return self._memo[key]


def _classes(rules: Rules, hospitals: list[Hospital]) -> list[int]:
    """The class of each hospital: hospitals of one class are alike to all that payers and pharmacies do."""
    telling = [
        r.hospitals for lever, of_lever in rules.by_lever.items() for r in of_lever
        if lever.split(".")[0] in GROUPS or lever == SUPERVISION
    ]  # fmt: skip
    scopes = {tuple(row): row for row in telling}.values()  # many rules have the same scope
    numbers: dict[tuple[object, ...], int] = {}
    class_of: list[int] = []
    for hospital in hospitals:
        alike = hospital.designated, hospital.province.income, *(row[hospital.index] for row in scopes)
        class_of.append(numbers.setdefault(alike, len(numbers)))
    return class_of
