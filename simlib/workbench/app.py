"""The widgets of `explore`: what is picked above, rules at the left, the picture and what it amounts to at the right.

Nothing here waits. A move goes to the session and to the engine's process; a task of the notebook's own loop looks at
what has come back and draws it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import ipywidgets as iw
from IPython.display import display

from simlib.core.files import InputError
from simlib.words import words
from simlib.workbench.engine import Engine
from simlib.workbench.head import Head
from simlib.workbench.panel import Panel
from simlib.workbench.picture import Line
from simlib.workbench.refusal import refused
from simlib.workbench.scene import lines
from simlib.workbench.session import Choice, Session
from simlib.workbench.sheet import Sheet
from simlib.workbench.status import as_html, how_far
from simlib.workbench.tabs import Tabs
from simlib.workbench.text import STYLE
from simlib.workbench.widgets import close

P = ParamSpec("P")
T = TypeVar("T")
PAUSE = 0.4  # seconds between pictures while replications stream in, so that drawing does not take the kernel over


def alone(method: Callable[Concatenate[Explorer, P], T]) -> Callable[Concatenate[Explorer, P], T]:
    """One at a time: JupyterLab may hand what a user does to a thread of its own while another draws what has come."""

    @functools.wraps(method)
    def held(self: Explorer, *given: P.args, **named: P.kwargs) -> T:
        with self.lock:
            return method(self, *given, **named)

    return held


class Explorer:
    """One workbench on the screen."""

    current: Explorer | None = None  # a notebook has one; a cell that is run again replaces it

    def __init__(self, session: Session, language: str = "en", most: int = 16, engine: Engine | None = None) -> None:
        self.lock = threading.RLock()
        self.session, self.most = session, most
        self.w = words(language, "workbench")
        self.engine = engine or Engine()
        self.task: asyncio.Task[None] | None = None
        self.refusal = ""  # kept until the next step that succeeds
        self.drawn: tuple = ()
        self.drawn_at = 0.0
        self.status = iw.HTML()
        self.status.add_class("simlib-status")
        self.sheet = Sheet(session, self.w, self.lock, lambda: self.most)
        self.box = iw.VBox()
        self.build()
        self.ask()

    @classmethod
    def begin(cls, language: str, region: str, policy: str, most: int) -> Explorer:
        """The workbench of this notebook; InputError outside of one."""
        w = words(language, "workbench")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise InputError(w["no_loop"]) from None
        cohort = Choice.cohort if region == Choice.region else "nmpa"
        session = Session(Choice(region=region, policy=policy, cohort=cohort))
        if cls.current:
            cls.current.close()
        news = asyncio.Event()
        explorer = cls.current = cls(session, language, most, Engine(lambda: _wake(loop, news)))
        explorer.task = loop.create_task(explorer._watch(news))
        return explorer

    async def _watch(self, news: asyncio.Event) -> None:
        """Look whenever something has come; an error of one round is told, and the next one is looked at all the same."""
        while True:
            await news.wait()
            news.clear()
            try:
                self.look()
            except Exception as e:
                self.say(refused(e, self.w))

    @alone
    def close(self) -> None:
        """End the simulation's process and the task that looks at it, and take the widgets off the screen."""
        if self.task:
            self.task.cancel()
        self.engine.close()
        close(self.box)

    def _ipython_display_(self) -> None:
        display(self.box)

    # ---- the screen

    @alone
    def build(self, opened: str | None = "committee") -> None:
        """All widgets anew, in the language and for the rulebook of now; the old ones are closed."""
        old = self.box.children
        self.head = Head(self.session, self.w, self.most, self.do, self.speak, self.sharpen)
        self.panel = Panel(self.session, self.w, self.moved, opened)
        self.tabs = Tabs(self.session, self.w, self.most, self.open_variant)
        left = iw.VBox(
            [iw.HTML(f"<b>{self.w['rules']}</b>"), self.panel.box], layout={"flex": "1 1 600px", "min_width": "560px"}
        )
        right = iw.VBox(
            [self.status, *self.sheet.parts(self.w), self.tabs.box], layout={"flex": "1 1 600px", "min_width": "520px"}
        )
        body = iw.HBox([left, right], layout={"flex_flow": "row wrap", "align_items": "flex-start"})
        self.box.children = [iw.HTML(STYLE), self.head.box, body]
        self.box.add_class("simlib-explore")
        for widget in old:
            close(widget, but=(self.status, *self.sheet.lasting))

    @alone
    def speak(self, language: str) -> None:
        """Everything in another language, the picture too."""
        self.w = words(language, "workbench")
        self.refusal = ""
        self.build(self.panel.opened)
        self.tabs.show(self.most)
        self.drawn = ()
        self.look()

    # ---- what a user does

    def moved(self, control: Any, **to: Any) -> None:
        """A rule was moved."""
        self.do(lambda: self.session.move(control, **to))

    def open_variant(self, name: str) -> None:
        """Lay a stored variant over the rulebook and run it; its tab tells what came of it."""
        done = self.do(lambda: self.session.open_variant(name))
        # `tabs` is another one by now if the variant brought another rulebook
        self.tabs.say(self.w.say("opened", name=name) if done else self.refusal)

    @alone
    def do(self, step: Any) -> bool:
        """A step of the session, and all that follows from it; False, and the reason on the screen, if it is refused."""
        before = self.session.choice
        try:
            edited = self.session.refresh()
            step()
            self.refusal = ""
            self._follow(before, edited)
        except InputError as e:
            self.refusal = refused(e, self.w)
            with contextlib.suppress(InputError):  # a file that cannot be read: the line says which
                self._stand()
                self.look()
            self.say()
        return not self.refusal

    def _follow(self, before: Choice, edited: bool) -> None:
        """Ask for what is now picked, and show it; all widgets anew where the rules themselves are others."""
        now = self.session.choice
        if (now.region, now.cohort, now.obedience, now.world, now.baseline, now.policy) != (
            before.region, before.cohort, before.obedience, before.world, before.baseline, before.policy,
        ):  # fmt: skip
            self.sheet.picture.forget()
        self.ask()
        if edited or (now.policy, now.region) != (before.policy, before.region):
            self.build(self.panel.opened)
        else:
            self._stand()
        self.tabs.show(self.most)

    def _stand(self) -> None:
        self.panel.show()
        self.head.show()

    @alone
    def sharpen(self, most: int) -> None:
        """Another number of replications up to which the picture sharpens."""
        self.most = most
        self.ask()
        self.tabs.show(most)

    # ---- what comes back

    @alone
    def ask(self) -> None:
        """Ask for what is now on the screen, in place of whatever was asked before."""
        s = self.session
        self.engine.ask([s.spec(), s.baseline_spec(), s.written_spec()], self.most)
        self.look()

    def lines(self) -> list[Line]:
        """What the picture shows."""
        return lines(self.session, self.engine, self.w)

    @alone
    def look(self) -> None:
        """Take in what has come, draw it if it is worth a picture, and dim a picture of what was asked before."""
        self.engine.collect()
        world = self.session.spec().key, self.session.baseline_spec().key
        found = self.lines()
        counts = [len(x.runs) for x in found]
        n = min(counts)
        done = n >= self.most or self.engine.done
        key = (*world, tuple(counts), self.most, self.w.language)
        new = key[:2] != self.drawn[:2] or key[4:] != self.drawn[4:]
        late = time.monotonic() - self.drawn_at > PAUSE
        if n and key != self.drawn and (new or done or (n & (n - 1) == 0 and n > 1) or late):
            self.sheet.draw(found)
            self.drawn, self.drawn_at = key, time.monotonic()
        self.sheet.dim(self.drawn[:2] != world)
        self.say(how_far(self.session, self.engine, n, self.most, done, self.w))

    def say(self, text: str = "") -> None:
        """One line above the picture, below what was refused last."""
        self.status.value = as_html(self.refusal, text)

    def settle(self, seconds: float = 120.0) -> None:
        """Wait until all replications are drawn: for scripts, which have no loop to look for them."""
        self.engine.wait(seconds)
        self.look()


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the notebook is closing
        loop.call_soon_threadsafe(news.set)
