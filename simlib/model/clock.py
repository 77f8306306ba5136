"""Moments on SimPy's clock."""

from __future__ import annotations

import math

import simpy


def at(env: simpy.Environment, t: float, rank: int) -> simpy.Event:
    """An event at an absolute time; of events at one time the lower rank comes first, of one rank the one made first.

    ValueError for a time that is over, or none at all: SimPy would put it into its queue, and the order there would be lost.
    """
    if not env.now <= t < math.inf:
        raise ValueError(f"{t} is no time from {env.now} on")
    event = simpy.Event(env)
    event._ok, event._value = True, None
    env.schedule(event, priority=rank, delay=t - env.now)
    return event
