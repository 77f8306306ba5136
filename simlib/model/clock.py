"""Moments on SimPy's clock."""

from __future__ import annotations

import simpy


def at(env: simpy.Environment, t: float, rank: int) -> simpy.Event:
    """An event at an absolute time; of events at one time the lower rank comes first, of one rank the one made first."""
    event = simpy.Event(env)
    event._ok, event._value = True, None
    env.schedule(event, priority=rank, delay=t - env.now)
    return event
