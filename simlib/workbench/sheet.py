"""The picture and the table on the screen: drawn, dimmed while they show what was asked before, and saved."""

from __future__ import annotations

import html
from collections.abc import Callable
from contextlib import AbstractContextManager

import ipywidgets as iw

from simlib.core.files import InputError, shown
from simlib.policy.vocabulary.words import place_words
from simlib.words import Words
from simlib.workbench.head import cohort_name
from simlib.workbench.picture import Line, Picture, common
from simlib.workbench.places import SMALL
from simlib.workbench.refusal import Refusal, refused
from simlib.workbench.save import save_picture
from simlib.workbench.session import Session
from simlib.workbench.text import numbers

STALE = "simlib-stale"


class Sheet:
    """What is drawn. It outlives the other widgets, so that another language does not blink.

    lock: held while drawing. most: tells up to how many replications the picture sharpens now.
    """

    def __init__(self, session: Session, w: Words, lock: AbstractContextManager, most: Callable[[], int]) -> None:
        self.session, self.w, self.lock, self.most, self.picture = session, w, lock, most, Picture()
        self.lines: list[Line] = []  # what is on the sheet
        self.stale = False
        self.image = iw.Image(format="png", layout={"width": "100%", "max_width": "924px"})
        self.image.add_class("simlib-picture")
        self.table = iw.HTML()
        self.table.add_class("simlib-numbers")
        self.lasting = (self.image, self.table)

    def parts(self, w: Words) -> list[iw.Widget]:
        """The picture, its button, and the table with a line on what it is not, from now on in the language of `w`."""
        self.w = w
        self.save = iw.Button(description=w["save_picture"], icon="download", layout={"width": "180px"})
        self.save.add_class("simlib-save-picture")
        self.save.on_click(lambda _: self.do_save())
        self.said = iw.HTML()
        self.said.add_class("simlib-picture-said")
        more = iw.HTML(f"<p>{w['read_more']}</p>")
        more.add_class("simlib-read-more")
        return [self.image, iw.HBox([self.save, self.said]), self.table, more]

    def draw(self, lines: list[Line]) -> None:
        """The picture and the table of the replications that all lines have."""
        most = self.most()
        self.lines = common(lines, most)
        self.image.value = self.picture.png(self.lines, most, self.w)
        self.table.value = numbers(self.lines[-1].runs, self.lines[0].runs, self.lines[0].name, self.w)

    def dim(self, stale: bool) -> None:
        """Mark picture and table as those of what was asked before, or take the mark off."""
        if stale != self.stale:
            for part in self.lasting:
                (part.add_class if stale else part.remove_class)(STALE)
        self.stale = stale

    def foot(self) -> str:
        """Of what the picture is: place, drugs, obedience, and that it is simulated."""
        c, w = self.session.choice, self.w
        place = w["place_small-world"] if c.region == SMALL else place_words(c.region, w.language)
        obeyed = f"{w['obedience']}{w['is_']}{w[f'obedience_{c.obedience}']}"
        drawn = () if c.world == "middle" else (w[f"world_{c.world}"],)
        return w["semicolon"].join((place, cohort_name(c.cohort, w), obeyed, *drawn, w["simulated"]))

    def do_save(self) -> None:
        """Save the picture as SVG and PNG, if it is one of what is now asked."""
        try:
            if self.stale or not self.lines:
                raise Refusal("no_picture")
            with self.lock:  # a replication that comes now would draw at the same time
                fig = self.picture.whole(self.lines, self.most(), self.w, self.foot())
            c = self.session.choice
            path = save_picture(fig, "-".join((c.region, c.policy, *(["changed"] if self.session.changes else []))))
        except InputError as e:
            self._say(refused(e, self.w))
            return
        self._say(self.w.say("picture_saved", path=shown(path)))

    def _say(self, text: str) -> None:
        self.said.value = html.escape(text)
