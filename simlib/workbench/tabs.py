"""Below the picture: what was changed, the Python that does the same, and variants to save and open."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as iw

from simlib.core.files import InputError, shown
from simlib.scenario.variants import names
from simlib.words import Words
from simlib.workbench.refusal import refused
from simlib.workbench.save import options, save_variant
from simlib.workbench.session import Session
from simlib.workbench.text import changed


class Tabs:
    """Three tabs that follow the session. open_variant: runs the variant of a name, and tells what came of it."""

    def __init__(self, session: Session, w: Words, most: int, open_variant: Callable[[str], None]) -> None:
        self.session, self.w, self.open_variant = session, w, open_variant
        self.changed, self.python = iw.HTML(), iw.HTML()
        wide = {"width": "330px"}
        self.name = iw.Text(description=w["save_name"], placeholder=w["save_hint"], layout=wide)
        self.title = iw.Text(description=w["save_title"], layout=wide)
        self.save = iw.Button(description=w["save"], icon="save", button_style="primary", layout={"width": "180px"})
        self.save.on_click(lambda _: self.do_save())
        self.which = iw.Dropdown(
            options=names(),
            value=None,
            description=w["open_which"],
            layout=wide,
            style={"description_width": "initial"},
        )
        self.open = iw.Button(description=w["open"], icon="folder-open", layout={"width": "180px"})
        self.open.on_click(lambda _: self.do_open())
        self.said = iw.HTML()
        for part, word in (
            (self.changed, "changed"),
            (self.python, "python"),
            (self.name, "save-name"),
            (self.save, "save"),
            (self.said, "said"),
        ):
            part.add_class(f"simlib-{word}")
        for part, word in ((self.which, "which"), (self.open, "open")):
            part.add_class(f"simlib-{word}")
        variants = iw.VBox([iw.HBox([self.name, self.save]), self.title, iw.HBox([self.which, self.open]), self.said])
        self.box = iw.Tab(
            [self.changed, self.python, variants], titles=[w["tab_changed"], w["tab_python"], w["tab_variant"]]
        )
        self.box.add_class("simlib-tabs")
        self.show(most)

    def show(self, most: int) -> None:
        """What is changed now, and how Python says it."""
        self.changed.value = changed(self.session, self.w)
        code = html.escape(self.session.python(most))
        self.python.value = f"<p>{self.w['python_note']}</p><pre style='line-height:1.35;overflow-x:auto'>{code}</pre>"

    def do_save(self) -> None:
        """Save the changes under the name that was typed."""
        name = self.name.value.strip()
        try:
            path = save_variant(self.session, name, self.title.value)
        except InputError as e:
            self.say(refused(e, self.w))
            return
        self.which.options = names()
        self.which.value = name
        scenario = self.session.spec().name
        self.say(self.w.say("saved", path=shown(path), scenario=scenario, options=options(self.session, name)))

    def do_open(self) -> None:
        """Lay the picked variant over the rulebook and run it."""
        name = self.which.value
        if name:
            self.open_variant(name)

    def say(self, text: str) -> None:
        self.said.value = html.escape(text)
