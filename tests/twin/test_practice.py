"""Hand checks of what one hospital does about one drug in the plain twin: doctors, pharmacies, studies, obedience."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from tests.twin.toys import MONTH, rule, toy
from twin.model import Model
from twin.practice import Chances, Practice, Shelf

NEVER = math.inf
LATER = dt.date(2020, 1, 1) + dt.timedelta(100)


def practice(model: Model, drug: int = 0) -> Practice:
    """What the first hospital does about a drug."""
    return model.practices.of(model.hospitals[0], model.drugs[drug])


def chances(model: Model, j: int, shelf: Shelf | None = None, used: float = 0.0) -> Chances:
    """Chances of a trial at the edge of month j; by default the drug is in stock from day 0 on."""
    return practice(model).chances(model.months.edges[j], j, shelf or Shelf(0.0, NEVER, []), used)


def of_use(**numbers) -> dict:
    """Parameters of use."""
    return {"parameters": {"use": numbers}}


def test_doctors_learn_over_some_months_and_sooner_where_they_are_trained():
    numbers = of_use(ramp_start=0.2, ramp_months=8, training_factor=0.5)
    model = toy("use", **numbers)
    assert [chances(model, j).stock for j in (0, 4, 8, 11)] == pytest.approx([0.2, 0.6, 1, 1])
    trained = toy("use", rules={"use.training": rule(True)}, **numbers)
    assert [chances(trained, j).stock for j in (0, 2, 4)] == pytest.approx([0.2, 0.6, 1])
    at_once = toy("use", rules={"use.training": rule(True)}, **of_use(ramp_start=0.2, training_factor=0))
    assert [chances(at_once, j).stock for j in (0, 1)] == pytest.approx([0.2, 1])


def test_what_counts_against_a_drug_damps_its_use_unless_a_rule_takes_it_out():
    numbers = of_use(self_pay_factor=0.5, substitute_share=1, substitute_factor=0.7, supervision_factor=0.9)
    assert chances(toy("use", **numbers), 0).stock == pytest.approx(0.35)
    for rules, expected in [
        ({"payment.indicator_exclusions": rule(["self_pay_ratio"])}, 0.7),
        ({"payment.indicator_exclusions": rule(["self_pay_ratio", "vbp_substitute_monitoring"])}, 1.0),
        ({"oversight.fund_supervision": rule(["priority"])}, 0.315),
        ({"oversight.fund_supervision": rule(["priority"], **{"from": LATER})}, 0.35),
    ]:
        assert chances(toy("use", rules=rules, **numbers), 0).stock == pytest.approx(expected)


def test_a_full_budget_and_a_pressing_drug_share_damp_use_unless_they_are_no_grounds_here():
    parameters = {"use": {"drug_share_factor": 0.6}, "barriers": {"over_target": 1.0}, "drugs": {"price_log_sd": 1}}
    keys = {"parameters": parameters, "cohort": {"days": [0] * 12}}
    model = toy("use", "payment", **keys)
    dear = next(d.index for d in model.drugs if d.dear)
    cheap = next(d.index for d in model.drugs if not d.dear)

    def stock(model: Model, drug: int, used: float) -> float:
        told = practice(model, drug)
        factor = 1 + model.world.p.use.loss_weight * model.case_payment.loss(told.hospital, told.drug, 0)
        return told.chances(0.0, 0, Shelf(0.0, NEVER, []), used).stock * factor

    assert [stock(model, cheap, x) for x in (0.8, 0.9, 1.2)] == pytest.approx([1, 0.5, 0])
    assert [stock(model, dear, x) for x in (0.8, 0.9)] == pytest.approx([0.6, 0.3])
    free = toy("use", "payment", rules={"use.barriers_removed": rule(["drug_share", "total_budget"])}, **keys)
    assert [stock(free, dear, x) for x in (0.8, 1.2)] == pytest.approx([1, 1])
    exempt = toy("use", "payment", rules={"payment.total_budget_exempt": rule(True)}, **keys)
    assert stock(exempt, cheap, 1.2) == pytest.approx(1)
    assert stock(toy("use", **keys), cheap, 1.2) == 1  # nobody pays, nobody counts


def test_a_loss_on_the_case_restrains_use_unless_payment_is_no_ground():
    parameters = {"use": {"loss_weight": 2},
                  "payment": {"standard_median": 9000, "standard_log_sd": 0, "other_share": 2 / 3, "cases_per_year": 1,
                              "cost_log_sd": 0, "review_trigger": 50},
                  "drugs": {"median_daily_cost_yuan": 5250 / 365.25, "price_log_sd": 0, "outpatient_share": 0}}  # fmt: skip
    assert chances(toy("use", "payment", parameters=parameters), 0).stock == pytest.approx(1 / (1 + 2 * 0.25))
    reform = {"use.barriers_removed": rule(["payment_reform"])}
    assert chances(toy("use", "payment", parameters=parameters, rules=reform), 0).stock == 1
    none = toy("use", "payment", parameters=parameters, rules=reform, obedience="none")
    assert chances(none, 0).stock == pytest.approx(1 / 1.5)


def test_without_stock_a_temporary_supply_or_a_study_treats_some():
    numbers = of_use(temporary_share=0.2, study_share=0.3, study_months=2)
    supplied = Shelf(NEVER, NEVER, [[0.0, 2 * MONTH]])
    plain, study = toy("use", **numbers), toy("use", rules={"use.post_market_studies": rule("any_hospital")}, **numbers)
    assert [chances(plain, j, supplied)[1:3] for j in (1, 2)] == [(0.2, "temporary"), (0.0, "temporary")]
    assert [chances(study, j, supplied)[1:3] for j in (1, 2)] == [(0.3, "study"), (0.0, "temporary")]
    assert chances(study, 1).otherwise == 0  # regular stock is there
    assert chances(study, 1, Shelf(0.0, MONTH, [])).otherwise == 0.3  # and is gone again
    leading = {"use.post_market_studies": rule("leading_centres")}
    assert chances(toy("use", rules=leading, **numbers), 1, supplied).way == "study"
    city = toy("use", rules=leading, hospital={"owner": "city"}, **numbers)
    assert chances(city, 1, supplied).way == "temporary"


def test_evidence_raises_prescribing_when_it_has_had_time():
    numbers = of_use(prescribe=0.5, evidence_added=0.1, evaluation_added=0.03, evidence_delay=60)
    rules = {"use.evidence_generation": [rule(["guidelines"], scope="innovative"),
                                         rule(["guidelines", "expert_consensus"], **{"from": LATER})],
             "use.clinical_evaluation": rule(True)}  # fmt: skip
    model = toy("use", rules=rules, **numbers)
    told = practice(model)
    # the first rule from day 0, the second from day 100 on, each 60 days later: edges at 60.9 and 182.6
    assert [told.able(j) for j in (1, 2, 5, 6)] == pytest.approx([0.5, 0.63, 0.63, 0.73])
    assert practice(toy("use", rules=rules, obedience="none", **numbers)).able(6) == 0.5


def test_a_pharmacy_reaches_patients_of_linked_hospitals_by_every_word_that_is_obeyed():
    share = {"e_prescription": 0.1, "cross_city": 0.2, "online_settlement": 0.05, "separate_payment": 0.15,
             "duty_to_prescribe": 0.3}  # fmt: skip
    keys = {"parameters": {"dual_channel": {"linked": 1.0, "share": 0.2, "share_added": share, "fill": 0.5,
                                            "fill_assured": 0.9}}}  # fmt: skip
    v = lambda rules, **k: practice(toy("dual_channel", "use", rules=rules, **keys, **k)).by_pharmacy(0)  # noqa: E731
    levels = {"dual_channel.hospital_levels": rule("2_and_above")}
    assert v({}) == 0 and v(levels) == pytest.approx(0.1)
    assert v(levels, hospital={"level": 1}) == 0 and v(levels, hospital={"level": 2}) == pytest.approx(0.1)
    covered = levels | {"dual_channel.hospital_coverage": rule(1.0)}  # more hospitals, of the levels that qualify
    keys["parameters"]["dual_channel"]["linked"] = 0.0
    assert v(levels) == 0 and v(covered) == pytest.approx(0.1) and v(covered, hospital={"level": 1}) == 0
    keys["parameters"]["dual_channel"]["linked"] = 1.0
    more = levels | {"dual_channel.e_prescription": rule(True), "dual_channel.cross_city": rule(True)}
    assert v(more) == pytest.approx(0.25)
    all_due = more | {"dual_channel.duty_to_prescribe": rule("all_due"), "dual_channel.supply_assurance": rule(True),
                      "dual_channel.separate_payment": rule(True), "dual_channel.online_settlement": rule(True)}  # fmt: skip
    assert v(all_due) == pytest.approx(0.9)  # no more than all
    assert v(levels, obedience="none") == 0


def test_what_was_practice_holds_though_nobody_obeys():
    """Tertiary hospitals prescribed negotiated drugs to pharmacies before any reform."""
    keys = {"rounds": "catalogue_rounds", "calendar": "china", "horizon_days": 900, "obedience": "none",
            "parameters": {"catalogue": {"first_success": 1}, "drugs": {"outpatient_share": 1},
                           "dual_channel": {"linked": 1.0, "share": 0.4, "fill": 1}}}  # fmt: skip
    model = toy("catalogue", "dual_channel", "use", **keys)
    entered = model.months.from_(model.drugs[0].entered)
    told = practice(model)
    assert [told.by_pharmacy(j) for j in (entered - 1, entered)] == [0, 0.4]
    assert model.payers.designated(model.drugs[0]) > model.drugs[0].effective
    keys["parameters"]["drugs"] = {"outpatient_share": 0}
    inpatient = toy("catalogue", "dual_channel", "use", **keys)
    assert inpatient.payers.designated(inpatient.drugs[0]) == NEVER


def test_patients_whose_time_runs_out_travel_in_their_city_or_to_the_capital():
    model = toy("use", **of_use(city_travel=0.3, capital_travel=0.1))
    demand, home = model.demand[0], model.hospitals[0]
    pair = model.pairs[0][0]
    pair.stock = MONTH
    elsewhere = type(home)(**{**vars(home), "city": 2})
    assert demand.travel(home, 2) == 0
    demand.note_stock(pair)
    assert [demand.travel(home, j) for j in (0, 1)] == [0, 0.3]
    assert [demand.travel(elsewhere, j) for j in (0, 1)] == [0, 0.1]


def test_of_patients_who_would_not_travel_by_themselves_a_hospital_refers_some_by_its_level():
    model = toy(
        "use", **of_use(city_travel=0.5, capital_travel=0.2, referral={"level_3": 0, "level_2": 0.5, "level_1": 1})
    )
    demand, home, pair = model.demand[0], model.hospitals[0], model.pairs[0][0]
    at = lambda level, city: demand.travel(type(home)(**{**vars(home), "level": level, "city": city}), 1)
    assert at(1, home.city) == 0  # nobody stocks it: there is nowhere to be sent to
    pair.stock = MONTH
    demand.note_stock(pair)
    assert [at(level, home.city) for level in (3, 2, 1)] == [0.5, 0.75, 1]
    assert [at(level, 2) for level in (3, 2, 1)] == pytest.approx([0.2, 0.6, 1])
