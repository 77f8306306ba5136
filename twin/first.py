"""The first model: how four new drugs come into six hospitals. Real SimPy, to be read before anything else.

A drug is approved. The province's platform must list it, and has one reviewer. A hospital hears of
the listing, some day a department asks for the drug, the drug committee hears the request when it
next meets, and may put it off to the meeting after. Once it has said yes, the drug is bought, and
is on the shelf.

SimPy has a clock (`env.now`, here in days) and processes. A process is a function with `yield`: at
each `yield` it sleeps until what it yields has happened. Three things to yield are enough for this
model:

- `env.timeout(20)` happens when 20 days have passed;
- `platform.request()` happens when the reviewer is free for this dossier (a *resource*: who comes
  first is served first);
- `hospital.next_meeting` happens when somebody calls `succeed()` on it (an *event*: here the
  committee does, when it meets).

Run it from the project's folder, and read the days in its table from left to right:

    python -m twin.first

Then change a number in capitals below and run it again. With the numbers as they stand, this is the
world of `scenarios/toys/first.yaml`, and a test sees to it that the fast engine gives the same
dates to the last bit. All that the large model has on top (rules, limits, duties, money, patients)
are more such processes, and more reasons to wait.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import simpy

from simlib.core.streams import Q_ASK, Q_FIXED_DECISION, Q_PHASE, exponential, grid, uniform
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import World, build_world

REVIEWERS = 1
REVIEW = 20  # days of a reviewer's work on one dossier
NEWS = 7  # days until a hospital hears of a listing
ASKS_A_YEAR = 12.175  # a department asks after 365.25 / 12.175 = 30 days on average
MEETS_EVERY = 90  # days
PASS = 0.6  # chance of a yes at a hearing; otherwise the request is heard again at the next meeting
PURCHASE = 30  # days from the committee's yes to the shelf
HORIZON = 2500  # the day on which the simulation ends
YEAR = 365.25


@dataclass(frozen=True)
class Chance:
    """Random numbers that depend on what they are for, and not on when somebody asks for them.

    So each drug at each hospital has its own luck, whatever happens to the others. Another replication is
    another history of the same world. `grid` rounds to a tenth of a second, so that sums of days are exact.
    """

    key: tuple[int, int]  # seed and replication

    def days_until_asked(self, drug: int, hospital: int) -> float:
        """Exponential: at every moment a department is as likely to ask as at any other."""
        return grid(exponential(self.key, Q_ASK, 0, hospital, drug) * YEAR / ASKS_A_YEAR)

    def passes(self, drug: int, hospital: int, hearing: int) -> bool:
        """Does the committee say yes at this hearing (0 is the first)?"""
        return uniform(self.key, Q_FIXED_DECISION, hearing, hospital, drug) < PASS

    def first_meeting(self, hospital: int) -> float:
        """The day of a committee's first meeting: anywhere within the first interval."""
        return grid(uniform(self.key, Q_PHASE, 0, hospital, 0) * MEETS_EVERY)


class Hospital:
    """A hospital, with the event for which all wait who want to be heard by its committee."""

    def __init__(self, env: simpy.Environment, id_: int) -> None:
        self.id = id_
        self.next_meeting = env.event()


class Diary:
    """What happened, and when: `diary.listed[drug]` is a day, and so is `diary.stock[drug, hospital]`."""

    def __init__(self) -> None:
        self.listed: dict[int, float] = {}
        self.aware: dict[tuple[int, int], float] = {}
        self.asked: dict[tuple[int, int], float] = {}
        self.hearings: dict[tuple[int, int], int] = defaultdict(int)
        self.passed: dict[tuple[int, int], float] = {}
        self.stock: dict[tuple[int, int], float] = {}


# ---- the three kinds of process


def committee(env, hospital, first_meeting):
    """A hospital's committee meets again and again, and wakes all who wait for it."""
    yield env.timeout(first_meeting)
    while True:
        hospital.next_meeting.succeed()
        hospital.next_meeting = env.event()  # whoever comes from now on waits for the meeting after
        yield env.timeout(MEETS_EVERY)


def dossier(env, drug, approval, platform, hospitals, chance, diary):
    """A drug: approved, reviewed, listed. From then on every hospital goes its own way with it."""
    yield env.timeout(approval)
    with platform.request() as turn:
        yield turn
        yield env.timeout(REVIEW)
    diary.listed[drug] = env.now
    for hospital in hospitals:
        env.process(entry(env, drug, hospital, chance, diary))


def entry(env, drug, hospital, chance, diary):
    """One drug at one hospital, from the listing to the shelf."""
    here = drug, hospital.id
    yield env.timeout(NEWS)
    diary.aware[here] = env.now

    yield env.timeout(chance.days_until_asked(drug, hospital.id))
    diary.asked[here] = env.now

    while here not in diary.passed:
        yield hospital.next_meeting
        if chance.passes(drug, hospital.id, diary.hearings[here]):
            diary.passed[here] = env.now
        diary.hearings[here] += 1

    yield env.timeout(PURCHASE)
    diary.stock[here] = env.now


# ---- the world, and its run


def simulate(world: World) -> Diary:
    """Run the drugs and hospitals of a world from day 0 to the horizon."""
    env, diary, chance = simpy.Environment(), Diary(), Chance(world.key)
    platform = simpy.Resource(env, capacity=REVIEWERS)
    hospitals = [Hospital(env, id_) for id_ in world.hospitals.ids.tolist()]
    for hospital in hospitals:
        env.process(committee(env, hospital, chance.first_meeting(hospital.id)))
    for drug, approval in zip(world.drugs.ids.tolist(), world.drugs.approval.tolist(), strict=True):
        env.process(dossier(env, drug, approval, platform, hospitals, chance, diary))
    env.run(until=HORIZON)
    return diary


def main() -> None:
    """Print the days of every drug at every hospital."""
    world = build_world(load_scenario("first"), 0)
    diary = simulate(world)
    approved = dict(zip(world.drugs.ids.tolist(), world.drugs.approval.tolist(), strict=True))
    print("drug  hospital  approved    listed     aware     asked    passed     stock  hearings")
    for i, (drug, approval) in enumerate(approved.items(), start=1):
        for k, hospital in enumerate(world.hospitals.ids.tolist(), start=1):
            here = drug, hospital
            days = [approval, diary.listed.get(drug)]
            days += [found.get(here) for found in (diary.aware, diary.asked, diary.passed, diary.stock)]
            shown = "".join(f"{'never' if day is None else round(day, 1):>10}" for day in days)
            print(f"{i:4}{k:10}{shown}{diary.hearings[here]:10}")
    waits = [day - approved[drug] for (drug, _), day in diary.stock.items()]
    print(f"approval to stock: {np.mean(waits):.1f} days on average")


if __name__ == "__main__":
    main()
