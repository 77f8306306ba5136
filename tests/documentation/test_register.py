"""Every assumed number has an id of its own, and whatever it cites can be found."""

from __future__ import annotations

import random
import re

import pytest

from simlib.cli.inventory import rows
from simlib.core.files import home, read_yaml, scenarios
from simlib.documentation import register as r
from simlib.documentation.facts import evidence_lines
from simlib.documentation.register_page import cited, codes, evidence_link, register_markdown
from simlib.documentation.words import LANGUAGES, words
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.scenario.scenario import load_scenario
from simlib.world.assumptions import assumption_id
from simlib.world.parameters import Parameters


def paths_of(tree, path=()):
    if isinstance(tree, dict) and "value" not in tree:
        for key, inner in tree.items():
            yield from paths_of(inner, (*path, str(key)))
    elif path != ("format",):
        yield ".".join(path)


def test_every_leaf_of_the_file_is_in_the_register_once():
    tree = read_yaml(scenarios() / "assumptions.yaml").data
    assert [e.path for e in r.numbers()] == list(paths_of(tree))
    assert {e.where for e in r.numbers()} == set(Parameters.model_fields)


def test_every_assumed_rule_and_day_of_a_policy_is_in_the_register():
    rules = sum(x.kind == "assumed" for n in policies() for x in load_policy(n).layers[-1].rules)
    days = sum(load_policy(n).layers[-1].dates_kind == "assumed" for n in policies())
    assert len(r.rules()) == rules + days > 0
    assert sum(e.path.endswith("/in_force") for e in r.rules()) == days


def test_no_two_assumptions_share_an_id():
    ids = [e.id for e in r.register()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"A-[0-9a-f]{5}", x) for x in ids)


def test_an_id_depends_on_the_path_alone():
    before = {e.path: e.id for e in r.register()}
    shuffled = list(before)
    random.Random(1).shuffle(shuffled)
    assert {p: assumption_id(p) for p in shuffled} == before
    assert assumption_id("committee.meetings.every.level_3") == "A-1f537"  # cited in reports: it may not change


def test_a_scenario_cites_the_same_ids():
    known = {e.path: e.id for e in r.numbers()}
    assert all(a.id == known[a.path] for a in load_scenario("chain").assumptions)


def test_two_that_share_an_id_are_an_error_that_names_both(monkeypatch):
    monkeypatch.setattr(r, "assumption_id", lambda path: "A-00000" if "purchase" in path else assumption_id(path))
    with pytest.raises(ValueError, match=r"share the id A-00000: rename"):
        r.register()


def test_what_is_assumed_says_value_range_and_reason_in_both_languages():
    for e in r.register():
        assert e.name[0] and e.name[1] and e.value[0], e.path
        if e.kind == "assumed" and not e.path.endswith("/in_force"):
            assert len(e.span) >= 2, e.path  # a low and a high end, or words to choose from
            assert e.reason[0] and e.reason[1] and e.reason[0] != e.reason[1], e.path
        if e.kind == "assumed" and not e.path.startswith("policies/"):
            assert e.unit[0] and e.unit[1], e.path


def test_a_reading_names_its_code_and_the_other_answers():
    entry = next(e for e in r.numbers() if e.path == "clocks.listing")
    assert entry.kind == "reading"
    assert entry.name == ("reading B1", "解读B1")
    assert entry.span == ("learned", "listed")


def test_every_published_figure_that_is_cited_has_a_row_and_the_link_leads_to_its_line():
    lines = (scenarios() / "evidence.csv").read_text(encoding="utf-8-sig").splitlines()
    found = {c for e in r.register() for c in codes(e.reason[0]) + codes(e.reason[1])}
    assert {"A4", "L1", "P2", "P3"} <= found <= set(evidence_lines())
    for code in found:
        line, _ = evidence_lines()[code]
        assert lines[line - 1].startswith(f"{code},")
    with pytest.raises(KeyError):
        cited("as told (E: Z99)", words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_every_assumption_with_links_to_what_it_cites(language):
    text = register_markdown(words(language))
    for e in r.register():
        assert text.count(f'<a id="{e.id}"></a>') == 1, e.path
        assert f"`{e.path}`" in text
    said = {"en": "share of 2024 class 1", "zh": "2024年批准的1类新药中"}[language]
    assert f'[A4](../scenarios/evidence.csv#L5 "{said}' in text
    for target in set(re.findall(r"\]\((\.\./[^#) ]+)", text)):
        assert (home() / "docs" / target).is_file(), target


def test_the_list_of_the_command_line_is_the_register():
    found = rows("assumptions")
    assert [x["name"] for x in found] == [e.id for e in r.register()]
    assert any("decision.rho = 0.7 share [assumed; 0.3 to 0.9]" in x["en"] for x in found)


def test_a_distribution_is_said_in_the_language():
    value = {"lognormal": {"median": 60, "sigma": 0.6}, "unit": "days"}
    assert r.plain(value) == "lognormal, median 60, sigma 0.6"
    assert r.plain(value, "zh") == "对数正态，中位数 60，σ 0.6"


def test_published_figures_are_told_in_both_languages():
    assert len({row["quantity_zh"] for _, row in evidence_lines().values()}) == len(evidence_lines())
    for code, (_, row) in evidence_lines().items():
        for field in ("quantity", "population"):
            assert bool(row[field]) == bool(row[f"{field}_zh"]), code
            assert re.search("[一-鿿]", row[f"{field}_zh"] or "一"), code
        numbers = lambda text: set(re.findall(r"[0-9]+(?:\.[0-9]+)?", text))  # noqa: E731
        if not re.search("million|billion|%", row["value"] + row["unit"]):  # else in 万 and 亿
            assert numbers(row["value"]) <= numbers(row["figure_zh"]) and row["figure_zh"], code
    hint = evidence_link("S1", words("zh")).hint
    assert hint.startswith("三级医院配备一个谈判药的比例") and "7.8%" in hint and "公开发表" in hint
