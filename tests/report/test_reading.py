"""What a newcomer needs in order to read the page: words, sizes, dates, sources, and what a figure rests on."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simlib.cli.inventory import KINDS
from simlib.documentation.register import register
from simlib.experiments.samples import FEWEST_DRUGS, sample
from simlib.policy.vocabulary.words import value_words
from simlib.report import asked, comments
from simlib.report import obedience as obeying
from simlib.report.answer import moving
from simlib.report.gate import evidence, gate_tables
from simlib.report.hypertext import hypertext, together
from simlib.report.report import Report
from simlib.report.side_effects import largest, rounded_away, search, why_words
from simlib.report.tables import named_with_id, rules_table
from simlib.report.workload import hurry_table
from simlib.scenario.scenario import load_scenario
from simlib.see.explaining_figures import dodge
from simlib.see.figures import curves
from simlib.words import LANGUAGES, words
from simlib.words.glossary import terms
from simlib.words.nodes import Small, Strong, numeric, plain, table
from simlib.words.values import number, with_interval
from simlib.words.wrap import unbroken
from simlib.world.assumptions import assumption, assumption_id
from tests.report.made_up import anew, made_up, moved

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}
EN, ZH = words("en"), words("zh")


def with_moved(means=MEANS):
    ends = {"committee.places.level_3": (0.1, 0.3), "room.turnover": (0.23, 0.24), "drugs.local_share": (0.24, 0.24)}
    table = moved(0.24, ends)
    said = {a.path: a for a in load_scenario("beijing-beijing-default").assumptions}
    table["reason"] = [said[p].sentence() for p in table["path"]]
    table["reason_zh"] = [said[p].sentence("zh") for p in table["path"]]
    return replace(made_up(means), sensitivity={"beijing-beijing-default": table})


@pytest.fixture(scope="module")
def sections():
    reports = {w: Report(with_moved(), w) for w in LANGUAGES}  # each draws its figures once
    names = ("asked", "answer", "worse", "sensitivity", "obedience")
    return {(w, name): report.section(name).data for w, report in reports.items() for name in names}


def test_evidence_that_an_assumed_number_cites_is_in_the_list():
    for a in load_scenario("beijing-beijing-default").assumptions:
        for text in a.reason:
            for codes in re.findall(r"E: ([A-Z0-9, ]+)", text):
                assert set(codes.split(", ")) <= set(evidence()), a.path


def test_the_answer_shows_names_of_assumptions_and_not_their_paths(sections):
    assert "agenda places a meeting, tertiary (products)" in sections["en", "answer"]
    assert "每次会议的议程名额，三级（品种）" in sections["zh", "answer"]
    assert "committee.places" not in sections["en", "answer"] + sections["zh", "answer"]


def test_where_the_page_cites_an_assumption_it_gives_its_id_in_the_register(sections):
    assert {e.id for e in register()} >= set(re.findall(r"A-[0-9a-f]{5}", "".join(EN.values()) + "".join(ZH.values())))
    for language, w in (("en", EN), ("zh", ZH)):
        box = re.search(r'<div class="answer">(.*?)</div>', sections[language, "answer"])[1]
        assert len(re.findall(r"A-[0-9a-f]{5}", box)) == 2  # of the two on which it hinges
        rest = sections[language, "answer"].replace(box, "")
        assert f"[{assumption_id('committee.places.level_3')}]" in rest
        assert assumption_id("committee.places.level_3") in sections[language, "sensitivity"]
        assert w["assumed_text"].count("A-") == 1


def test_an_id_and_a_path_stand_beside_the_name_in_tables():
    a = assumption("readiness.choice_scale")
    name, below = named_with_id(a, EN)
    assert name == "what a firm minds in choosing its first province (days)\n"
    assert below == Small(f"{assumption_id(a.path)} readiness.choice_scale")


def test_the_answer_has_two_sentences_two_lines_on_obeying_and_one_on_the_other_reading(sections):
    for w in LANGUAGES:
        box = re.search(r'<div class="answer">(.*?)</div>', sections[w, "answer"])[1]
        assert box.count("<p>") == 6  # the first says what is counted
    assert "How much hangs on obeying" in sections["en", "answer"]


def test_what_hangs_on_obeying_is_the_default_gain_less_that_without_obedience():
    beijing = next(h for h in obeying.hangs(made_up(MEANS)) if h.region == "beijing")
    assert beijing.lost[0] == pytest.approx(beijing.gains["default"][0] - beijing.gains["none"][0])
    assert beijing.lost[0] == pytest.approx(0.24, abs=0.02)
    assert beijing.lost[1] < beijing.lost[0] < beijing.lost[2]
    assert beijing.part == pytest.approx(100, abs=5)  # made-up runs gain nothing without obedience


def test_no_line_on_obeying_where_one_degree_alone_was_run():
    study = made_up(MEANS)
    study = replace(study, results={k: v for k, v in study.results.items() if k.endswith("default")})
    assert obeying.sentence(study, EN) == ""
    assert obeying.conclusion(study, EN) == ""


def test_the_conclusion_names_the_widest_gap_and_rulebooks_that_change_places():
    study = made_up(MEANS)
    assert obeying.turns(study) == []
    assert "Beijing rules in Beijing" in obeying.conclusion(study, EN)
    results = dict(study.results)
    for degree in ("full",):  # at full obedience the two rulebooks are exchanged
        a, b = (f"beijing-{p}-{degree}" for p in ("beijing", "national"))
        results[a], results[b] = (
            replace(results[a], values=results[b].values),
            replace(results[b], values=results[a].values),
        )
    turned = replace(study, results=results)
    assert obeying.turns(turned) == [("beijing", "beijing", "national")]
    assert "Beijing is ahead of national by default and behind it at full" in obeying.conclusion(turned, EN)


def test_pairs_of_rulebooks_are_compared_by_one_indicator_alone_and_only_a_few_are_named(monkeypatch):
    """Two hundred rulebooks are twenty thousand pairs: with whole comparisons of each the page of 500 scenarios never ended."""
    study = made_up(MEANS)
    monkeypatch.setattr(type(study), "paired", None)
    assert obeying.turns(study) == []
    monkeypatch.undo()
    monkeypatch.setattr(obeying, "turns", lambda study: [("beijing", "beijing", "national")] * (obeying.PAIRS + 3))
    said = obeying.conclusion(study, EN)
    assert said.count("is ahead of") == obeying.PAIRS and "and 3 pairs more" in said
    assert "另有3对" in obeying.conclusion(study, ZH)


def test_limits_abolished_for_everybody_are_named():
    text = obeying.held_anyway(made_up(MEANS), EN)
    rule = next(r for r in made_up(MEANS).rulebooks["beijing"].rules if r.clause == "BJ-14a")
    assert "BJ-14a" in text and value_words(rule) in text
    assert obeying.held_anyway(made_up({"before-reform": 0.1, "national": 0.2}), EN) == ""


def test_the_design_says_what_ran_where_places_have_rules_of_their_own():
    study = made_up(MEANS)
    assert "own rules (which stand on the national ones" in plain(asked.design(study, EN).text)
    assert "当地自己的规则" in plain(asked.design(study, ZH).text)
    same = made_up({"before-reform": 0.1, "national": 0.2})
    assert "own rules" not in plain(asked.design(same, EN).text)


def test_an_invented_start_and_the_documents_own_dates_are_named():
    text = hypertext(asked.dates(made_up(MEANS), EN))
    assert "invented" in text and "2024-04-17" in text and "<details>" in text
    assert "虚设" in hypertext(asked.dates(made_up(MEANS), ZH))


def test_sizes_are_those_of_the_worlds_that_ran():
    study = made_up(MEANS)
    drugs, text = sample(study), hypertext(asked.samples(study, EN))
    assert f"{drugs.counted:.0f} a replication" in text and f"{drugs.reach[24]:.0f} of them" in text
    assert "<td class=number>92</td><td class=number>74</td><td class=number>347</td><td class=number>6</td>" in text
    assert (np.diff(drugs.reach) <= 0).all() and drugs.reach[0] <= drugs.counted


def test_curves_end_where_too_few_drugs_reach():
    study = made_up(MEANS)
    drugs = sample(study)
    assert drugs.reach[drugs.last_month] >= FEWEST_DRUGS > drugs.reach[drugs.last_month + 1]
    seen = [ax for ax in curves(study, EN).axes if ax.get_visible()]
    assert {ax.get_xlim()[1] for ax in seen} == {drugs.last_month}
    text = comments.below("curves", study, EN)
    assert "Kaplan-Meier" in EN["axis_curve"] and "censored" in text and f"month {drugs.last_month}" in text


def test_a_panel_without_hospitals_is_left_out():
    study = made_up(MEANS)
    empty = {k: replace(r, curves=r.curves * np.array([np.nan, 1, 1])[None, :, None]) for k, r in study.results.items()}
    assert sum(not ax.get_visible() for ax in curves(replace(study, results={**study.results, **empty}), EN).axes) == 2


def test_a_level_where_nothing_is_ever_stocked_is_a_line_at_zero():
    study = made_up(MEANS)
    none = {k: replace(r, curves=r.curves * np.array([0, 1, 1])[None, :, None]) for k, r in study.results.items()}
    assert all(ax.get_visible() for ax in curves(replace(study, results={**study.results, **none}), EN).axes)


def test_the_largest_slice_is_named_where_it_surprises():
    study = anew(MEANS)
    for r in study.results.values():
        r.values.loc[("state_not_asked", "level", "3")] = 0.9
    assert "nobody asked" in comments.below("states", study, EN)
    assert "share of time, not of hospitals" in comments.below("states", study, EN).lower()


def test_worse_is_one_row_a_place_rulebook_and_measure():
    found = search(made_up({"before-reform": 0.40, "national": 0.30, "beijing": 0.20}, n=8)).worse
    best = largest(found)
    assert not best.duplicated(["region", "policy", "indicator"]).any()
    assert best["found"].sum() == len(found)


def _worse(*rows: tuple[str, str, float]) -> pd.DataFrame:
    here = {"scenario": "s", "region": "beijing", "policy": "beijing", "p": 1e-3}
    return pd.DataFrame([here | {"indicator": i, "obedience": o, "difference": d} for i, o, d in rows])


def test_worse_begins_with_what_is_largest_at_default_obedience_access_before_gaps():
    found = _worse(
        ("months_without_24m", "full", 3.0), ("gap_levels", "full", 30.0), ("gap_levels", "default", 24.6),
        ("stocked_24m", "default", -0.02), ("stocked_12m", "default", -0.09), ("stocked_12m", "full", -0.5),
    )  # fmt: skip
    best = largest(found)
    assert list(best["indicator"]) == ["stocked_12m", "stocked_24m", "gap_levels", "months_without_24m"]
    assert list(best["difference"]) == [-0.09, -0.02, 24.6, 3.0]


def test_worse_leaves_out_what_the_page_would_write_as_zero_and_says_how_many():
    found = _worse(
        ("months_without_24m", "default", 0.04), ("stocked_24m", "default", -0.0004), ("hospital_days", "full", 0.6)
    )
    assert list(largest(found)["indicator"]) == ["hospital_days"]
    assert rounded_away(found).tolist() == [True, True, False]


def test_a_gap_that_widens_in_points_shows_the_ratio_too():
    text = why_words("why_gap_3=29.2;why_gap_2=5.2;why_ratio_level=19.60>7.20", EN)
    assert "19.6 before, 7.2 after (narrower)" in text
    assert "扩大" in why_words("why_ratio_level=2.00>3.00", ZH)


def test_worse_says_that_whole_rulebooks_are_compared_and_gives_units(sections):
    assert "no single deadline was moved alone" in sections["en", "worse"]
    assert re.search(r"[+−][0-9.]+ (pp|days|months)", sections["en", "worse"])


def test_assumptions_that_moved_nothing_are_left_out(sections):
    study = with_moved()
    table = study.sensitivity["beijing-beijing-default"]
    assert list(moving(table)["path"]) == ["committee.places.level_3", "room.turnover"]
    text = sections["en", "sensitivity"]
    assert "2 of the 3 moved it at all" in text and "drugs.local_share" not in text
    assert "with one replication, in the smallest place" in text and "over the first 6 replications" in text


def test_the_range_is_said_to_be_of_the_gain_and_the_nation_to_be_left_out_for_time(sections):
    assert "not of the lead over the next best" in sections["en", "answer"]
    assert "left out for time" in sections["en", "answer"] and "耗时" in sections["zh", "answer"]


def test_the_gate_gives_sources_and_tells_published_figures_from_rules():
    published, rules = hypertext(gate_tables(made_up(MEANS), EN)).split(EN["gate_rules"])
    assert "E: S1: 7.8" in published and "RDPAC" in published and EN["gate_own_rule"] not in published
    assert EN["gate_own_rule"] in rules and EN["gate_is_below"] in published and EN["gate_is_below"] not in rules


def test_what_came_with_hurry_has_intervals_and_says_shares_of_what():
    table = hypertext([hurry_table(made_up(MEANS), EN)])
    assert "(% of hearings)" in table and "(% of refusals)" in table
    row = re.search(r"<small>(.*?)</small>", table)[1]
    assert re.search(r"[+−][0-9.]+ .*\([+−]?[0-9.]+ to [+−]?[0-9.]+\)", row)


def test_marks_of_one_line_do_not_overlap():
    for n in range(1, 7):
        at = dodge(n)
        assert len(set(at)) == n and max(map(abs, at)) < 0.5


def test_a_column_of_numbers_stands_right_with_its_head_and_a_column_of_texts_left():
    rows = [
        (
            "1.5",
            ("1.5 (1.0 to 2.0)\n", Small("+0.1 (0.0 to 0.2)")),
            "3 months, a duty",
            ("a ", Strong("word")),
            "–",
        ),
        ("2", ("44% (1 to 2)",), "a", ("2",), "–"),
        ("–", ("3%",), "b", ("c",), "–"),
        ("not reached", ("4%",), "c", ("d",), "–"),
        ("12,000 (1 to 2)", ("4%",), "c", ("d",), "–"),
    ]
    assert [numeric(column) for column in zip(*rows, strict=True)] == [True, True, False, False, False]
    text = hypertext([table("abcde", rows)])
    assert re.findall(r"<th( class=\w+)?>", text) == [" class=right", " class=right", "", "", ""]
    columns = [re.findall(r"<td( class=\w+)?>", row) for row in text.split("<tr>")[2:]]
    assert [c[:2] for c in columns] == [[" class=number", " class=right"]] * 5
    assert {c[2] for c in columns} == {" class=short"} and {c[3] for c in columns} == {""}


def test_shares_end_where_shares_end_and_large_numbers_are_grouped():
    assert with_interval("stocked_24m", (0.2, -0.1, 1.3), EN) == "20.0% (0.0 to 100.0)"
    assert with_interval("stocked_24m", (0.2, -0.1, 0.5), EN, difference=True) == "+20.0 pp (−10.0 to +50.0)"
    assert with_interval("fund_net_million", (20052.1, 9999.4, 23918.9), EN) == "20,052 (9999 to 23,919)"
    assert with_interval("fund_net_million", (376.42, -1.0, 413.6), EN) == "376.4 (−1.0 to 413.6)"
    assert (
        number(-0.04) == "0.0"
        and number(-12345, 0, sign=True) == "−12,345"
        and number(12345, 0, sign=True) == "+12,345"
    )


def test_intervals_dates_and_clauses_are_not_broken_over_lines():
    said = together("from 2024-04-17 by CN-09b: 3 (1 to 20,000)")
    assert re.findall(r'<span class="one">(.*?)</span>', said) == ["2024-04-17", "CN-09b", "(1 to 20,000)"]
    assert unbroken("a 3 (1 to 20)").replace("\N{NO-BREAK SPACE}", "_") == "a 3 (1_to_20)"


def test_the_glossary_stands_in_both_languages(sections):
    assert 10 <= len(terms("glossary")) <= 20
    for term in terms("glossary"):
        assert term.en in sections["en", "asked"] and term.meaning_zh in sections["zh", "asked"]


def test_every_kind_that_simlib_lists_is_a_noun_of_the_glossary():
    nouns = {noun for t in terms("nouns") for noun in t.en.split(", ")}
    plural = {"policies": "policy"}
    assert {plural.get(k, k.removesuffix("s")) for k in KINDS} <= nouns


def test_rules_stand_in_chinese_words_with_their_code():
    table = hypertext([rules_table([made_up(MEANS).rulebooks["beijing"]], ZH)])
    assert "committee.caps_lifted" in table and "用药目录品种数量" in table
    assert not re.search(r"<td[^>]*>[a-z0-9_+&/ ]+</td>", table)


def test_a_higher_share_has_no_plus_in_chinese(sections):
    best = re.search(r'<div class="answer"><p>.*?</p><p>(.*?)</p>', sections["zh", "answer"])[1]
    assert "比改革前高" in best and "+" not in best


def test_tables_keep_intervals_on_one_line(sections):
    assert re.search(r'<span class="one">\([0-9.]+ to [0-9.]+\)</span>', sections["en", "answer"])
