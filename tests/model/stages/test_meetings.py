import pytest

import simlib


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


def _duty(within: str) -> dict:
    rule = {"within": within, "strength": "must", "clause": "toy", "kind": "stated"}
    title = {"en": "Convene", "zh": "召开"}
    head = {"format": 1, "name": "short-duty", "title": title, "document": "toy", "place": "toy"}
    return {**head, "rules": {"committee.duty": {"listing": rule}}}
