"""A document of a place on an earlier one of the same place: what the later one's head says of the earlier one acts."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from simlib.core.files import Document, InputError, scenarios
from simlib.experiments.check import check_file
from simlib.model.model import Run
from simlib.model.obedience import best_value, complies, in_force, leaning
from simlib.model.rules import K_DUTY_LISTING, K_ENTER, K_MINIMUM, Others
from simlib.model.stages.catalogue import decide
from simlib.policy import replacement as stacked
from simlib.policy.changes import apply_changes
from simlib.policy.explain import as_text, explain
from simlib.policy.load import load_policy, parse_layer
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import OWNERS

FIRST = datetime.date(2024, 5, 1)  # Beijing's measures are in force, the national notice is to come
LATER = 200  # the day on which the later document begins
LISTING = "committee.duty.listing"
ONLY_2025 = {f"committee.duty.catalogue@{clause}": "off" for clause in ("CN21-01", "CN25-01")}  # CN-10a alone is below


def rule(value: Any, strength: str = "must", clause: str = "L1", **more: Any) -> dict:
    return {"value": value, "scope": "all", "strength": strength, "clause": clause, "kind": "stated", **more}


def later(word: str = "earlier_yields", place: str = "beijing", on: str = "beijing", **rules: dict) -> dict:
    """A later notice on a stored policy, in force from day LATER."""
    named = {n.replace("__", "."): r for n, r in rules.items()}
    return {
        "format": 1, "name": "later", "title": {"en": "Later", "zh": "后"}, "document": "later-1", "place": place, "on": on,
        "in_force": {"from": FIRST + datetime.timedelta(LATER), "to": "open", "clause": "L0"},
        "stacking": {"value": word, "clause": "L9"}, "rules": named,
    }  # fmt: skip


def duty(within: str, scope: str = "negotiated", strength: str = "encouraged", **more: Any) -> dict:
    return {
        "catalogue": {"within": within, "scope": scope, "strength": strength, "clause": "L1", "kind": "stated", **more}
    }


def scenario(policy: dict | str, **set_: Any) -> Scenario:
    owners = [("p", "city", True), ("q", "private", True)]
    strata = [
        {"id": i, "level": 3, "type": "general", "owner": o, "place": "city", "count": 6, "beds": 900, "designated": d,
         "kind": "assumed", "source": "toy"}
        for i, o, d in owners
    ]  # fmt: skip
    return load_scenario({
        "format": 1, "name": "stacked", "policy": policy, "start": FIRST, "policy_from": 0, "horizon_days": 1000,
        "cohort": {"days": [0, 5, 40, 300]}, "obedience": "full", "seed": 3, "as_dated": True,
        "region": {"name": "r", "title": {"en": "r", "zh": "r"}, "population_million": 20, "payment": "DRG", "strata": strata},
    }, set_)  # fmt: skip


def rules_in_force(s: Scenario, lever: str, t: float, owner: str = "city") -> set[str]:
    """Clauses of a lever in force at t for the first drug at hospitals of an owner, as the engine sees it."""
    run = Run(build_world(s, 0))
    h = int((run.world.hospitals.owner == OWNERS.index(owner)).argmax())
    keys = {"committee.duty.catalogue": 1, LISTING: K_DUTY_LISTING, "committee.enter_on_approval": K_ENTER}
    key = keys[lever]
    timed = [r for r in run.world.rules if r.rule.lever == lever]
    first = run.arrays.first
    packed = run.arrays.rules[first[key] : first[key + 1]]
    assert len(packed) == len(timed)
    return {r.rule.clause for r, p in zip(timed, packed, strict=True) if in_force(run.state, p, h, 0, t)}


# the drugs of this world enter no catalogue in its first days: rules for all drugs show days and hospitals
ALL_DRUGS = {"committee.duty.catalogue@BJ-14b.scope": "all"}


def test_a_later_rule_replaces_the_earlier_one_from_its_day_on_though_it_is_worse_and_weaker():
    s = scenario(later(committee__duty=duty("2 months", "all")), **ALL_DRUGS)
    before, after = (rules_in_force(s, "committee.duty.catalogue", t) for t in (LATER - 1.0, float(LATER)))
    assert "BJ-14b" in before and "L1" not in before
    assert "BJ-14b" not in after and "L1" in after


def test_it_does_so_only_at_the_hospitals_that_it_names():
    s = scenario(later(committee__duty=duty("2 months", "all/public")), **ALL_DRUGS)
    public, private = (rules_in_force(s, "committee.duty.catalogue", 300.0, o) for o in ("city", "private"))
    assert "BJ-14b" not in public and "BJ-14b" in private


def test_it_does_so_only_for_the_drugs_that_it_names():
    s = scenario(later(committee__duty=duty("2 months", "local")), **ALL_DRUGS, cohort={"days": list(range(0, 60, 3))},
                 **{"drugs.local_share": 0.5})  # fmt: skip
    run = Run(build_world(s, 0))
    others = run.world.static_since("local") > 0
    assert others.any() and not others.all()
    rules = run.arrays.rules[run.arrays.first[1] : run.arrays.first[2]]
    old = next(
        p for r, p in zip(run.world.of("committee.duty.catalogue"), rules, strict=True) if r.rule.clause == "BJ-14b"
    )
    assert [in_force(run.state, old, 0, d, 300.0) for d in range(len(others))] == others.tolist()


def test_when_the_later_rule_ends_the_earlier_one_holds_again():
    last = FIRST + datetime.timedelta(LATER + 100)
    s = scenario(later(committee__duty=duty("2 months", "all", to=last)), **ALL_DRUGS)
    during, after = (rules_in_force(s, "committee.duty.catalogue", LATER + t) for t in (100.0, 101.0))
    assert "BJ-14b" not in during and "BJ-14b" in after and "L1" not in after


def test_a_later_rule_that_says_no_takes_the_earlier_one_away():
    s = scenario(later(committee__enter_on_approval=rule(False)), **{"committee.enter_on_approval@BJ-15b.scope": "all"})
    assert rules_in_force(s, "committee.enter_on_approval", LATER - 1.0) == {"BJ-15b"}
    assert rules_in_force(s, "committee.enter_on_approval", float(LATER)) == set()


@pytest.mark.parametrize(
    "word", ["most_favourable_highest_no_double", "none_stated", "implements_national_and_provincial"]
)
def test_under_another_word_both_hold_with_the_better_value_and_the_stronger_strength(word):
    s = scenario(later(word, committee__duty=duty("2 months", "all")), **ALL_DRUGS)
    assert {"BJ-14b", "L1"} <= rules_in_force(s, "committee.duty.catalogue", 300.0)


def test_national_rules_and_practice_are_not_replaced_by_a_local_document():
    s = scenario(later(committee__duty=duty("2 months", "all")))
    assert all(not r.replaced for r in build_world(s, 0).rules if r.rule.clause[:2] in ("CN", "pr"))
    nation = later(place="nation", on="national", catalogue__nrdl__cycle=rule("none"))
    world = build_world(scenario(nation, dates={n: {"from": FIRST} for n in ("list-2025", "national")}), 0)
    replaced = {r.rule.clause for r in world.rules if r.replaced}
    assert replaced == {"CN-05a"}  # practice before the reforms has the same lever and stays


@pytest.mark.parametrize("place", ["my-city", "sichuan"])
def test_one_that_replaces_and_stands_on_no_document_of_its_place_is_refused(place):
    with pytest.raises(InputError) as e:
        load_policy(Document("later.yaml", later(place=place, committee__duty=duty("2 months"))))
    assert str(e.value) == (
        f"later.yaml:1: place: {place!r} is that of no document on which it stands, so that no earlier one yields; theirs: beijing"
    )
    later_city = later("none_stated", place=place, committee__duty=duty("2 months"))
    assert load_policy(Document("later.yaml", later_city)).layers[-1].place == place
    first_of_its_place = later(place=place, on="national", committee__duty=duty("2 months"))
    assert load_policy(Document("later.yaml", first_of_its_place)).layers[-1].place == place


@pytest.mark.parametrize("word", ["Beijing", "BEIJING", "北京", "北京市", " beijing"])
def test_a_place_is_known_by_what_its_region_is_called(word):
    policy = load_policy(Document("later.yaml", later(place=word, committee__duty=duty("2 months"))))
    assert policy.layers[-1].place == "beijing"
    moved = scenario(later(place=word, committee__duty=duty("2 months", "all")), **ALL_DRUGS)
    assert rules_in_force(moved, "committee.duty.catalogue", 300.0) >= {"L1"}
    assert "BJ-14b" not in rules_in_force(moved, "committee.duty.catalogue", 300.0)


@pytest.mark.parametrize(
    ("word", "meant"), [("bejing", "beijing"), ("Beijin", "beijing"), ("sichaun", "sichuan"), ("四川 省", "sichuan")]
)
def test_a_place_that_is_nearly_a_regions_is_refused_with_the_nearest(word, meant):
    for changed in (
        later(place=word, committee__duty=duty("2 months")),
        later("none_stated", place=word, on="national"),
    ):
        with pytest.raises(InputError, match=f"later.yaml:1: place: unknown place {word!r}; did you mean {meant!r}"):
            load_policy(Document("later.yaml", changed))


@pytest.mark.parametrize("word", ["hangzhou", "my-city", "苏州", "beijing-haidian"])
def test_a_place_of_ones_own_is_taken_as_it_is(word):
    policy = load_policy(Document("later.yaml", later(place=word, on="national", committee__duty=duty("2 months"))))
    assert policy.layers[-1].place == word


def test_a_region_of_a_file_is_not_called_nearly_like_a_stored_one(tmp_path):
    text = (scenarios() / "regions" / "beijing.yaml").read_text(encoding="utf-8")
    for name, words in (("Beijing", "'Beijing' is called 'beijing' here"), ("bejing", "did you mean 'beijing'")):
        (tmp_path / "mine.yaml").write_text(text.replace("name: beijing\n", f"name: {name}\n"), encoding="utf-8")
        with pytest.raises(InputError, match=f"mine.yaml:10: name: .*{words}"):
            check_file(tmp_path / "mine.yaml")


def test_a_later_notice_that_is_dated_before_the_one_it_replaces_is_refused(tmp_path):
    early = later(committee__duty=duty("2 months"))
    early["in_force"]["from"] = datetime.date(2024, 4, 16)
    with pytest.raises(InputError) as e:
        scenario(early)
    assert str(e.value) == (
        "stacked:1: in_force.from: 2024-04-16 is before 2024-04-17, the day of beijing, which it replaces; "
        "a later notice stands on an earlier one"
    )
    scenario(early, dates={"beijing": {"from": datetime.date(2024, 4, 1)}})  # a date may be set right
    scenario(early | {"stacking": {"value": "none_stated", "clause": "L9"}})  # or nothing be replaced
    with pytest.raises(InputError, match="2024-11-17 is before 2025-01-01, the day of beijing"):
        scenario(later(committee__duty=duty("2 months")), dates={"beijing": {"from": datetime.date(2025, 1, 1)}})


def test_check_of_a_file_tells_it_too(tmp_path):
    path = tmp_path / "later.yaml"
    text = json.dumps(later(committee__duty=duty("2 months")) | {"source": "a test"}, default=str)
    path.write_text(text.replace("2024-11-17", "2020-01-01"), encoding="utf-8")
    with pytest.raises(InputError, match="in_force.from: 2020-01-01 is before 2024-04-17, the day of beijing"):
        check_file(path)


def test_the_later_documents_word_counts_and_not_the_earlier_ones():
    s = scenario(later("none_stated", committee__duty=duty("2 months", "all")))  # Beijing's own is earlier_yields
    assert all(not r.replaced for r in build_world(s, 0).rules)


FEW = {
    "committee.meetings": {"every": {f"level_{i}": 5000 for i in (1, 2, 3)}},
    "committee.max_duty_meetings_a_year": 0,
}


def meetings_of_2025(run: Run) -> int:
    first, last = ((datetime.date(y, 1, 1) - FIRST).days for y in (2025, 2026))
    return int(((run.when >= first) & (run.when < last) & (run.who == 0)).sum())


def test_a_replaced_minimum_of_meetings_counts_no_more():
    s = scenario(later(committee__min_meetings_per_year=rule(2)))
    run = Run(build_world(s, 0))
    assert (best_value(run.state, K_MINIMUM, 0, -1, 10.0), best_value(run.state, K_MINIMUM, 0, -1, 300.0)) == (4.0, 2.0)
    assert complies(run.state, K_MINIMUM, 0, -1, 300.0)
    assert meetings_of_2025(Run(build_world(scenario("beijing", **FEW), 0))) == 4
    assert meetings_of_2025(Run(build_world(scenario(later(committee__min_meetings_per_year=rule(2)), **FEW), 0))) == 2


def test_a_minimum_replaced_within_a_year_was_not_in_force_all_of_it():
    year = datetime.date(2025, 9, 1)
    policy = later(committee__min_meetings_per_year=rule(8, **{"from": year}))
    assert meetings_of_2025(Run(build_world(scenario(policy, **FEW), 0))) == 0
    shared = Run(build_world(scenario(policy, **FEW, **{"clocks.minimum": "pro_rata"}), 0))
    assert meetings_of_2025(shared) == round(8 * 122 / 365) == 3
    early = later(committee__min_meetings_per_year=rule(8, **{"from": datetime.date(2026, 2, 1)}))
    first = {**FEW, "committee.min_meetings_per_year@BJ-14c.from": "2025-09-01", "clocks.minimum": "pro_rata"}
    assert meetings_of_2025(Run(build_world(scenario(early, **first), 0))) == round(4 * 122 / 365) == 1


def test_replaced_oversight_shifts_nobodys_obedience_any_more():
    all_drugs = {"oversight.in_performance_assessment@BJ-14g.scope": "all/public"}
    for scope, about_none in (("all", 0.0), ("class1", 0.5)):  # rules about no drug take shifts for all drugs alone
        no_more = rule(False, **{"scope": scope})
        s = Run(build_world(scenario(later(oversight__in_performance_assessment=no_more), **all_drugs), 0)).state
        assert leaning(s, 0, 0, LATER - 1.0) - leaning(s, 0, 0, float(LATER)) == pytest.approx(0.5)
        assert leaning(s, 0, -1, LATER - 1.0) == 0.5 and leaning(s, 0, -1, float(LATER)) == about_none


def test_a_replaced_rule_of_whoever_is_no_hospital_counts_no_more():
    s = scenario(later(listing__green_channel=rule(False), listing__first_province_choice=rule(False)))
    world = build_world(s, 0)
    others = Others(world)
    decide(world, others)
    green = [r for r in world.of("listing.green_channel") if r.rule.clause == "BJ-12"]
    assert others.in_force(green[0], LATER - 1.0).any() and not others.in_force(green[0], float(LATER)).any()
    assert others.flag("listing.first_province_choice", 950.0).any()  # the national notice's: another place


def test_a_third_document_replaces_both_that_stand_below_it():
    base = load_policy("beijing")
    one = parse_layer(Document("a", {**later(committee__duty=duty("2 months")), "name": "one"}))[0]
    two = parse_layer(Document("b", {**later(committee__duty=duty("42 days")), "name": "two"}))[0]
    policy = replace(base, layers=(*base.layers, one, two))
    layer = next(x for x in policy.layers if x.name == "beijing")
    old = next(r for r in layer.rules if r.lever == "committee.duty.catalogue")
    assert [x.name for x, _ in stacked.replacing(policy, layer, old)] == ["one", "two"]
    assert [x.name for x, _ in stacked.replaced(policy, two, two.rules[0])] == ["beijing", "one"]


def test_the_digest_of_a_scenario_knows_what_the_head_says(tmp_path):
    path, digests = tmp_path / "later.yaml", set()
    for word in ("earlier_yields", "none_stated"):
        text = json.dumps({**later(word, committee__duty=duty("2 months")), "source": "made up"}, default=str)
        path.write_text(re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", text), encoding="utf-8")
        digests.add(scenario(str(path)).digest())
    assert len(digests) == 2


# ---- told


def told(policy: dict, lever: str, language: str) -> str:
    return as_text(explain(load_policy(Document("later.yaml", policy)), lever), language)


def test_a_replaced_rule_says_until_when_it_holds_and_by_which_clause_in_both_languages():
    policy = later(committee__min_meetings_per_year=rule(2))
    en, zh = (told(policy, "committee.min_meetings_per_year", n) for n in ("en", "zh"))
    assert "holds until 2024-11-16; yields from 2024-11-17 on to L1 (2 meetings a year), by L9" in en
    assert "效力至2024-11-16；自2024-11-17起由L1（2次/年）取代（依据L9）" in zh
    assert "replaces: 4 meetings a year of BJ-14c" in en and "取代：BJ-14c（4次/年）" in zh


def test_a_rule_replaced_in_part_yields_only_where_the_later_one_reaches():
    text = told(later(committee__duty=duty("2 months", "negotiated/public")), "committee.duty.catalogue", "en")
    assert "    yields from 2024-11-17 on to L1 (2 months) where that one reaches, by L9" in text
    assert "holds until" not in text


def test_another_word_of_stacking_is_told_as_ever():
    text = told(later("none_stated", committee__duty=duty("2 months")), "committee.duty.catalogue", "en")
    assert "replace" not in text and "yields to: 1 month of BJ-14b" in text


def test_what_holds_in_effect_is_told_in_one_line_with_the_two_rules_it_comes_from():
    changes = {**ONLY_2025, "committee.duty.catalogue@BJ-14b.strength": "explore"}
    policy = apply_changes(load_policy("beijing"), changes)
    table = explain(policy, "committee.duty.catalogue")
    assert "  in effect where they meet: 1 month (BJ-14b), encouraged (CN-10a)" in as_text(table)
    assert "  合并适用（各条重合处）：1个月（BJ-14b）、鼓励（CN-10a）" in as_text(table, "zh")


def test_words_of_a_set_hold_together_and_barriers_each_with_its_own_force():
    policy = apply_changes(load_policy("sichuan"), {"committee.barriers_removed@CN-10c": ["drug_share", "two_specifications"],
                                                    "committee.barriers_removed@CN-10c.strength": "explore"})  # fmt: skip
    text = as_text(explain(policy, "committee.barriers_removed"))
    line = next(x for x in text.splitlines() if "in effect" in x)
    assert "explore (CN-10c)" in line and "must (SC-02c)" in line
    routes = {"listing.other_routes@practice": ["recorded"], "listing.other_routes@SC-01e": ["price_linked"],
              "listing.other_routes@SC-01e.strength": "encouraged"}  # fmt: skip
    text = as_text(explain(apply_changes(load_policy("sichuan"), routes), "listing.other_routes"))
    assert "price-linked purchasing, recorded purchasing (practice, SC-01e), must (practice)" in text


def test_nothing_is_said_in_effect_where_rules_agree_or_one_of_them_is_replaced():
    assert "in effect" not in as_text(explain(load_policy("sichuan"), "listing.other_routes"))
    replaced = told(later(committee__min_meetings_per_year=rule(2, "explore")), "committee.min_meetings_per_year", "en")
    assert "in effect" not in replaced


# ---- reading A1


def test_between_national_and_local_reading_a1_still_decides_and_later_local_documents_are_local():
    policy = load_policy(Document("later.yaml", later(committee__duty=duty("2 months"))))
    clauses = lambda p: {r.clause for r in p.of("committee.duty.catalogue")}  # noqa: E731
    held, nation = {"CN21-01"}, {"CN-10a", "CN25-01"}  # what held before the reforms always stays
    assert clauses(policy) == held | nation | {"BJ-14b", "L1"}
    assert clauses(apply_changes(policy, {"stacking": "local"})) == held | {"BJ-14b", "L1"}
    assert clauses(apply_changes(policy, {"stacking": "national"})) == held | nation
    stack = load_policy(Document("later.yaml", later(place="nation", on="national", committee__duty=duty("2 months"))))
    assert clauses(apply_changes(stack, {"stacking": "national"})) == held | nation | {"L1"}
