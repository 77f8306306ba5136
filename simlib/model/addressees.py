"""Rules that bind others than hospitals, looked up for all drugs at once, and whether their addressee obeys."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simlib.core.streams import Q_OTHER_OBEY
from simlib.core.workdays import INF
from simlib.model.vectors import uniforms_in
from simlib.policy.levers import LEVERS, STRENGTHS
from simlib.policy.scopes import CATALOGUE_SCOPES, STATIC_SCOPES
from simlib.scenario.world import TimedRule, World, rule_id


@dataclass
class Others:
    """Rules that bind platform, insurer, firm or city, for all drugs of a world.

    `since` maps a drug scope to the dates from which drugs are inside; stage 3 fills in the catalogues' and the
    application list's. While a catalogue is being decided its own scopes mean every candidate (`candidates`).
    Times t: a number, one a drug (D), or a column (J, 1), which gives answers of shape (J, D).
    """

    world: World
    since: dict[str, np.ndarray] = field(default_factory=dict)
    candidates: bool = False
    at: int | None = None  # a hospital: only rules with it in their hospital scope count
    places: tuple[int, ...] | None = None  # ids of provinces, where each one's platform obeys for itself

    def __post_init__(self) -> None:
        never = np.full(len(self.world.drugs), INF)
        self.since = {s: self.world.static_since(s) for s in STATIC_SCOPES}
        self.since |= dict.fromkeys((*CATALOGUE_SCOPES, "application_list"), never)
        self._u: dict[str, np.ndarray] = {}

    def in_provinces(self, ids: Sequence[int]) -> Others:
        """The same rules as the platforms of provinces obey them: times t (P, D) get answers of that shape."""
        found = copy.copy(self)
        found.places, found._u = tuple(ids), {}
        return found

    def draw(self, lever: str) -> np.ndarray:
        """The number below which an addressee obeys a lever: (D), or (P, D) for platforms of provinces."""
        if lever not in self._u:
            places = self.places if LEVERS[lever].binds == "platform" else None
            self._u[lever] = uniforms_in(
                self.world.key, Q_OTHER_OBEY, places, self.world.drugs.ids, attempt=rule_id(lever)
            )
        return self._u[lever]

    def base(self, strength: str) -> float:
        """Probability that another addressee than a hospital obeys a rule of this strength."""
        o = self.world.p.obedience
        return o.other_must if strength == "must" else getattr(o, strength)

    def scope(self, rule: TimedRule) -> np.ndarray:
        """Date from which each drug is in a rule's scope (float64, D)."""
        always = np.full(len(self.world.drugs), -INF)
        return np.minimum.reduce(
            [always if self.candidates and s in CATALOGUE_SCOPES else self.since[s] for s in rule.rule.drugs]
        )

    def in_force(self, rule: TimedRule, t: np.ndarray | float) -> np.ndarray:
        """For which drugs a rule is in force at t (bool, D); where no hospital is concerned a rule for a part replaces none."""
        here = self.at is None or bool(rule.hospitals[self.at])
        now = (rule.start <= t) & (t < rule.stop) & (self.scope(rule) <= t) & here
        for later in rule.replaced:
            if (later.hospitals | ~rule.hospitals).all() if self.at is None else later.hospitals[self.at]:
                now = now & ~self.in_force(later, t)
        return now

    def _obeyed(self, lever: str, t: np.ndarray | float) -> tuple[np.ndarray, list[tuple[TimedRule, np.ndarray]]]:
        """(drugs about which the lever's addressee obeys, each rule of the lever with its drugs in force).

        Most levers that are asked for have no rule: nobody obeys what is not there, and nothing need be drawn.
        """
        rules = [(r, self.in_force(r, t)) for r in self.world.of(lever)]
        if not rules:
            return np.zeros(len(self.world.drugs), bool), rules
        if LEVERS[lever].binds == "world":
            return np.logical_or.reduce([now for _, now in rules]), rules
        obeyed = stronger = np.zeros(len(self.world.drugs), bool)
        for strength in sorted({r.rule.strength for r, _ in rules}, key=STRENGTHS.index, reverse=True):
            here = np.logical_or.reduce([now for r, now in rules if r.rule.strength == strength])
            obeyed = obeyed | (here & ~stronger & (self.draw(lever) < self.base(strength)))
            stronger = stronger | here
        return obeyed, rules

    def flag(self, lever: str, t: np.ndarray | float) -> np.ndarray:
        """Whether a flag holds and is obeyed (bool, D)."""
        obeyed, rules = self._obeyed(lever, t)
        holds = np.zeros(len(self.world.drugs), bool)
        for r, now in rules:
            holds = holds | (now & bool(r.rule.value))
        return holds & obeyed

    def most(self, lever: str, t: np.ndarray | float) -> np.ndarray:
        """Greatest number of a lever that holds and is obeyed, -inf where none (float64, D)."""
        obeyed, rules = self._obeyed(lever, t)
        best = np.full(len(self.world.drugs), -INF)
        for r, now in rules:
            best = np.where(now, np.maximum(best, float(r.rule.value)), best)
        return np.where(obeyed, best, -INF)

    def choice(self, lever: str, t: np.ndarray | float) -> np.ndarray:
        """Place of the value in the lever's list, best last; 0 where absent or not obeyed (int, D)."""
        obeyed, rules = self._obeyed(lever, t)
        best = np.zeros(len(self.world.drugs), int)
        for r, now in rules:
            best = np.where(now, np.maximum(best, LEVERS[lever].allowed.index(r.rule.value)), best)
        return np.where(obeyed, best, 0)

    def has(self, lever: str, word: str, t: np.ndarray | float) -> np.ndarray:
        """Whether a word is in a set that holds and is obeyed (bool, D)."""
        obeyed, rules = self._obeyed(lever, t)
        holds = np.zeros(len(self.world.drugs), bool)
        for r, now in rules:
            if word in r.rule.value:
                holds = holds | now
        return holds & obeyed

    def first(self, lever: str, word: str, since: np.ndarray) -> np.ndarray:
        """The first date from `since` on at which a word of a set holds and is obeyed (float64, D); inf where none is."""
        date = np.full(len(self.world.drugs), INF)
        for r in self.world.of(lever):  # obedience to a set is that of its strongest rule: any start may bring it about
            t = np.maximum(np.maximum(since, r.start), self.scope(r))
            date = np.where(self.has(lever, word, t), np.minimum(date, t), date)
        return date

    def count_words(self, lever: str, t: np.ndarray | float) -> np.ndarray:
        """How many words of a set hold and are obeyed (int, D)."""
        return sum(
            (self.has(lever, w, t).astype(int) for w in LEVERS[lever].allowed),
            np.zeros(len(self.world.drugs), int),
        )

    def number(self, lever: str, t: np.ndarray | float) -> np.ndarray:
        """The greatest number that holds and is obeyed; NaN where there is none (float64, D)."""
        obeyed, rules = self._obeyed(lever, t)
        most = np.full(len(self.world.drugs), np.nan)
        for r, now in rules:
            most = np.where(now & obeyed, np.fmax(most, float(r.rule.value)), most)
        return most

    def amount(self, lever: str, key: str, t: np.ndarray | float) -> np.ndarray:
        """The greatest number under a key of a schedule that holds and is obeyed; 0 where there is none (float64, D)."""
        obeyed, rules = self._obeyed(lever, t)
        most = np.zeros(len(self.world.drugs))
        for r, now in rules:
            most = np.where(now & obeyed, np.maximum(most, dict(r.rule.value).get(key, 0.0)), most)
        return most

    def limits(self, lever: str, t: np.ndarray | float) -> tuple[list[tuple[TimedRule, np.ndarray]], np.ndarray]:
        """(each limit with its drugs in force, drugs about which it is obeyed)."""
        obeyed, rules = self._obeyed(lever, t)
        return rules, obeyed
