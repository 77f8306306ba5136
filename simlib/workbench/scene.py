"""What the picture shows of a session: the baseline, the rulebook as written once it was changed, and what is moved."""

from __future__ import annotations

from simlib.see.colours import Look, look
from simlib.words import Words
from simlib.words.names import policy_name
from simlib.workbench.engine import Engine
from simlib.workbench.picture import Line
from simlib.workbench.session import WRITTEN, Session


def lines(session: Session, engine: Engine, w: Words) -> list[Line]:
    """The lines, the baseline first (none where it is the same world) and what is moved last."""
    c, now, written = session.choice, session.spec(), session.written_spec()
    name, p = policy_name(c.policy, w, session.written()), look(c.policy)
    as_written = w.say("as_written", name=name)
    out = []
    base = session.baseline_spec()
    if base.key != now.key:
        own = c.baseline == WRITTEN
        title, colour = (as_written, p.colour) if own else (policy_name(c.baseline, w), look(c.baseline).colour)
        out.append(Line(engine.of(base), title, Look(colour, "o", ":")))
    if written.key not in (now.key, base.key) and len(engine.of(written)):
        out.append(Line(engine.of(written), as_written, Look(p.colour, p.marker, "--")))
    title = w.say("changed", name=name) if session.changes else name
    return [*out, Line(engine.of(now), title, Look(p.colour, p.marker, "-"), True)]
