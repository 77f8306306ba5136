"""Hand checks of the twin: readings that change when a clock starts or ends."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tests.twin.toys import rule
from tests.twin.worlds import date, duty, ruled


def test_listed_an_obeying_hospital_learns_on_the_day_of_listing():
    lag = {"awareness": {"lag": {"level_3": 20, "level_2": 20, "level_1": 20}}}
    keys = {"rules": {"committee.duty": {"listing": duty("10 days")}}, "parameters": lag}
    r = ruled("awareness", **keys)
    assert (r.aware[0, 0], r.passed[0, 0]) == (120, 130)
    r = ruled("awareness", clocks={"listing": "listed"}, **keys)
    assert (r.aware[0, 0], r.passed[0, 0]) == (100, 110)
    r = ruled("awareness", clocks={"listing": "listed"}, obedience="none", **keys)
    assert (r.aware[0, 0], r.duty_meetings[0]) == (120, 0)


def test_force_and_lag_move_the_clock_of_the_catalogue_duty_alone():
    keys = {"rules": {"committee.duty": {"catalogue": duty("10 days", scope="negotiated")}},
            "rounds": "catalogue_rounds", "parameters": {"catalogue": {"first_success": 1}}}  # fmt: skip
    for clocks, due in [
        ({}, date(2021, 1, 7)),  # published on 28 December 2020
        ({"catalogue_lag": 7}, date(2021, 1, 14)),
        ({"catalogue_day": "force"}, date(2021, 3, 11)),  # in force from 1 March 2021
        ({"catalogue_day": "force", "catalogue_lag": 7}, date(2021, 3, 18)),
    ]:
        r = ruled("catalogue", clocks=clocks, **keys)
        assert (r.entered[0], r.passed[0, 0]) == (date(2020, 12, 28), due)


def test_the_recanvass_stays_on_publications_later_than_the_moved_clock():
    """Only pushes ask here, and the duty binds from June 2021 on, when the catalogue of 28 December is past."""
    asking = {"all_before_committee": False, "lambda0": 1e-6, "push_exposure": 1e9, "push_recheck": 1}
    later = duty("10 days", scope="negotiated", **{"from": dt.date(2021, 6, 1)})
    keys = {"rules": {"committee.duty": {"catalogue": later}}, "rounds": "catalogue_rounds", "hospitals": 20,
            "parameters": {"catalogue": {"first_success": 1}, "asking": asking}}  # fmt: skip
    publication = date(2021, 12, 3)
    for lag, ask in [(0, publication), (100, publication), (341, publication + 1)]:  # 28 December + 341: 4 December
        r = ruled("catalogue", "asking", clocks={"catalogue_lag": lag}, **keys)
        assert set(r.first_ask[np.isfinite(r.aware)]) == {ask}


def test_basic_leaves_the_commercial_catalogue_without_a_duty():
    rules = {"catalogue.commercial.enabled": rule(True),
             "committee.duty": {"catalogue": duty("10 days", scope="negotiated+commercial_list")}}  # fmt: skip
    catalogue = {"first_success": 0, "later_success": 0, "commercial_success": 1, "commercial_price_above": -99}
    keys = {"rules": rules, "rounds": "catalogue_rounds", "parameters": {"catalogue": catalogue}}
    r = ruled("catalogue", **keys)
    assert (r.commercial[0], r.passed[0, 0]) == (date(2020, 12, 28), date(2021, 1, 7))
    assert ruled("catalogue", clocks={"catalogue_day": "force"}, **keys).passed[0, 0] == date(2021, 3, 11)
    assert ruled("catalogue", clocks={"catalogues": "basic"}, **keys).duty_meetings[0] == 0


def test_catch_up_starts_one_clock_on_the_first_day_of_a_rule():
    later = dt.date(2020, 1, 1) + dt.timedelta(400)
    asking = {"all_before_committee": False, "lambda0": 1e-6, "push_exposure": 1e9}
    keys = {"rules": {"committee.duty": {"listing": duty("10 days", **{"from": later})}}, "hospitals": 20,
            "cohort": {"days": [100, 400, 450]}, "parameters": {"asking": asking}}  # fmt: skip
    for past, first in [("none", np.inf), ("catch_up", 400)]:
        r = ruled("asking", clocks={"past": past}, **keys)
        for d, (ask, passed) in enumerate([(first, first + 10), (400, 410), (450, 460)]):
            targets = np.isfinite(r.aware[:, d])
            assert targets.any() and (r.first_ask[targets, d] == ask).all() and (r.passed[targets, d] == passed).all()
    r = ruled("asking", clocks={"past": "catch_up"}, obedience="none", **keys)
    assert not np.isfinite(r.passed).any()


def test_catch_up_counts_every_duty_and_only_what_lies_before():
    later = {"from": dt.date(2021, 1, 10)}
    rules = {"catalogue.application_list.update": rule("continuous"),
             "committee.duty": {"catalogue": duty("10 days", scope="negotiated", **later),
                                "application_list": duty("30 days", scope="application_list", **later)}}  # fmt: skip
    keys = {"rules": rules, "rounds": "catalogue_rounds"}
    own_list = {"list_open": 50, "list_membership": 1, "first_success": 0}
    r = ruled("catalogue", clocks={"past": "catch_up"}, parameters={"catalogue": own_list}, **keys)
    assert (r.list_entry[0], r.passed[0, 0]) == (150, date(2021, 2, 9))
    own_list |= {"first_success": 1}
    r = ruled("catalogue", clocks={"past": "catch_up"}, parameters={"catalogue": own_list}, **keys)
    assert r.passed[0, 0] == date(2021, 1, 20) and r.duty_meetings[0] == 1  # the second duty finds that meeting
    force = {"past": "catch_up", "catalogue_day": "force"}
    r = ruled("catalogue", clocks=force, parameters={"catalogue": own_list}, **keys)
    assert r.passed[0, 0] == date(2021, 2, 9) and r.duty_meetings[0] == 2  # the catalogue's own clock: 11 March


def test_back_moves_a_last_day_off_work_to_the_working_day_before():
    keys = {"rules": {"committee.duty": {"listing": duty("18 days")}}, "calendar": "china",
            "cohort": {"days": [date(2020, 4, 13)]}}  # fmt: skip
    assert ruled(**keys).passed[0, 0] == date(2020, 5, 6)  # 1 May and the days to 5 May are holidays
    assert ruled(clocks={"rolling": "back"}, **keys).passed[0, 0] == date(2020, 4, 30)


def test_passes_leaves_the_first_list_without_a_duty():
    rules = {"catalogue.application_list.update": rule("periodic"),
             "committee.duty": {"application_list": duty("10 days", scope="application_list")}}  # fmt: skip
    keys = {"rules": rules, "cohort": {"days": [0, 50]},
            "parameters": {"catalogue": {"list_open": 10, "list_membership": 1, "list_interval_months": 6}}}  # fmt: skip
    second = 10 + 6 * 30.4375
    r = ruled("catalogue", **keys)
    assert r.passed[0].tolist() == [20, second + 10]
    r = ruled("catalogue", clocks={"first_list": "passes"}, **keys)
    assert r.list_entry.tolist() == [10, second] and r.passed[0].tolist() == [second + 10, second + 10]


def test_pro_rata_holds_a_share_of_the_minimum_in_the_rest_of_the_year():
    keys = {"rules": {"committee.min_meetings_per_year": rule(4)}, "first": dt.date(2021, 7, 1), "calendar": "china",
            "policy_from": dt.date(2021, 7, 1), "horizon_days": 1096, "cohort": {"days": [100, date(2021, 8, 20)]}}  # fmt: skip
    whole = ruled(**keys)
    assert whole.meetings[0] == 4 and whole.first_heard[0, 0] > date(2022, 1, 1)
    # 4 * 184 / 365 + 0.5 = 2.5: two; 1 October, the middle, rolls over the holidays to the 8th; 99 days lie before it
    # and 85 behind, so that the second is on 1 July + 49
    r = ruled(clocks={"minimum": "pro_rata"}, **keys)
    assert r.meetings[0] == 6 and r.first_heard[0].tolist() == [date(2021, 8, 19), date(2021, 10, 8)]


def test_corrections_that_count_move_no_due_date():
    listing = {"reviewers": "unlimited", "work": 5, "standing": 200, "complete": 0, "correction": 7, "max_returns": 2,
               "window_interval": 0, "background_per_year": 0}  # fmt: skip
    for count, listed, in_time in [(False, 129, 1), (True, 119, 0)]:
        r = ruled(
            "listing", rules={"listing.whole_limit": rule("15 days")}, hospitals=0,
            parameters={"listing": listing | {"corrections_count": count}},
        )  # fmt: skip
        assert (r.arrival[0], r.listed[0], r.in_time[0]) == (114, listed, in_time)  # work is done on 119, due 115


def test_or_relieves_of_a_duty_while_the_other_rule_is_kept():
    later = dt.date(2020, 1, 1) + dt.timedelta(200)
    relieved = {"or": "committee.temporary_channel"}
    rules = {"committee.temporary_channel": rule(True, **{"from": later, "or": "committee.duty_to_stock"}),
             "committee.duty_to_stock": rule("as_needed"),
             "committee.duty": {"listing": duty("10 days", **relieved)}}  # fmt: skip
    keys = {"rules": rules, "cohort": {"days": [100, 300]}}
    r = ruled(**keys)  # the channel relieves although another rule would relieve of the channel itself
    assert r.passed[0].tolist() == [110, np.inf] and r.duty_meetings[0] == 1
    assert ruled(clocks={"either": "both"}, **keys).passed[0].tolist() == [110, 310]
    kept = rules | {"committee.duty": {"listing": [duty("10 days", **relieved), duty("25 days", scope="all/public")]}}
    assert ruled(**keys | {"rules": kept}).passed[0].tolist() == [110, 325]  # the rule without relief stays


def test_scopes_of_hospitals_joined_by_and_must_all_fit():
    base = {"level": 3, "type": "general", "place": "city", "count": 1, "beds": 100, "kind": "assumed", "source": "toy"}
    strata = [base | {"id": owner, "owner": owner, "designated": designated}
              for owner, designated in [("city", True), ("private", True), ("county", False)]]  # fmt: skip
    region = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG"}
    r = ruled(
        rules={"committee.duty": {"listing": duty("10 days", scope="all/public&designated")}},
        region=region | {"strata": strata},
    )
    assert r.duty_meetings.tolist() == [1, 0, 0]
