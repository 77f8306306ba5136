"""What a replication counts: by hospital group (`Tally`), and by drug and hospital group (`Cube`)."""

from __future__ import annotations

from enum import IntEnum

from simlib.core.records import Record, f8, i8
from simlib.model.pair_records import STATES
from simlib.policy.levers import BARRIERS

Barrier = IntEnum("Barrier", [name.upper() for name in BARRIERS], start=0)
Barrier.__doc__ = (
    "Grounds that a hospital may hold against a drug whatever the drug is worth, in the order of BARRIERS."
)

GROUNDS = ("leaning", "value", "relevance", "price", "view", *BARRIERS)
Ground = IntEnum("Ground", [name.upper() for name in GROUNDS], start=0)
Ground.__doc__ = "Why a committee refuses: what weighed most, or a barrier."
FIRST_BARRIER = GROUNDS.index(BARRIERS[0])  # grounds from here on are barriers


class Tally(Record):
    """Counts of one hospital group, from the day on which the policy holds."""

    hospitals: float = f8("count", "hospitals")
    meetings: float = f8("count", "meetings")
    duty_meetings: float = f8("count", "meetings added by a duty")
    overloaded: float = f8("count", "meetings with more items than places")
    load: float = f8("meetings", "items by places, added up over meetings")
    hearings: float = f8("count", "hearings")
    passes: float = f8("count", "drugs passed")
    deferrals: float = f8("count", "hearings put off")
    refusals: float = f8("count", "refusals")
    lapses: float = f8("count", "requests that lapsed unheard")
    direct: float = f8("count", "drugs taken in without a hearing")
    temporaries: float = f8("count", "temporary purchases")
    purchases_limited: float = f8("count", "passes whose purchase had a limit within the run")
    purchases_in_time: float = f8("count", "of these, those bought in time")
    purchases: float = f8("count", "passes bought within the run")
    reasons: float = f8("count", "refusals by ground", tuple(f"reason_{g}" for g in GROUNDS))
    active: float = f8("count", "hearings in which a barrier stood", tuple(f"active_{b}" for b in BARRIERS))
    decisive: float = f8("count", "hearings lost by a barrier alone", tuple(f"decisive_{b}" for b in BARRIERS))


class Cube(Record):
    """Sums over the target pairs of one drug and hospital group."""

    targets: float = f8("pairs", "target pairs")
    stocked: float = f8(
        "pairs",
        "in stock at a date (`Mark`)",
        ("stocked_12", "stocked_24", "stocked_12_catalogue", "stocked_24_catalogue"),
    )
    provided: float = f8(
        "pairs",
        "in stock or supplied otherwise at a date (`Mark`)",
        ("provided_12", "provided_24", "provided_12_catalogue", "provided_24_catalogue"),
    )
    months_observed_24: float = f8("pair-months", "of the first 24 months after approval, those within the run")
    months_unstocked_24: float = f8("pair-months", "of these, those without regular stock")
    stocked_end: float = f8("pairs", "in stock at the end of the run")
    asked: float = f8("pairs", "whose department asked")
    heard: float = f8("pairs", "heard by a committee")
    passed: float = f8("pairs", "passed")
    ever_temporary: float = f8("pairs", "ever supplied before regular stock")
    wait_days: float = f8("days", "from first request to first hearing, added up")
    waits: float = f8("pairs", "over which `wait_days` are added up")
    heard_at_first: float = f8("pairs", "heard at the first meeting after the request")
    stock_days: float = f8("days", "from approval to regular stock, added up")
    stocks: float = f8("pairs", "over which `stock_days` are added up")
    days: float = f8("days", "in each state in the first 24 months after approval", tuple(f"days_{s}" for s in STATES))


class Count(Record):
    """How many rows of a growing array are in use, and how much was done."""

    cases: int = i8("count", "pairs that have asked")
    uses: int = i8("count", "pairs in stock")
    supplies: int = i8("count", "temporary supplies that have run out")
    visits: int = i8("count", "times that a pair was looked at")
    notes: int = i8("count", "events noted, whether or not the log had room")
    stuck: int = i8("place", "h * D + d + 1 of a pair whose steps at one moment did not end; 0: none")


CUBE = Cube.names()
TALLY = Tally.names()
