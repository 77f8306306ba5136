"""The widgets of `explore`: what is picked above, rules at the left, the picture and what it amounts to at the right.

Nothing here waits. A move goes to the session and to the engine's process; a task of the notebook's own loop looks at
what has come back and draws it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import ipywidgets as iw
from IPython.display import display

from simlib.experiments.run import interval
from simlib.explore.engine import Engine, Runs
from simlib.explore.head import Head
from simlib.explore.panel import Panel
from simlib.explore.picture import Key, Line, Picture
from simlib.explore.session import WRITTEN, Choice, Session, Spec
from simlib.explore.tabs import Tabs
from simlib.explore.text import STYLE, numbers
from simlib.files import InputError
from simlib.report.colours import Look, look
from simlib.report.names import policy_name
from simlib.report.words.explore import explore_words

MAIN: Key = ("stocked_24m", "level", "3")
PAUSE = 0.4  # seconds between pictures while replications stream in, so that drawing does not take the kernel over


class Explorer:
    """One workbench on the screen."""

    current: Explorer | None = None  # a notebook has one; a cell that is run again replaces it

    def __init__(self, session: Session, language: str = "en", most: int = 16, engine: Engine | None = None) -> None:
        self.session, self.most = session, most
        self.w = explore_words(language)
        self.engine = engine or Engine()
        self.picture = Picture()
        self.task: asyncio.Task[None] | None = None
        self.drawn: tuple = ()
        self.drawn_at = 0.0
        self.status = iw.HTML()
        self.status.add_class("simlib-status")
        self.image = iw.Image(format="png", layout={"width": "100%", "max_width": "924px"})
        self.image.add_class("simlib-picture")
        self.table = iw.HTML()
        self.table.add_class("simlib-numbers")
        self.box = iw.VBox()
        self.build()
        self.ask()

    @classmethod
    def begin(cls, language: str, region: str, policy: str, most: int) -> Explorer:
        """The workbench of this notebook; InputError outside of one."""
        w = explore_words(language)
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
        while True:
            await news.wait()
            news.clear()
            self.look()

    def close(self) -> None:
        """End the simulation's process and the task that looks at it."""
        if self.task:
            self.task.cancel()
        self.engine.close()

    def _ipython_display_(self) -> None:
        display(self.box)

    # ---- the screen

    def build(self, opened: str | None = "committee") -> None:
        """All widgets anew, in the language and for the rulebook of now."""
        self.head = Head(self.session, self.w, self.most, self)
        self.panel = Panel(self.session, self.w, self.moved, opened)
        self.tabs = Tabs(self.session, self.w, self)
        self.panel.box.layout = {"max_height": "1000px", "overflow": "hidden auto"}  # the picture stays beside it
        left = iw.VBox(
            [iw.HTML(f"<b>{self.w['rules']}</b>"), self.panel.box], layout={"flex": "1 1 600px", "min_width": "560px"}
        )
        right = iw.VBox(
            [self.status, self.image, self.table, self.tabs.box], layout={"flex": "1 1 600px", "min_width": "520px"}
        )
        body = iw.HBox([left, right], layout={"flex_flow": "row wrap", "align_items": "flex-start"})
        self.box.children = [iw.HTML(STYLE), self.head.box, body]
        self.box.add_class("simlib-explore")

    def speak(self, language: str) -> None:
        """Everything in another language, the picture too."""
        self.w = explore_words(language)
        self.build(self.panel.opened)
        self.tabs.show(self.most)
        self.drawn = ()
        self.look()

    # ---- what a user does

    def moved(self, control: Any, **to: Any) -> None:
        """A rule was moved."""
        self.do(lambda: self.session.move(control, **to))

    def do(self, step: Any, anew: bool = False) -> None:
        """A step of the session, and all that follows from it; anew: for another world or rulebook."""
        before = self.session.choice
        try:
            step()
        except InputError as e:
            self.say(self.w.say("refused", why=e))
            self.panel.show()
            self.head.show()
            return
        now = self.session.choice
        if (now.region, now.cohort, now.obedience, now.baseline, now.policy) != (
            before.region, before.cohort, before.obedience, before.baseline, before.policy,
        ):  # fmt: skip
            self.picture.forget()
        self.ask()
        if anew or (now.policy, now.region) != (before.policy, before.region):
            self.build(self.panel.opened)
        else:
            self.panel.show()
            self.head.show()
        self.tabs.show(self.most)

    def sharpen(self, most: int) -> None:
        """Another number of replications up to which the picture sharpens."""
        self.most = most
        self.ask()
        self.tabs.show(most)

    # ---- what comes back

    def ask(self) -> None:
        """Ask for what is now on the screen, in place of whatever was asked before."""
        s = self.session
        self.engine.ask([s.spec(), s.baseline_spec(), s.written_spec()], self.most)
        self.look()

    def look(self) -> None:
        """Take in what has come, and draw it if it is worth a picture."""
        self.engine.collect()
        spec = self.session.spec()
        lines = self.lines()
        counts = [len(x.runs) for x in lines]
        n = min(counts)
        done = n >= self.most or self.engine.done
        key = (spec.key, self.session.baseline_spec().key, tuple(counts), self.most, self.w.language)
        new = key[:2] != self.drawn[:2] or key[4:] != self.drawn[4:]
        if (
            n
            and key != self.drawn
            and (new or done or n & (n - 1) == 0 and n > 1 or time.monotonic() - self.drawn_at > PAUSE)
        ):
            self.draw(lines)
            self.drawn, self.drawn_at = key, time.monotonic()
        self.say(self.how_far(n, done))

    def draw(self, lines: list[Line]) -> None:
        """The picture and the table of what is there."""
        cut = [
            Line(Runs(x.runs.values[: self.most], x.runs.curves[: self.most]), x.name, x.look, x.wide) for x in lines
        ]
        self.image.value = self.picture.png(cut, self.most, self.w)
        self.table.value = numbers(cut[-1].runs, cut[0].runs, cut[0].name, self.w)

    def lines(self) -> list[Line]:
        """What the picture shows: the baseline first, the rulebook as written once it was changed, and what is moved."""
        s, w = self.session, self.w
        name, p = policy_name(s.choice.policy, w, s.written()), look(s.choice.policy)
        now, base, written = s.spec(), s.baseline_spec(), s.written_spec()
        lines = []
        if base.key != now.key:
            own = s.choice.baseline == WRITTEN
            b = s.choice.policy if own else s.choice.baseline
            lines.append(
                self._line(
                    base, w.say("as_written", name=name) if own else policy_name(b, w), Look(look(b).colour, "o", ":")
                )
            )
        if written.key not in (now.key, base.key) and len(self.engine.of(written)):
            lines.append(self._line(written, w.say("as_written", name=name), Look(p.colour, p.marker, "--")))
        title = w.say("changed", name=name) if s.changes else name
        return [*lines, self._line(now, title, Look(p.colour, p.marker, "-"), True)]

    def _line(self, spec: Spec, name: str, how: Look, wide: bool = False) -> Line:
        return Line(self.engine.of(spec), name, how, wide)

    def how_far(self, n: int, done: bool) -> str:
        """One line on where the simulation is."""
        w, now = self.w, self.engine.of(self.session.spec())
        wrong = now.error or self.engine.of(self.session.baseline_spec()).error
        if wrong:
            return w.say("refused", why=wrong)
        if self.engine.trouble:
            return w.say("trouble", why=self.engine.trouble)
        if not n:
            return (
                w["preparing"]
                if not self.engine.runs or not any(map(len, self.engine.runs.values()))
                else w.say("running", n=0, most=self.most)
            )
        text = w.say("finished", n=min(n, self.most)) if done else w.say("running", n=n, most=self.most)
        mean, low, high = interval(100 * now.sample(MAIN, self.most))
        return text + (w.say("interval_now", value=f"{mean:.1f}", half=f"{(high - low) / 2:.1f}") if low == low else "")

    def say(self, text: str) -> None:
        """One line above the picture."""
        self.status.value = text.replace("&", "&amp;").replace("<", "&lt;")

    def settle(self, seconds: float = 120.0) -> None:
        """Wait until all replications are drawn: for scripts, which have no loop to look for them."""
        self.engine.wait(seconds)
        self.look()


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the notebook is closing
        loop.call_soon_threadsafe(news.set)
