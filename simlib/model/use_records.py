"""Stages 9 to 11: the records of payers' terms, of pairs that may treat somebody, and of patients who wait."""

from __future__ import annotations

from enum import IntEnum

from simlib.core.records import Record, f8, flag, i4


class Pay(Record):
    """What payers' rules come to for one class of hospitals, month and drug."""

    price: float = f8("yuan/year", "price of a year's therapy")
    afford: float = f8("share", "patients who can pay their part")
    effect: float = f8(
        "yuan/case", "result of a case with the drug less result with the therapy replaced, without review"
    )
    up: float = f8("share", "cases that hospitals put up for special review")
    gain: float = f8("yuan/case", "what review brings a case that it serves")
    damp: float = f8("1", "factor on prescribing that holds at every hospital")
    share: float = f8("share", "patients who would go to a pharmacy")
    fill: float = f8("share", "prescriptions that pharmacies fill")
    days: float = f8("days", "from the sale to the firm's money")
    direct: float = f8("share", "sales that the fund pays directly")
    come: float = f8("share", "patients who come to be treated at all")
    exempt: bool = flag("the drug is outside hospitals' total budgets")


class Use(Record):
    """A pair that may treat somebody. Patients are expected numbers; dates are days from the start, inf for never."""

    h: int = i4("hospital", "place of the hospital")
    d: int = i4("drug", "place of the drug")
    case: int = i4("case", "its case; -1: none")
    next: int = i4("month", "the next month to be lived; -1: not begun")
    check: int = i4("month", "the edge at which use is checked next")
    checks: int = i4("count", "checks so far")
    flags: int = i4("bits", "rules that hold for it: TRAINED and those that follow it")
    since: float = f8("day", "regular stock")
    removed: float = f8("day", "taken off the formulary")
    recorded_from: float = f8("day", "beginning of supply on filing")
    recorded_to: float = f8("day", "end of supply on filing")
    start: float = f8("day", "first moment at which somebody can be treated")
    part: float = f8("patients/day", "patients who are at home here")
    able: float = f8("patients", "waiting, can be treated at the hospital")
    both: float = f8("patients", "waiting, can be treated at the hospital or supplied by a pharmacy")
    unable: float = f8("patients", "waiting, cannot pay or are not prescribed the drug")
    therapy: float = f8("patients", "on the drug from the hospital")
    pharmacy: float = f8("patients", "on the drug from a pharmacy")
    alpha: float = f8("share", "patients who can pay and are prescribed the drug, as of the last month")
    v: float = f8("share", "of these, those who may be supplied by a pharmacy, as of the last month")
    begun: float = f8("patients", "begun on the hospital's own stock since the last check")
    prescribe: float = f8("share", "patients whose doctors would prescribe the drug")


# bits of `Use.flags`
TRAINED, STUDIED, REFORMED, SHARE_FREE, BUDGET_FREE, LINKED, PRESCRIBING, HURRIED, ON_CONTRACT = (
    1 << i for i in range(9)
)


class Profile(Record):
    """What the patients of a drug go through while nothing is there for them, at the edge of a month."""

    waiting: float = f8("days", "waiting patients, by patients a day")
    exits: float = f8("days", "whose wait was over since approval, by patients a day")
    able_exits: float = f8("days", "of these, those who could have been treated")
    arrivals: float = f8("days", "who came since approval, by patients a day")
    unseen: float = f8("days", "of these, those who do not come to be treated")
    wait_days: float = f8("days x days", "days waited by those whose wait was over, by patients a day")


class Supply(Record):
    """One temporary supply of a case that has run out."""

    start: float = f8("day", "first day")
    end: float = f8("day", "the day after the last")
    before: int = i4("supply", "the one before it; -1: none")


class Month(Record):
    """What one pair's month brought, of use to its hospital's accounts."""

    days: float = f8("patient-days", "therapy from the hospital's stock")
    begun: float = f8("patients", "begun on the hospital's own stock")


class Way(IntEnum):
    """How a patient came to be treated: places in `Fates.treated`."""

    HOSPITAL = 0
    PHARMACY = 1
    TEMPORARY = 2
    STUDY = 3


class Fates(Record):
    """Sums over patients by drug and group of the hospital at home (expected numbers, from approval on)."""

    arrivals: float = f8("patients", "came to need the drug")
    unseen: float = f8("patients", "never come to be treated")
    treated: float = f8("patients", "begun on the drug, by way", tuple(way.name.lower() for way in Way))
    travelled: float = f8("patients", "treated elsewhere, at the end of their wait")
    lost: float = f8("patients", "not treated, at the end of their wait")
    waiting: float = f8("patients", "wait at the end of the run")
    wait_days: float = f8("patient-days", "waited by those whose wait was over")
    therapy_days: float = f8("patient-days", "on the drug from hospitals")
    pharmacy_days: float = f8("patient-days", "on the drug from pharmacies")
    pharmacy_24: float = f8("pairs", "share supplied by pharmacies 24 months after approval, added up over pairs")


class Money(Record):
    """Sums over pairs by class of hospital, month and drug."""

    hospital: float = f8("patient-days", "on the drug from hospitals")
    pharmacy: float = f8("patient-days", "on the drug from pharmacies")
    owed: float = f8("patient-days x days", "the former times the days until the firm is paid")
