"""Every value of a rule can be read in English and in Chinese, and neither text holds words of the other."""

from __future__ import annotations

import re

import pytest

from simlib.policy.changes import apply_changes, show_value
from simlib.policy.diff import diff, diff_text
from simlib.policy.explain import as_text, explain
from simlib.policy.levers import LEVERS
from simlib.policy.load import load_policy
from simlib.policy.phrases import PHRASES
from simlib.policy.values import lever_value
from simlib.policy.vocabulary.words import BINDS, KIND, STRENGTH, UNITS, WORDS, changed_words, value_words
from simlib.scenario.inert import inert_rules
from simlib.scenario.scenario import load_scenario

POLICIES = (
    "before-2021",
    "listing-2023",
    "before-reform",
    "list-2025",
    "national",
    "sichuan",
    "chongqing",
    "beijing",
    "guangzhou",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAMES = {"DRG", "DIP"}  # as Chinese documents write them
FILES = re.compile(r"scenarios/policies/[a-z0-9-]+\.yaml")
ALLOWED = [(name, word) for name, lever in LEVERS.items() for word in lever.allowed]


@pytest.mark.parametrize(("lever", "word"), ALLOWED)
def test_every_allowed_word_reads_in_both_languages(lever, word):
    pair = WORDS.get(f"{lever}:{word}") or WORDS[word]
    assert pair.en and "_" not in pair.en and not CHINESE.search(pair.en)
    assert CHINESE.search(pair.zh) and set(ENGLISH.findall(pair.zh)) <= NAMES


@pytest.mark.parametrize("name", [n for n, v in LEVERS.items() if v.allowed])
def test_no_two_words_of_a_lever_read_the_same(name):
    for i in (0, 1):
        texts = [(WORDS.get(f"{name}:{w}") or WORDS[w])[i] for w in LEVERS[name].allowed]
        assert len(set(texts)) == len(texts)


def test_no_wording_is_left_over():
    words = {w for _, w in ALLOWED} | {f"{lever}:{word}" for lever, word in ALLOWED}
    assert set(WORDS) <= words


def test_units_addressees_strengths_and_kinds_read_in_both_languages():
    assert {u for v in LEVERS.values() for u in v.unit.split("; ") if u} <= set(UNITS)
    assert {v.binds for v in LEVERS.values()} <= set(BINDS)
    for pair in (*BINDS.values(), *STRENGTH.values(), *KIND.values()):
        assert CHINESE.search(pair.zh) and not ENGLISH.search(pair.zh) and not CHINESE.search(pair.en)


@pytest.mark.parametrize(
    ("lever", "raw", "en", "zh"),
    [
        ("listing.direct", True, "yes", "是"),
        ("listing.direct", False, "no", "否"),
        ("listing.review_limit", "15 working days", "15 working days", "15个工作日"),
        ("committee.duty.listing", "1 month", "1 month", "1个月"),
        ("committee.duty.listing", "2 weeks", "2 weeks", "2周"),
        ("preapproval.trial_startup_limit", "28 weeks", "28 weeks", "28周"),
        ("catalogue.local_adoption_lag", "0 days", "0 days", "0天"),
        ("committee.min_meetings_per_year", 4, "4 meetings a year", "4次/年"),
        ("preapproval.early_service_slots", 200, "200 products", "200个品种"),
        ("committee.provision_target", 1.0, "100%", "100%"),
        ("commercial.employer_plan_tax", 0.04, "4% of payroll", "工资总额的4%"),
        ("payment.dip_bonus", 1.1, "times 1.1", "1.1倍"),
        ("payment.outpatient_special_rate", 10, "10 percentage points", "10个百分点"),
        ("listing.pricing", "negotiated", "by negotiation", "议价"),
        ("payment.outpatient_special_scope", "negotiated", "negotiated drugs", "国谈药"),
        ("committee.duty_to_stock", "all_due", "stock all that ought to be stocked", "应配尽配"),
        ("dual_channel.duty_to_prescribe", "all_due", "prescribe all that ought to be prescribed", "应开尽开"),
        (
            "committee.barriers_removed",
            ["nrdl_membership", "drug_share"],
            "not in the insurance catalogue, drug share",
            "未进医保目录、药占比",
        ),
        (
            "routes.urgent_import",
            {2025: 4, 2024: 1},
            "1 product in 2024, 4 products in 2025",
            "2024年1个品种、2025年4个品种",
        ),
        (
            "preapproval.grants",
            {"phase_3": 10, "share_of_cost": 0.2},
            "share of the cost: 20%, trial phase III: 10 million yuan",
            "占研发投入比例：20%、Ⅲ期临床试验：1000万元",
        ),
    ],
)
def test_a_value_reads_the_same_from_the_file_from_the_rule_and_from_its_code(lever, raw, en, zh):
    assert (value_words(raw, lever), value_words(raw, lever, "zh")) == (en, zh)
    value = lever_value(LEVERS[lever], raw)
    if "weeks" not in str(raw) or LEVERS[lever].unit == "weeks":  # a rule keeps weeks as days
        assert sorted(value_words(value, lever, "zh").split("、")) == sorted(zh.split("、"))
    assert value_words(show_value(raw), lever, "zh") == zh


@pytest.mark.parametrize("name", POLICIES)
def test_every_rule_reads_in_both_languages(name):
    for row in explain(load_policy(name)).to_dict("records"):
        assert row["value_en"] and "_" not in row["value_en"] and not CHINESE.search(row["value_en"]), row
        assert row["value_zh"] and set(ENGLISH.findall(row["value_zh"])) <= NAMES, row


@pytest.mark.parametrize("name", POLICIES)
def test_the_chinese_text_of_a_policy_holds_no_english_but_ids(name):
    policy = load_policy(name)
    table = explain(policy)
    ids = {*table["lever"], *table["document"], *table["clause"]}
    for line in as_text(table, "zh").splitlines():
        bare = FILES.sub("", line)
        for known in sorted(ids, key=len, reverse=True):
            bare = bare.replace(known, "")
        assert set(ENGLISH.findall(bare)) <= NAMES, line


@pytest.mark.parametrize("name", POLICIES)
def test_the_english_text_of_a_policy_holds_no_chinese_but_titles(name):
    table = explain(load_policy(name))
    titles = "|".join(sorted(set(table["title_zh"]), key=len, reverse=True))
    assert not CHINESE.search(re.sub(titles, "", as_text(table, "en")))


def test_what_a_rule_meets_is_told_by_clause_and_value():
    table = explain(load_policy("beijing"), "committee.duty.catalogue").set_index("clause")
    (met,) = [m for m in table.loc["BJ-14b", "overrides"] if m["clause"] == "CN-10a"]
    assert met == {
        "how": "overrides",
        "clause": "CN-10a",
        "value": "3 months",
        "value_en": "3 months",
        "value_zh": "3个月",
    }
    assert [m["how"] for m in table.loc["CN-10a", "yields_to"] if m["clause"] == "BJ-14b"] == ["yields_to"]
    assert "CN-10a（3个月）" in as_text(table.reset_index(), "zh")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"committee.duty.listing.within": "2 months"}, "变更：set：原为1个月（SC-02a）"),
        ({"committee.duty.listing.strength": "declared"}, "变更：set：原力度：必须"),
        ({"committee.duty.listing.scope": "all"}, "变更：set：原适用范围：class1"),
        ({"delay": {"sichuan": 90}}, "变更：set：推迟90天"),
        (
            {"payment.dip_bonus": {"value": 1.2, "scope": "hk_macau", "strength": "must"}},
            "变更：set：新增",
        ),
    ],
)
def test_what_was_changed_is_told_in_chinese(changes, words):
    assert words in as_text(explain(apply_changes(load_policy("sichuan"), changes)), "zh")


def test_a_change_of_a_change_is_told_in_chinese():
    once = apply_changes(load_policy("sichuan"), {"committee.duty.listing.within": "2 months"}, "first")
    twice = apply_changes(once, {"committee.duty.listing.within": "3 months"}, "second")
    (rule,) = (r for r in twice.of("committee.duty.listing") if r.changed)
    assert (
        changed_words(rule.changed, rule.definition, "zh") == "first：原为1个月（SC-02a）；second：原为2个月（SC-02a）"
    )


def test_a_difference_reads_in_both_languages_and_keeps_the_codes():
    a, b = load_policy("sichuan"), load_policy("beijing")
    table = diff(a, b).set_index("lever")
    row = table.loc["committee.duty_to_stock"]
    assert row["a"] == ["as_needed_all_due · must · class1 (SC-02d)"]
    assert row["a_en"] == ["stock by need, and all that ought to be stocked · must · class1 (SC-02d)"]
    assert row["a_zh"] == ["按需配备、应配尽配 · 必须 · class1 (SC-02d)"]
    assert row["b"] == row["b_zh"] == []
    for line in diff_text(a, b, "zh").splitlines():
        text = re.sub(r"^[a-z_.]+  |· [a-z_0-9+/&]+ \(", "", line)
        assert set(ENGLISH.findall(text)) <= NAMES, line


def test_reasons_why_a_rule_cannot_act_stand_in_both_languages():
    for obedience in ("full", "none"):
        table = inert_rules(load_scenario("guangzhou-guangzhou-default", {"obedience": obedience}))
        assert len(table)
        for row in table.to_dict("records"):
            assert row["reason"] and not CHINESE.search(row["reason"])
            assert CHINESE.search(row["reason_zh"]) and not ENGLISH.search(row["reason_zh"])
    for row in explain(load_policy("guangzhou")).to_dict("records"):
        assert (row["acts"] == PHRASES["acts"].en) == (row["acts_zh"] == PHRASES["acts"].zh)
        assert CHINESE.search(row["acts_zh"]) and not ENGLISH.search(row["acts_zh"])
