import pytest

import simlib
from simlib.model.model import replicate
from simlib.model.sums import TALLY

HOSPITAL = {"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
            "kind": "assumed", "source": "toy"}  # fmt: skip
REGION = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG",
          "strata": [HOSPITAL]}  # fmt: skip


def test_meetings_of_a_duty_are_counted_once_however_many_regular_ones_there_are():
    changes = {
        "committee.meetings.every": {
            "level_3": 9,
            "level_2": 9,
            "level_1": 9,
        },  # 111 in 1000 days: more than fit at first
        "policy": _duty("5 days"),
        "replications": 2,
    }
    result = simlib.simulate(simlib.load_scenario("meetings-90-duty", changes), workers=1, progress=False)
    added = (
        result.value("duty_meetings_per_year")["mean"] * 1000 / 365.25
    )  # a hospital, in the one that the duty can add
    assert added == pytest.approx(4 / 9, abs=0.05)


@pytest.mark.parametrize(("listed", "meetings", "added"), [(100, 2, 1), (890, 1, 0), (969, 2, 1), (970, 1, 0)])
def test_a_duty_adds_a_meeting_that_is_not_there_and_none_after_the_run(listed, meetings, added):
    # the committee meets on day 900 by itself; the run ends on day 1000, which is no longer part of it
    rhythm = {"grid": 10_000, "phase": 900}
    changes = {"policy": _duty("30 days"), "cohort": {"days": [listed]}, "committee.meetings": rhythm, "region": REGION}
    tally = replicate(simlib.load_scenario("meetings-90-duty", changes), 0).tally
    assert [tally[:, TALLY.index(name)].sum() for name in ("meetings", "duty_meetings")] == [meetings, added]


@pytest.mark.parametrize(("calendar", "most", "added"), [("every_day", 2, 3), ("every_day", 3, 4), ("china", 2, 3)])
def test_duties_add_no_more_meetings_a_year_than_a_committee_can_hold(calendar, most, added):
    # three drugs in the first year, one in the second; the committee's own meeting comes later
    changes = {"policy": _duty("30 days"), "cohort": {"days": [100, 150, 200, 450]}, "region": REGION, "calendar": calendar,
               "committee.meetings": {"grid": 10_000, "phase": 900}, "committee.max_duty_meetings_a_year": most}  # fmt: skip
    tally = replicate(simlib.load_scenario("meetings-90-duty", changes | {"start": "2020-01-01"}), 0).tally
    assert tally[:, TALLY.index("duty_meetings")].sum() == added


@pytest.mark.parametrize("least", [4, 40])  # forty a year are more than there is room for at first
def test_a_minimum_of_meetings_holds_for_the_committee_whatever_drugs_there_are(least):
    rules = {"committee.min_meetings_per_year": {"value": least, "strength": "must", "clause": "toy", "kind": "stated"}}
    changes = {"policy": _duty("30 days") | {"rules": rules}, "cohort": {"days": [100]}, "region": REGION,
               "horizon_days": 4 * 365.25, "committee.meetings": {"grid": 10_000, "phase": 900}}  # fmt: skip
    tally = replicate(simlib.load_scenario("meetings-90-duty", changes), 0).tally
    assert tally[:, TALLY.index("meetings")].sum() == 4 * least


def test_jitter_moves_the_meetings_of_a_grid():
    changes = {"policy": "before-2021", "cohort": {"days": [50]}, "region": REGION}
    day = {}
    for jitter in (0, 20):
        meetings = {"grid": 90, "phase": 10, "jitter": jitter}
        scenario = simlib.load_scenario("meetings-90", changes | {"committee.meetings": meetings})
        day[jitter] = replicate(scenario, 0, pairs=True).pairs.first_heard[0, 0]
    assert day[0] == 100 and day[20] != 100 and 80 <= day[20] <= 120


def _duty(within: str) -> dict:
    rule = {"within": within, "strength": "must", "clause": "toy", "kind": "stated"}
    title = {"en": "Convene", "zh": "召开"}
    head = {"format": 1, "name": "short-duty", "title": title, "document": "toy", "place": "toy"}
    return {**head, "rules": {"committee.duty": {"listing": rule}}}
