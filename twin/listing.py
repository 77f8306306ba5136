"""Listing: a dossier's way through a province's platform, whose reviewers are few.

Follows `docs/semantics-listing.md`, section 2, and `docs/semantics.md`, section 0.11. Filing, returns
of a dossier that is not complete, a queue for reviewers, work, standing time in which the dossier
waits for nobody, publication. Limits of a policy shorten the standing time, and put dossiers that
are due sooner ahead in the queue; they cannot make reviewers faster.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import simpy

from simlib.core import streams as q
from simlib.core.streams import grid
from simlib.scenario.world import logit
from twin.clock import Clock, Phase, Process
from twin.dates import NEVER, YEAR, Dates
from twin.draws import Lasting, sigma
from twin.readiness import obeyed_limits, publication_factor, standing_factor
from twin.setting import Setting
from twin.world import Dossier, Province


class ReviewDesk:
    """The platform's reviewers and their queue.

    Why not `simpy.PriorityResource`: that gives a free reviewer to whoever asks first within a moment. Here all who
    finish and all who arrive at a moment come first; then the free reviewers take the best of all who wait.
    """

    def __init__(self, clock: Clock, dates: Dates, reviewers: int | str) -> None:
        self.clock, self.dates = clock, dates
        self.free = math.inf if reviewers == "unlimited" else int(reviewers)
        self.queue: list[tuple[tuple[float, float, int], simpy.Event]] = []
        self._called = False

    def review(self, place: tuple[float, float, int], work: float, unit: int) -> Process:
        """Wait for a reviewer in the order of `place` (due, arrival, id), then be worked on; returns the end."""
        turn = self.clock.event()
        heapq.heappush(self.queue, (place, turn))
        self._call()
        yield turn
        done = self.dates.add(self.clock.now, work, unit)
        yield self.clock.at(done, Phase.FINISH)
        self.free += 1
        self._call()
        return done

    def _call(self) -> None:
        """Assign reviewers once this moment's finishers and arrivals are all known."""
        if not self._called:
            self._called = True
            self.clock.at(self.clock.now, Phase.ASSIGN).callbacks.append(self._assign)

    def _assign(self, _: simpy.Event) -> None:
        self._called = False
        while self.queue and self.free > 0:
            self.free -= 1
            heapq.heappop(self.queue)[1].succeed()


@dataclass
class Dues:
    """Last days of a dossier's limits, obeyed or not; None: no limit."""

    review: float | None
    whole: float | None

    def first(self) -> float | None:
        """The earlier one, None if there is none."""
        return min((due for due in (self.review, self.whole) if due is not None), default=None)


class Listing:
    """Stage 2: dossiers' way through the platform of one province."""

    def __init__(self, setting: Setting, province: Province) -> None:
        self.setting, self.clock, self.p = setting, setting.clock, setting.p.listing
        self.province, self.platform = province, province.platform
        self.rules, self.dates, self.draws = setting.rules, setting.dates, setting.draws
        p = self.p
        self.work, self.standing, self.correction = Lasting(p.work), Lasting(p.standing), Lasting(p.correction)
        self.desk = ReviewDesk(self.clock, self.dates, self.platform.reviewers)
        yearly = self.platform.background_per_year
        if setting.stages.listing and yearly > 0 and self.platform.reviewers != "unlimited":
            self.clock.process(self._background(yearly))

    def pass_through(self, dossier: Dossier) -> Process:
        """From filing to listing; sets arrival, in_time and listed as they happen."""
        yield self.clock.at(dossier.filed, Phase.JOIN)
        listed = dossier.filed
        if self.setting.stages.listing:
            listed = yield from self._procedure(dossier)
        else:
            dossier.arrival = dossier.filed  # SEMANTICS: the page names no arrival where the stage is off
        yield self.clock.at(listed, Phase.LIST)
        dossier.listed = listed
        dossier.drug.first_listed = min(dossier.drug.first_listed, listed)

    def _procedure(self, dossier: Dossier) -> Process:
        """From the first filing on: corrections, the reviewers' queue, standing time; the date of listing."""
        dossier.arrival, away = yield from self._completed(dossier)
        dues = self._dues(dossier, away)
        first = dues.first()
        if first is not None and first < self.clock.horizon:
            # SEMANTICS: late until it turns out otherwise; a dossier still in work at the horizon, with no due date
            # before it, is not known (-1).
            dossier.in_time = 0
        place = (self._customary(dossier.arrival) if first is None else first, dossier.arrival, dossier.drug.id)
        done = yield from self.desk.review(place, self._work(dossier), self.work.unit)
        return self._published(dossier, done, dues)

    def _obeys(self, lever: str, dossier: Dossier) -> Any:
        """What the platform does about the dossier, by the rules at filing."""
        return self.rules.others(lever, dossier.drug, dossier.filed, province=self.province)

    def _uniform(self, quantity: int, dossier: Dossier, attempt: int = 0) -> float:
        return self.draws.uniform(quantity, attempt, self.province.id, dossier.drug.id)

    def _dues(self, dossier: Dossier, away: float) -> Dues:
        """Limits of this dossier; that of the whole procedure does not run while the firm has the dossier."""
        review = self._due("listing.review_limit", dossier, dossier.arrival)
        whole = self._due("listing.whole_limit", dossier, dossier.filed, self.province.limit)
        if away > 0 and whole is not None and not self.p.corrections_count:
            whole = self.dates.deadline(whole, (away, "working_days"))
        return Dues(review, whole)

    def _work(self, dossier: Dossier) -> float:
        """A reviewer's time for the dossier, in the unit of `self.work`."""
        work = self.work.at(self._uniform(q.Q_WORK, dossier))
        for name in ("joint_review", "simplified_dossier"):
            if self._obeys(f"listing.{name}", dossier):
                work *= self.p.work_factor[name]
        return work

    def _published(self, dossier: Dossier, done: float, dues: Dues) -> float:
        """The date of listing of a dossier on which work was done at `done`."""
        dates, drug, filed, province = self.dates, dossier.drug, dossier.filed, self.province
        standing = self.standing.at(self._uniform(q.Q_STANDING, dossier))
        standing *= standing_factor(self.setting, drug, province, filed)
        standing *= province.standing
        share, unit = self.p.publication_share, self.standing.unit
        reviewed = dates.add(done, standing * (1 - share), unit)
        if dues.review is not None and self._obeys("listing.review_limit", dossier):
            reviewed = max(done, min(reviewed, dues.review))
        publication = standing * share * publication_factor(self.setting, drug, province, filed)
        released = dates.add(reviewed, publication, unit)
        if dues.whole is not None and obeyed_limits(self.setting, drug, province, filed):
            released = max(done, min(released, dues.whole))
        after = "listing.catalogue_limit"
        if drug.entered < NEVER and self.rules.others(after, drug, drug.entered, province=province):
            limits = [r.value for r in self.rules.in_force(after, drug, drug.entered)]
            released = max(done, min(released, *(dates.deadline(drug.entered, limit) for limit in limits)))
        listed = dates.roll(released)
        if dues.first() is not None:
            review_in_time = dues.review is None or dates.roll(reviewed) <= dues.review
            dossier.in_time = int(review_in_time and (dues.whole is None or listed <= dues.whole))
        return listed

    def _completed(self, dossier: Dossier) -> Process:
        """Returns of a dossier that is not complete: (date of the accepted one, working days it was away)."""
        p, t, away = self.p, dossier.filed, 0.0
        log_odds = logit(p.complete)
        # SEMANTICS: added one after the other, not their sum at once.
        for name in ("early_contact", "simplified_dossier"):
            if self._obeys(f"listing.{name}", dossier):
                log_odds += p.complete_log_odds[name]
        for k in range(p.max_returns):
            if self._uniform(q.Q_COMPLETE, dossier, k) < sigma(log_odds):
                break
            x = self.correction.at(self._uniform(q.Q_CORRECTION, dossier, k))
            back = self.dates.roll(self.dates.add(t, x, self.correction.unit))
            yield self.clock.at(back, Phase.JOIN)
            away += self.dates.working_between(t, back)
            t = back
        return t, away

    def _due(self, lever: str, dossier: Dossier, clock: float, own: tuple[float, str] | None = None) -> float | None:
        """The last day of a limit, whether or not it is obeyed. own: one that the province has without a rule.

        SEMANTICS: of several limits in force the one with the earliest deadline (units may differ).
        """
        limits = [r.value for r in self.rules.in_force(lever, dossier.drug, dossier.filed)]
        limits += [own] if own else []
        return min((self.dates.deadline(clock, limit) for limit in limits), default=None)

    def _customary(self, arrival: float) -> float:
        return self.dates.deadline(arrival, (self.p.customary_limit, "working_days"))

    def _background(self, per_year: float) -> Process:
        """Other applications, which share the reviewers."""
        for i, arrival in self._background_arrivals(per_year):
            yield self.clock.at(arrival, Phase.JOIN)
            work = self.work.at(self.draws.uniform(q.Q_BACKGROUND_WORK, i, self.province.id))
            place = (self._customary(arrival), arrival, 2**32 + i)
            self.clock.process(self.desk.review(place, work, self.work.unit))

    def _background_arrivals(self, per_year: float) -> Iterator[tuple[int, float]]:
        i, total, place = 0, 0.0, self.province.id
        while True:
            total += self.draws.exponential(q.Q_BACKGROUND_GAP, i, place) * YEAR / per_year
            if total >= self.clock.horizon:
                return
            yield i, self.dates.roll(grid(total))
            i += 1
