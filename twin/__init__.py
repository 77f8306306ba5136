"""The twin: the same model once more, in plain SimPy, to be read from top to bottom.

The engine (`simlib/`) is fast: whatever nobody shares is a vector of dates, and meetings are held
by compiled code. The twin is slow and plain: one process a drug, one a drug and hospital, one a
committee. Both follow `docs/semantics.md` and the pages that it lists, both start from the world
that `simlib.scenario.world` makes, and both ask the same keyed random numbers; no decision is shared.
So the same draws must give the same dates, to the last bit, and the tests see to it.

    python -m twin SCENARIO [REPLICATION]

Read the files in this order; each imports only files above it. You need some Python and the three
things to yield that the first file explains.

A beginning

    first.py         the first model: four drugs, six hospitals, one reviewer, in about 150 lines

What everything stands on

    clock.py         SimPy's clock, told by dates, with the order of things within a date
    dates.py         days, working days, months, deadlines
    draws.py         random numbers, each drawn by what it is for
    world.py         drugs and hospitals
    rule.py          one rule: when, for which drugs, at which hospitals
    rules.py         all rules: what is in force, and who obeys
    setting.py       these together, as every later part is handed them

A drug, before any hospital knows of it

    development.py   projects on their way to approval; later indications
    catalogue.py     the national catalogues, the local application list
    readiness.py     when the firm files
    listing.py       the platform and its reviewers

A drug at one hospital, to the shelf

    pair.py          the record of one drug at one hospital
    duties.py        duties of the hospital, and when their clocks start
    awareness.py     when the hospital learns of the listing
    asking.py        when a department asks

What weighs in the committee: money and what the hospital does about a drug

    months.py        rules as they are looked at once a month
    payers.py        price, fund, plans, charity, and what is left for the patient
    case_payment.py  what a case with the drug costs the hospital
    practice.py      what one hospital does about one drug
    budgets.py       what part of its plan a hospital has used up

The committee, and the way to the shelf

    decision.py      what a committee says, and why
    meetings.py      when it meets
    room.py          places of the formulary
    committee.py     agenda and hearings
    temporary.py     buying for single patients meanwhile
    recorded.py      buying on filing, before the listing
    purchase.py      from the yes to the shelf
    demand.py        a drug's patients in the region, and where the drug can be had
    community.py     what hospitals take over from the one whose formulary they share
    journey.py       all this as the process of one drug at one hospital

Patients and accounts

    use.py           patients, as expected numbers
    patients.py      the same patients, drawn one by one
    sittings.py      experts who review special cases
    accounts.py      what is added up on the first of a month

The whole

    routes.py        products that come past listing and committee
    model.py         all parts put together

A comment `SEMANTICS:` marks a place where the pages leave a choice, and says which was taken.
"""
