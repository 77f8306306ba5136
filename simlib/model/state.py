"""The one state that the functions of the stages share: flat arrays, laid out so that a meeting touches one row.

A pair (hospital, drug) that has not asked yet is two numbers (`x`, `slot`); a pair that has asked gets a case.
Nothing is stored that a keyed draw can tell again. `docs/state.md` is made from the declarations here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np

from simlib.core.compiled import is_plain
from simlib.core.distributions import Distribution, pack
from simlib.core.records import Record, Rows, plainly
from simlib.core.workdays import Table
from simlib.model.numbers import Numbers
from simlib.model.pair_records import Case, Drug, Hospital, Note
from simlib.model.rules import Later, Rule, Shift
from simlib.model.sums import Count, Cube, Tally
from simlib.model.use_records import Fates, Money, Month, Pay, Profile, Supply, Use
from simlib.scenario.world import World


@dataclass(frozen=True)
class Shape:
    """What an array of the state holds.

    axes: its dimensions, by letters of `SIZES` or as numbers ("K, D, 3"; "" for one number or record). unit: of its numbers,
    "" for records, whose fields have units of their own. meaning: one sentence. kind: NumPy type code where it is not a record.
    """

    axes: str
    unit: str
    meaning: str
    kind: str = "f8"


SIZES = {
    "D": "drugs",
    "P": "provinces of the region, one where it names none",
    "H": "hospitals",
    "G": "groups of hospitals: same level, type, owner and place",
    "K": "knots: dates on which rates of asking are read anew (firsts of months and publications)",
    "J": "months of stages 9 to 11, from edge to edge",
    "C": "classes of hospitals that no payer's rule tells apart",
    "S": "scopes of drugs or of hospitals",
    "R": "rules",
    "Q": "queues: one a hospital, then one a drug and level",
    "*": "as many as the run needs",
}

Floats = Integers = Booleans = np.ndarray  # what an editor is told; `Shape` says the rest


class State(NamedTuple):
    """All arrays of one replication."""

    key: Annotated[tuple, Shape("2", "1", "seed and replication, the key of all random draws", "tuple")]
    table: Annotated[Table, Shape("", "", "the calendar; see `simlib.core.workdays.Table`", "Table")]
    num: Annotated[Numbers, Shape("", "", "numbers and switches of the scenario")]
    dist: Annotated[Rows[Distribution], Shape("*", "", "durations that stages draw from, by `Timing`")]
    pool: Annotated[Floats, Shape("*", "by duration", "values of empirical durations")]
    # rules
    rules: Annotated[Rows[Rule], Shape("R", "", "rules that hospitals obey, sorted by key")]
    first: Annotated[Integers, Shape("*", "rule", "the rules of key k are those from first[k] to first[k + 1]", "i4")]
    shifts: Annotated[Rows[Shift], Shape("*", "", "oversight that makes hospitals obey more, sorted by kind")]
    later: Annotated[Rows[Later], Shape("*", "", "rules that replace others where they reach")]
    since: Annotated[Floats, Shape("S, D", "day", "from when a drug is inside a scope of drugs, inf for never")]
    where: Annotated[
        Booleans, Shape("S, *", "yes/no", "whether hospitals of a kind are inside a scope of hospitals", "?")
    ]
    obey_u: Annotated[Floats, Shape("H, *", "log-odds", "a hospital obeys a key's rule of base log-odds above this")]
    other_u: Annotated[
        Floats, Shape("D, *", "probability", "an addressee that is no hospital obeys above this, by key")
    ]
    kind: Annotated[Integers, Shape("H", "place", "hospitals of one kind are in the scopes of the same rules", "i8")]
    lean_at: Annotated[Floats, Shape("D, *", "day", "when oversight of a drug can change, increasing")]
    lean: Annotated[
        Floats, Shape("*, D, *", "log-odds", "by kind, drug and step: shifts added up, NaN until asked for")
    ]
    late: Annotated[Floats, Shape("2, *", "key; day", "duties that set a clock for what lies before them (reading A7)")]
    # drugs, hospitals, pairs
    drug: Annotated[Rows[Drug], Shape("D", "", "the drugs")]
    listed: Annotated[Floats, Shape("P, D", "day", "listing on each province's procurement platform, inf for never")]
    channels: Annotated[
        Floats, Shape("P, D", "1", "factor of information channels on the time until hospitals learn of it")
    ]
    hospital: Annotated[Rows[Hospital], Shape("H", "", "the hospitals")]
    x: Annotated[Floats, Shape("H, D", "day; 1", "date of learning while unaware, threshold of asking while silent")]
    slot: Annotated[Integers, Shape("H, D", "case", "the pair's case, or OUTSIDE, UNAWARE, SILENT", "i4")]
    cases: Annotated[Rows[Case], Shape("*", "", "pairs that have asked; the first `count.cases` are in use")]
    indications: Annotated[Floats, Shape("D, 3", "day", "later indications, inf for none")]
    years: Annotated[Integers, Shape("2", "1", "year and month (0 to 11) of the start", "i8")]
    # interest in a drug
    knots: Annotated[Floats, Shape("K", "day", "when rates of asking are read anew")]
    firsts: Annotated[Floats, Shape("*", "day", "firsts of months")]
    rounds: Annotated[Floats, Shape("*", "day", "publications of catalogues")]
    c: Annotated[Floats, Shape("K, D, 3", "1", "interest at the knot, by drug and level")]
    effort: Annotated[Floats, Shape("D, 3", "1", "factor of the firm's effort on asking, by drug and level")]
    rate: Annotated[Floats, Shape("K, D, 3", "1/day", "its rate from the knot on")]
    bins: Annotated[Integers, Shape("*, D, 3", "pairs", "newly stocked by each first of a month", "i4")]
    stocked: Annotated[Integers, Shape("D, 3", "pairs", "in stock, as of the last first of a month", "i4")]
    targets: Annotated[Integers, Shape("D, 3", "pairs", "hospitals that treat the disease", "i4")]
    # whose turn it is (`stages/queues.py`)
    queue_key: Annotated[Floats, Shape("*", "day; 1", "dates or thresholds of all queues, each a heap")]
    queue_item: Annotated[Integers, Shape("*", "drug; hospital", "whom each concerns", "i4")]
    queue_start: Annotated[Integers, Shape("*", "place", "where each queue begins, and the next one", "i8")]
    queue_size: Annotated[Integers, Shape("Q", "count", "entries of each queue", "i8")]
    learners: Annotated[Integers, Shape("*", "h * D + d", "pairs that will learn of a listing, by knot", "i4")]
    learners_from: Annotated[Integers, Shape("*", "place", "those of knot k are from here on", "i8")]
    wake_at: Annotated[Floats, Shape("*", "day", "dates on which a duty may push who is silent, increasing")]
    reach: Annotated[
        Floats,
        Shape(
            "*, *, *",
            "log-odds",
            "by date of `wake_at`, kind and drug: a duty after a catalogue is kept below; NaN until asked",
        ),
    ]
    wake_drug: Annotated[Integers, Shape("*", "drug", "whom each concerns; PUBLICATION or DUTY for all", "i8")]
    seen: Annotated[
        Integers, Shape("*", "count", "round of calls in which each drug was called last; then the present", "i8")
    ]
    called: Annotated[Integers, Shape("D", "drug", "scratch: drugs called up", "i8")]
    agenda: Annotated[Integers, Shape("D", "case", "scratch: cases that wait", "i8")]
    # sums and the log
    tally: Annotated[Rows[Tally], Shape("G", "", "counts by group of hospitals")]
    cube: Annotated[Rows[Cube], Shape("D, G", "", "sums by drug and group")]
    count: Annotated[Count, Shape("", "", "rows in use of the arrays that grow")]
    log: Annotated[Rows[Note], Shape("*", "", "events; of length 0 where nobody asks for them")]
    # stages 9 to 11
    edges: Annotated[Floats, Shape("J+1", "day", "beginnings of the months, and the horizon")]
    klass: Annotated[Integers, Shape("H", "place", "class of a hospital", "i4")]
    city: Annotated[Integers, Shape("H", "place", "city of a hospital", "i4")]
    capital: Annotated[Integers, Shape("H", "place", "the city that is the capital of its province", "i4")]
    pay: Annotated[Rows[Pay], Shape("C, J, D", "", "payers' terms")]
    profile: Annotated[Rows[Profile], Shape("C, J+1, D", "", "patients of whom nobody can be treated yet")]
    decay: Annotated[Floats, Shape("J, D", "share", "waiting patients who still wait a whole month later")]
    fade: Annotated[Floats, Shape("J", "share", "patients on a drug who still are a whole month later")]
    more: Annotated[Floats, Shape("J, D", "1", "factor of later indications on arrivals")]
    window: Annotated[Floats, Shape("D", "days", "mean time for which a patient can wait; 0: not at all")]
    designated: Annotated[Floats, Shape("D", "day", "dual-channel pharmacies hold the drug, inf for never")]
    sold: Annotated[Floats, Shape("D", "day", "self-pay pharmacies sell the drug, inf for never")]
    weight: Annotated[Floats, Shape("D", "share", "catchments of the hospitals that treat the disease, added up")]
    arrive: Annotated[Floats, Shape("D", "patients/day", "new patients in the region")]
    standard: Annotated[Floats, Shape("D", "yuan/case", "payment standard of the therapy replaced")]
    first_city: Annotated[Floats, Shape("*, D", "day", "first stock in a city, inf for never")]
    used: Annotated[Floats, Shape("J, H", "share", "of the year's plan that is used at the edge")]
    plan: Annotated[Floats, Shape("H", "yuan", "the year's plan")]
    spent: Annotated[Integers, Shape("H", "fen", "spent on new drugs since the year began", "i8")]
    year: Annotated[Integers, Shape("J", "year", "calendar year of the month", "i8")]
    change: Annotated[Integers, Shape("J", "0 or 1", "a rule begins or ends since the edge before", "i1")]
    differs: Annotated[Integers, Shape("J, D", "0 or 1", "what rules about the drug rest on changed since then", "i1")]
    served: Annotated[Floats, Shape("J", "share", "of the line that the last special review heard")]
    wait: Annotated[Floats, Shape("J", "months", "mean wait for special review")]
    queue: Annotated[Integers, Shape("J", "1e-6 cases", "put up for special review", "i8")]
    reviewed: Annotated[Floats, Shape("J", "yuan", "what these cases would bring")]
    fates: Annotated[Rows[Fates], Shape("D, G", "", "what becomes of patients")]
    money: Annotated[Rows[Money], Shape("C, J, D", "", "days on the drug, and days owed")]
    uses: Annotated[Rows[Use], Shape("*", "", "pairs in stock; the first `count.uses` are in use")]
    supplies: Annotated[Rows[Supply], Shape("*", "", "temporary supplies that have run out")]
    month: Annotated[Month, Shape("", "", "scratch: what a pair's month brought")]
    so_far: Annotated[Profile, Shape("", "", "scratch: a profile up to a moment")]
    unstocked: Annotated[Use, Shape("", "", "scratch: a pair without stock, lived through at the horizon")]
    held: Annotated[
        Floats, Shape("*", "by lever", "scratch: values of the keys of stages 9 to 11 that hold for a pair")
    ]


def shapes() -> dict[str, tuple[type[Record] | None, Shape]]:
    """By name of an array of the state: the record that it consists of (None: plain numbers), and its shape."""
    found = {}
    for name, hint in get_type_hints(State, include_extras=True).items():
        kind, shape = get_args(hint)
        record = (get_args(kind) or (kind,))[0]
        found[name] = record if isinstance(record, type) and issubclass(record, Record) else None, shape
    return found


def distributions(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Packed durations that stages draw from, in the order of `Timing`."""
    p = world.p
    return pack([p.temporary.time, p.purchase.time, *p.awareness.lag.all()])


def share(arrays: State) -> Any:
    """What functions of the stages take for S: one pointer to the arrays; where nothing is compiled, rows of records.

    As a tuple every call would pass 200 words, and compiling took six times as long.
    """
    if is_plain():
        return plainly(arrays)
    from simlib.model.pointer import Pointer

    return Pointer(arrays)
