"""The line above the picture: how far the simulation is, what was refused, and why a move changed nothing."""

from __future__ import annotations

import html

import numpy as np

from simlib.core.phrases import texts
from simlib.experiments.run import interval
from simlib.policy.merge import met
from simlib.policy.rules import Policy
from simlib.words import Words
from simlib.words.values import with_interval
from simlib.workbench.engine import Engine, Runs
from simlib.workbench.measures import MAIN
from simlib.workbench.session import Session

ENOUGH = 2  # replications that agree in everything before it is said that a change changes nothing


def how_far(session: Session, engine: Engine, n: int, most: int, done: bool, w: Words) -> str:
    """Where the simulation is; n: the replications that all lines of the picture have."""
    now = engine.of(session.spec())
    wrong = now.error or engine.of(session.baseline_spec()).error
    if wrong:
        return w.say("refused_english", why=wrong)
    if engine.trouble:
        return w.say("trouble", why=engine.trouble)
    if not n:
        some = any(map(len, engine.runs.values()))
        takes = texts("engine", w.language)["compiling_takes"]
        return w.say("running", n=0, most=most) if some else w.say("preparing", takes=takes)
    n = min(n, most)
    text = w.say("finished", n=n) if done else w.say("running", n=n, most=most)
    found = interval(now.sample(MAIN, n))
    if np.isfinite(found).all():
        text += w.say("interval_now", value=with_interval(MAIN[0], found, w))
    return text + no_effect(session, now, engine.of(session.written_spec()), w)


def no_effect(session: Session, now: Runs, written: Runs, w: Words) -> str:
    """That what was changed changes nothing, and which clauses prevail, if all common replications are the same."""
    n = min(len(now.prints), len(written.prints))
    if not session.changes or n < ENOUGH or now is written or now.prints[:n] != written.prints[:n]:
        return ""
    clauses = prevailing(session.policy())
    return w.say("no_effect_by", n=n, clauses=w["comma"].join(clauses)) if clauses else w.say("no_effect", n=n)


def prevailing(policy: Policy) -> list[str]:
    """Clauses of other documents to which changed rules yield."""
    found: dict[str, None] = {}
    for layer in policy.layers:
        for rule in layer.rules:
            if rule.changed:
                found |= dict.fromkeys(o["clause"] for o in met(policy, layer, rule)[1])
    return list(found)


def as_html(refusal: str, text: str) -> str:
    """The line, with what was refused above it."""
    above = f'<div class="simlib-refused">{html.escape(refusal)}</div>' if refusal else ""
    return above + html.escape(text, quote=False)
