"""The rules on the screen: an accordion of stages, each filled when it is opened, since not all can be looked at at once."""

from __future__ import annotations

import ipywidgets as iw

from simlib.policy.flow import STAGES
from simlib.policy.vocabulary.lever import Bilingual
from simlib.policy.vocabulary.words import pick
from simlib.words import Words
from simlib.workbench.controls import Control
from simlib.workbench.session import Session
from simlib.workbench.widgets import Row, Told


class Panel:
    """All controls of a session's rulebook, grouped by stage."""

    def __init__(self, session: Session, w: Words, told: Told, opened: str | None = "committee") -> None:
        self.session, self.w, self.told = session, w, told
        self.stages: dict[str, list[Control]] = {}
        for control in session.controls():
            self.stages.setdefault(control.lever.stage, []).append(control)
        self.rows: dict[str, Row] = {}
        low = {"max_height": "1000px", "overflow": "hidden auto"}  # the picture stays beside it
        self.box = iw.Accordion([iw.VBox() for _ in self.stages], layout=low)
        self.box.add_class("simlib-stages")
        self.name_stages()
        self.box.observe(lambda e: self._fill(e["new"]), "selected_index")
        if opened in self.stages:
            self.box.selected_index = list(self.stages).index(opened)

    @property
    def opened(self) -> str | None:
        """The stage that is open."""
        i = self.box.selected_index
        return None if i is None else list(self.stages)[i]

    def _fill(self, i: int | None) -> None:
        if i is None or self.box.children[i].children:
            return
        policy = self.session.policy()
        rows = [Row(c, c.where(policy), self.w, self.told) for c in list(self.stages.values())[i]]
        self.rows |= {r.control.key: r for r in rows}
        self.box.children[i].children = [r.box for r in rows]

    def show(self) -> None:
        """Make all that is on the screen stand where the session says."""
        policy = self.session.policy()
        for row in self.rows.values():
            row.show(row.control.where(policy))
        self.name_stages()

    def name_stages(self) -> None:
        """Each stage's name, how many of its rules are in force, and how many were changed."""
        policy = self.session.policy()
        titles = []
        for name, controls in self.stages.items():
            now = [c.where(policy) for c in controls]
            moved = sum(n != c.written for n, c in zip(now, controls, strict=True))
            stage = STAGES[name]
            title = pick(Bilingual(stage.en, stage.zh), self.w.language)
            text = self.w.say("stage", number=stage.number or "·", name=title)
            text += self.w.say("stage_counts", on=sum(n.on for n in now), all=len(now))
            titles.append(text + (self.w.say("stage_changed", n=moved) if moved else ""))
        self.box.titles = titles
