"""Queues that grow: where more comes than can be heard or reviewed, waits are those of the run's length and of no steady state."""

from __future__ import annotations

from typing import NamedTuple

from simlib.experiments.run import Result

AGENDA, REVIEW = "overloaded", "reviewer_use"
NEARLY_ALL = {AGENDA: 0.9, REVIEW: 0.97}  # of meetings and of reviewers' time: from here on no queue has time to empty


class Overload(NamedTuple):
    """A queue that grows: the indicator that tells of it, for which hospitals ("3", "2", "1" or "all"), and its mean."""

    indicator: str
    group: str
    mean: float


def overloads(result: Result) -> list[Overload]:
    """Where demand reaches what can be done: nearly every agenda of a level is over-full, or reviewers are never idle."""
    means = result.values.mean(axis=1)
    found = []
    for (name, by, group), mean in means.items():
        if name in NEARLY_ALL and (by == "level" or name == REVIEW) and mean > NEARLY_ALL[name]:
            found.append(Overload(name, group, float(mean)))
    return found


def overload_notes(result: Result) -> list[str]:
    """The same as sentences."""
    return [_note(x) for x in overloads(result)]


def _note(x: Overload) -> str:
    tail = "the queue grows as long as the run lasts, so that waits are of no steady state"
    if x.indicator == REVIEW:
        return f"overload: reviewers are at work {100 * x.mean:.0f}% of their time; {tail}"
    return f"overload: at level {x.group} {100 * x.mean:.0f}% of meetings have more requests than places; {tail}"
