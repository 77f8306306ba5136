"""Stages 4 to 8: the records of drugs, hospitals and of the pairs that have asked, and the states of a pair."""

from __future__ import annotations

from enum import IntEnum

from simlib.core.records import Record, f8, flag, i1, i2, i4, i8

LEVELS = ("level_1", "level_2", "level_3")


class PairState(IntEnum):
    """Where a pair of hospital and drug stands, in the order of the flow."""

    NOT_LISTED = 0
    NOT_AWARE = 1
    NOT_ASKED = 2
    WAITING = 3
    DEFERRED = 4
    REFUSED = 5
    WAITING_FOR_ROOM = 6
    BEING_BOUGHT = 7
    STOCKED = 8
    TEMPORARY = 9
    REMOVED = 10
    OUT_OF_TARGET = 11


STATES = tuple(state.name.lower() for state in PairState)

# values of `State.slot` below the number of a case: the hospital does not treat the disease; it has not learned of the
# listing; it has, and its department has not asked yet
OUTSIDE, UNAWARE, SILENT = -9, -1, -2

# bits of `Hospital.pushed`
BY_LISTING, BY_CATALOGUE, BY_LIST = 1, 2, 4


class Timing(IntEnum):
    """Places of the packed durations in `State.dist`."""

    TEMPORARY = 0
    PURCHASE = 1
    AWARE = 2  # hospitals of level 1; levels 2 and 3 follow


class Drug(Record):
    """One drug. Dates are days from the start, inf for never."""

    id: int = i8("id", "number that keys its random draws")
    approval: float = f8("day", "approval")
    first_listed: float = f8("day", "first listing on any province's procurement platform")
    entered: float = f8("day", "published as a member of the basic catalogue")
    commercial: float = f8("day", "published as a member of the commercial catalogue")
    list_entry: float = f8("day", "first day on the list of drugs to be applied")
    duty_entered: float = f8("day", "the duty to meet after the basic catalogue begins for it")
    duty_commercial: float = f8("day", "the duty to meet after the commercial catalogue begins for it")
    duty_list: float = f8("day", "the duty to meet after the application list begins for it")
    recorded: float = f8("day", "the platform lets it be bought on filing, before it is listed")
    value: float = f8("standard deviations", "clinical value as committees see it")
    price: float = f8("standard deviations", "price as committees see it")
    appeal: float = f8("1", "factor on how fast departments come to ask for it")
    breadth: float = f8("share", "general tertiary hospitals that treat its disease")
    treats: float = f8("share", "of hospitals of a level that treat its disease, over that at tertiary ones", LEVELS)
    patients: float = f8("patients/100,000/year", "new patients who could use it")
    arrivals: float = f8("patients/year", "new patients in the region who could use it")
    approval_12: float = f8("day", "12 months after approval")
    approval_24: float = f8("day", "24 months after approval")
    entered_12: float = f8("day", "12 months after entry into the basic catalogue")
    entered_24: float = f8("day", "24 months after entry into the basic catalogue")
    area: int = i4("place", "its therapeutic area, among the cohort's areas")
    orphan: bool = flag("a drug of a rare disease, treated by the hospitals of its network")
    tcm: bool = flag("a traditional Chinese medicine of class 1")
    dear: bool = flag("dear enough to weigh on a hospital's drug share and cost a visit")
    two: bool = flag("would be a further specification of what the hospital stocks already")
    counted: bool = flag("approved in the time that indicators count")


class Hospital(Record):
    """One hospital."""

    id: int = i8("id", "number that keys its random draws")
    size: float = f8("1", "factor of its size on asking, mean 1 within its level")
    catchment: float = f8("share", "part of the region's patients who are at home here")
    self_pay: float = f8("share", "able patients at home here who buy at a self-pay pharmacy, once it sells")
    free: float = f8("places", "free places in the formulary; negative: drugs wait for one")
    target: float = f8("places", "free places that it returns to if no new drug comes")
    turn: float = f8("places/year", "places that fall free")
    last: float = f8("day", "up to when its pairs have been lived through")
    level: int = i4("1, 2 or 3", "level of the hospital")
    type: int = i4("place", "type of the hospital, in `simlib.world.region.TYPES`: general, specialist, TCM")
    area: int = i4("place", "therapeutic area of a specialist hospital")
    group: int = i4("place", "its group, a row of `State.tally`")
    province: int = i4("place", "its province, a row of `State.listed`")
    places: int = i4("items", "agenda places of a meeting; -1: no limit")
    month: int = i4("place", "the next first of a month on which its formulary turns over")
    duty_meetings: int = i4("meetings", "meetings added by duties, before indicators count too")
    targets: int = i4("drugs", "drugs whose disease it treats")
    line: int = i4("case", "first case of its line of requests; -1: none")
    woken: int = i4("place", "the next date of `State.wake_at` that it has not looked at")
    backlog: int = i4("items", "older products that wait for a hearing")
    over_share: bool = flag("above its target for the share of drugs in revenue")
    over_cost: bool = flag("above its target for the cost of drugs a visit")
    monitored: bool = flag("its performance monitoring counts new drugs against it")
    pushed: int = i4("bits", "duties that it could ever obey: BY_LISTING, BY_CATALOGUE, BY_LIST")
    direct: bool = flag("could ever take drugs in without a hearing")
    lead: int = i4("hospital", "place of the hospital whose formulary it shares; -1: none")
    network: bool = flag("a member of the network for rare diseases")
    leading: bool = flag("of level 3, and provincial or national")
    linkable: bool = flag("could ever prescribe to dual-channel pharmacies")
    studies: bool = flag("could ever take patients into a study after approval")


class Case(Record):
    """A pair whose department has asked at least once. Dates are days from the start, inf for never."""

    h: int = i4("hospital", "place of the hospital")
    d: int = i4("drug", "place of the drug")
    state: int = i4("PairState", "where it stands since `since`")
    asks: int = i4("count", "requests put so far")
    hearings: int = i4("count", "hearings so far")
    needs: int = i4("count", "needs of patients drawn so far")
    refusals: int = i4("count", "refusals so far")
    temporaries: int = i4("count", "temporary purchases so far")
    missed: int = i4("count", "meetings that did not come to the present request")
    reason: int = i4("Ground", "ground of the last refusal")
    temporary: bool = flag("a temporary supply runs without an end")
    lifted: bool = flag("a patient's need has lifted a lock-out")
    in_line: bool = flag("stands in its hospital's line of requests")
    supplied: int = i1("bits", "of the drug's four dates (`Mark`), those at which temporary supply was there")
    first_missed: int = i4("count", "meetings missed before the first hearing")
    since: float = f8("day", "beginning of the present state, up to which days have been counted")
    request: float = f8("day", "date of the present request")
    waiting_from: float = f8("day", "request, or the deferral since")
    until: float = f8("day", "end of the lock-out")
    need: float = f8("day", "next need of a patient")
    direct: float = f8("day", "taken in without a hearing, if it still waits then")
    supply_from: float = f8("day", "beginning of the last temporary supply")
    supply_to: float = f8("day", "end of the last temporary supply")
    passed: float = f8("day", "passed by the committee or taken in directly")
    room: float = f8("day", "has its place in the formulary")
    stock: float = f8("day", "regular stock")
    first_ask: float = f8("day", "first request")
    first_heard: float = f8("day", "first hearing")
    temporary_first: float = f8("day", "beginning of the first supply before regular stock")
    specialty: float = f8("1", "how much the hospital has to do with the drug")
    weight: float = f8("1", "rank on the agenda: level x size x specialty x what patients make of it x appeal")
    removed: float = f8("day", "taken off the formulary for want of use")
    due: float = f8("day", "next date on which something happens to it without a meeting")
    recorded_from: float = f8("day", "beginning of supply on filing, before listing")
    recorded_to: float = f8("day", "end of supply on filing")
    supplies: int = i4("supply", "the last temporary supply that has run out; -1: none")
    behind: int = i4("case", "the next case in the hospital's line; -1: none")


class Mark(IntEnum):
    """The four dates of a drug at which stock is counted, and their bits in `Case.supplied`."""

    APPROVAL_12 = 0
    APPROVAL_24 = 1
    CATALOGUE_12 = 2
    CATALOGUE_24 = 3


class Supplied(IntEnum):
    """Bits that say what a hospital had of a drug around a date, as `finish.note_supplies` leaves them."""

    STOCKED = 1  # regular stock on that day
    IN_MONTH = 2  # supply of any kind in the month up to it
    IN_YEAR = 4  # supply of any kind in the year up to it


class Note(Record):
    """One event of the log; see `simlib.model.log`."""

    h: int = i4("hospital", "place of the hospital")
    d: int = i4("drug", "place of the drug")
    t: float = f8("day", "when it happened")
    until: float = f8("day", "a second date: an end or a beginning, by the kind of event; inf for none")
    event: int = i2("place", "kind of event, in `simlib.model.log.EVENTS`")
    detail: int = i2("1", "a count, or what the kind of event says")
    rule: int = i4("rule", "place in `State.rules` of the rule that mattered; -1: none")
