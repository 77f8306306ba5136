"""The steps of a story: one for each thing that a reader wants to know, told from one or several events of one day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from simlib.policy.levers import BARRIERS, Bilingual
from simlib.policy.vocabulary.words import named
from simlib.words.story_words import PHRASES, Phrase, pick, said

ID = re.compile(r"[A-Z]{2}\d*-\d\w*|practice")  # clauses that need no document beside them
OUTCOMES = ("passed", "deferred", "refused")
DECIDED = ("rule_decided", "rules_decided_together")


@dataclass(frozen=True)
class Clause:
    """A rule that an event names. obeyed: None where it was at times and at times not. grounds: of its set, those that mattered."""

    clause: str
    lever: str
    document: str
    obeyed: bool | None = None
    grounds: tuple[str, ...] = ()

    @property
    def label(self) -> Bilingual:
        """The clause as a reader meets it in brackets."""
        if ID.fullmatch(self.clause):
            return Bilingual(named(self.clause), named(self.clause, "zh"))
        return Bilingual(f"{self.document} {self.clause}", f"{self.document} {self.clause}")


@dataclass
class Step:
    """One step: its day, the days since the step before, what is said about it, and the clauses it names."""

    day: date
    waited: int
    parts: list[Phrase]
    clauses: list[str] = field(default_factory=list)

    def say(self, language: str) -> str:
        """The step in a language."""
        return pick(PHRASES["semicolon"], language).join(p.say(language) for p in self.parts)


class Teller:
    """Tells a trace's events one after the other."""

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.rows = trace.events.to_dict("records")
        self.meetings = {m["time"]: m for m in trace.meetings.to_dict("records")}
        self.steps: list[Step] = []
        self.named: dict[tuple[str, str, str], tuple[set[bool], dict[str, None]]] = {}
        self.cited: list[str] = []  # clauses of the step that is being told
        self.status = ""  # the last of asked, deferred, refused, passed, ...
        self.review: dict | None = None
        self.pushes = self.unheard = 0  # of the present silence or wait

    def tell(self) -> list[Step]:
        """All steps, the end of the run included where the drug is not stocked by then."""
        for i, row in enumerate(self.rows):
            if self.status == "stocked" and row["outcome"] != "removed":
                continue
            handler: Callable | None = getattr(self, f"_{row['outcome']}", None)
            if handler:
                handler(row, i)
        if self.trace.fate.stocked is None:
            self._step(self.trace.last_day, said("end", state=PHRASES[f"state_{self.trace.fate.state}"]))
        return self.steps

    def clauses(self) -> list[Clause]:
        """The rules that the steps named, in that order."""
        return [
            Clause(*key, next(iter(kept)) if len(kept) == 1 else None, tuple(grounds))
            for key, (kept, grounds) in self.named.items()
        ]

    # ---- steps

    def _step(self, day: date, *parts: Phrase) -> Step:
        last = self.steps[-1].day if self.steps else day
        self.steps.append(Step(day, (day - last).days, list(parts), self._cited()))
        return self.steps[-1]

    def _cited(self) -> list[str]:
        cited, self.cited = list(dict.fromkeys(self.cited)), []
        return cited

    def _at(self, row: dict, *parts: Phrase) -> Step:
        return self._step(row["day"].date(), *parts)

    def _add(self, row: dict, *parts: Phrase) -> Step:
        """More about the last step, if it is of that day; else a step of its own."""
        if self.steps and self.steps[-1].day == row["day"].date():
            self.steps[-1].parts += parts
            self.steps[-1].clauses += self._cited()
            return self.steps[-1]
        return self._at(row, *parts)

    def _rule(self, row: dict) -> Bilingual | None:
        """The clause that an event names, kept for the list of rules; None if it names none."""
        if not isinstance(row["clause"], str):
            return None
        key = (row["clause"], row["lever"], row["document"])
        kept, grounds = self.named.setdefault(key, (set(), {}))
        kept.add(bool(row["obeyed"]))
        if row["reason"] in BARRIERS:
            grounds[row["reason"]] = None
        self.cited.append(row["clause"])
        return Clause(*key).label

    def _until(self, row: dict) -> date | None:
        return row["until"].date() if row["until"] == row["until"] else None

    # ---- the drug

    def _approved(self, row: dict, i: int) -> None:
        self._at(row, said("approved"))

    def _filed(self, row: dict, i: int) -> None:
        self._at(row, said("filed"))

    def _returned(self, row: dict, i: int) -> None:
        self._add(row, said("returned") if row["number"] == 1 else said("returned_more", n=row["number"]))

    def _complete(self, row: dict, i: int) -> None:
        if any(r["outcome"] == "returned" for r in self.rows[:i]):
            self._at(row, said("complete"))

    def _reviewed(self, row: dict, i: int) -> None:
        self.review = row

    def _listed(self, row: dict, i: int) -> None:
        self._at(row, said("listed"), *self._limit(row))
        if self.review and self.review["reason"] == "limit_set_date":
            self._add(row, said("limit_review_set", rule=self._rule(self.review)))

    def _limit(self, row: dict) -> list[Phrase]:
        """What a limit meant for the day of an event."""
        key = {"limit_set_date": "limit_set", "within_limit": "limit_kept", "limit_missed": "limit_broken"}.get(
            row["reason"]
        )
        if key is None:
            return []
        if key == "limit_broken" and row["obeyed"]:
            key = "limit_late"
        return [said(key, rule=self._rule(row), until=self._until(row))]

    def _catalogue_entered(self, row: dict, i: int) -> None:
        self._at(row, said(row["outcome"]))

    _catalogue_in_vain = _commercial_entered = _commercial_in_vain = _catalogue_entered
    _designated = _later_indication = _catalogue_entered

    def _list_entered(self, row: dict, i: int) -> None:
        self._at(row, said("list_entered", rule=self._rule(row)))

    # ---- the hospital and its departments

    def _learned(self, row: dict, i: int) -> None:
        self._at(row, said("learned"))
        self.status = "silent"

    def _duty_not_kept(self, row: dict, i: int) -> None:
        if self.status in ("passed", "stocked"):
            return
        until = self._until(row)
        self._add(row, said("not_kept_by" if until else "not_kept", rule=self._rule(row), until=until))

    def _pushed(self, row: dict, i: int) -> None:
        self.pushes += 1
        if self.pushes > 1 and row["reason"] == "later_round":  # told once, with the last of them
            following = [r["outcome"] for r in self.rows[i + 1 :] if r["outcome"] in ("pushed", "asked")]
            if not following or following[0] == "asked":
                self._at(row, said("pushed", rule=self._rule(row)))
            return
        until = self._until(row)
        self._add(row, said("pushed_by" if until else "pushed", rule=self._rule(row), until=until))

    def _asked(self, row: dict, i: int) -> None:
        self._at(row, said("asked" if row["number"] <= 1 else "asked_again"))
        self.status, self.pushes, self.unheard = "asked", 0, 0

    # ---- the committee

    def _not_heard(self, row: dict, i: int) -> None:
        self.unheard += 1
        following = next((r for r in self.rows[i + 1 :] if r["outcome"] not in ("duty_meeting", "supply_began")), None)
        if following and following["outcome"] == "not_heard":
            return
        n = self.unheard
        self._at(row, said("not_heard") if n == 1 else said("not_heard_more", n=n, day=row["day"].date()))
        self.unheard = 0

    def _duty_meeting(self, row: dict, i: int) -> None:
        same_day = {r["outcome"] for r in self.rows if r["time"] == row["time"]}
        if self.status == "silent" and not same_day & {"heard", "not_heard", "taken_in_directly", "asked"}:
            self._add(row, said("met_unasked", rule=self._rule(row)))

    def _heard(self, row: dict, i: int) -> None:
        rest = self.rows[i + 1 :]
        n = next(k for k, r in enumerate(rest) if r["outcome"] in OUTCOMES)
        outcome = rest[n]
        more = []
        if meeting := self.meetings.get(row["time"]):
            key = "met_by_duty" if meeting["drug"] == self.trace.drug else "met_by_other"
            more.append(said(key, rule=self._rule(meeting)))
        more += self._decided([r for r in rest[: n + 1] if r["outcome"] in DECIDED], outcome["outcome"])
        key = f"heard_{outcome['outcome']}"
        if outcome["outcome"] != "refused":
            self._at(row, said(key), *more)
            return
        more += self._refusal(outcome)
        self._at(row, said(key, ground=PHRASES[f"ground_of_{outcome['reason']}"]), *more)

    def _decided(self, rows: list[dict], outcome: str) -> list[Phrase]:
        """Rules without which a hearing would have ended worse: each alone, or only all of them together."""
        out = [said("no_place", rule=self._rule(r)) for r in rows if r["reason"] == "formulary_size"]
        alone, together = (
            list(dict.fromkeys(self._rule(r) for r in rows if r["outcome"] == kind and r["reason"] != "formulary_size"))
            for kind in DECIDED
        )
        if alone:
            out.append(said(f"{outcome}_by" if len(alone) == 1 else f"{outcome}_each", rules=alone))
        if together:
            out.append(said(f"{outcome}_by" if len(together) == 1 else f"{outcome}_together", rules=together))
        return out

    def _refusal(self, row: dict) -> list[Phrase]:
        until, rule = self._until(row), self._rule(row)
        out = [said("forbidden", rule=rule)] if rule else []
        return [*out, said("lock_out", until=until) if until else said("lock_out_final")]

    def _deferred(self, row: dict, i: int) -> None:
        self.status = "deferred"

    def _refused(self, row: dict, i: int) -> None:
        self.status = "refused"

    def _passed(self, row: dict, i: int) -> None:
        self.status = "passed"

    def _removed(self, row: dict, i: int) -> None:
        self._at(row, said("removed"))

    def _lapsed(self, row: dict, i: int) -> None:
        self._at(row, said("lapsed"))
        self.status = "silent"

    def _lock_out_ended(self, row: dict, i: int) -> None:
        rule = self._rule(row)
        self._at(row, said(row["reason"]), *([said("by_rule", rule=rule)] if rule else []))
        self.status = "silent"

    def _taken_in_directly(self, row: dict, i: int) -> None:
        rule = self._rule(row)
        self._at(row, said("direct", rule=rule) if rule else said("direct_no_committee"))

    def _taken_over(self, row: dict, i: int) -> None:
        self._at(row, said("taken_over"))

    # ---- temporary purchase, room, stock

    def _need(self, row: dict, i: int) -> None:
        self._at(row, said("need", rule=self._rule(row) or Bilingual("", "")))

    def _lock_out_lifted(self, row: dict, i: int) -> None:
        self._add(row, said("lifted"))
        self.status = "asked"

    def _supply_began(self, row: dict, i: int) -> None:
        self._at(row, said("supply_began"))

    def _supply_ended(self, row: dict, i: int) -> None:
        if row["day"].date() != self.trace.fate.stocked:
            self._at(row, said("supply_ended"))

    def _recorded_began(self, row: dict, i: int) -> None:
        self._at(row, said("recorded_began", rule=self._rule(row) or Bilingual("", "")))

    def _recorded_ended(self, row: dict, i: int) -> None:
        if row["day"].date() != self.trace.fate.stocked:
            self._at(row, said("recorded_ended"))

    def _room_found(self, row: dict, i: int) -> None:
        if row["reason"] == "waited":
            self._at(row, said("room_waited"))

    def _stocked(self, row: dict, i: int) -> None:
        self._at(row, said("stocked"), *self._limit(row))
        self.status = "stocked"

    def _removed(self, row: dict, i: int) -> None:
        self._at(row, said("removed"))
