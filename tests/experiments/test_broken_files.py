"""Errors that help: a tiny file for every mistake, and the one line that `simlib check` says about it.

The files lie in `tests/policy/broken/` (policies) and `tests/broken_*/`; each is sound but for the mistake that it is named
after. Those that Git cannot store as they are (huge, not UTF-8) are made here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simlib.core import formats
from simlib.core.files import MAX_BYTES, InputError, shown
from simlib.experiments.check import check_file
from simlib.policy.load import load_layer
from simlib.policy.readings import readings

HERE = Path(__file__).resolve().parents[1]
NO_DURATION = ": write a number and days, working_days, weeks, months or years"

# folder: {file: (line, words of the message)}
MISTAKES: dict[str, dict[str, tuple]] = {
    "policy/broken": {
        "unit-misspelt": (7, "rules.listing.review_limit.value: '15 workingdays' is no duration" + NO_DURATION, "did you mean '15 working days'?"),
        "unit-missing": (7, "rules.listing.review_limit.value: '15' is no duration" + NO_DURATION + "; the unit is missing"),
        "unit-missing-in-a-duty": (8, "rules.committee.duty.listing.within: '1' is no duration" + NO_DURATION + "; the unit is missing"),
        "duration-negative": (7, "rules.listing.review_limit.value: '-3 days' is no duration" + NO_DURATION + "; it cannot be negative"),
        "duration-zero": (7, "rules.listing.review_limit.value: a limit is longer than nothing (given: '0 days')"),
        "date-impossible": (7, "rules.listing.direct.from: 2025-02-30 is no date; write YEAR-MONTH-DAY (day is out of range for month)"),
        "date-as-text": (6, "in_force.from: 'March 2025' is no date; write YEAR-MONTH-DAY"),
        "end-as-text": (6, "in_force.to: 'never' is no date; write YEAR-MONTH-DAY, or open"),
        "key-twice": (8, "rules.listing.direct: given twice"),
        "lever-unknown": (7, "rules.listing.reveiw_limit: unknown lever", "did you mean 'listing.review_limit'?"),
        "lever-group-misspelt": (7, "rules.lissting.reviw_limit: unknown lever", "did you mean 'listing.review_limit'?"),
        "lever-group-misspelt-of-a-duty": (7, "rules.comittee.duty.application_list: unknown lever", "did you mean 'committee.duty' with an entry 'application_list'?"),
        "lever-group-alone": (7, "rules.comittee: unknown lever", "did you mean the group 'committee', such as 'committee.duty'?"),
        "lever-of-another-stage": (7, "rules.committee.purchase_within: unknown lever", "did you mean 'procurement.purchase_within'?"),
        "lever-of-the-head": (7, "rules.validity.period: set in the file's head: in_force / stacking"),
        "trigger-unknown": (8, "rules.committee.duty.listning: unknown trigger 'listning'", "allowed: application_list", "did you mean 'listing'?"),
        "within-on-a-value": (7, "rules.listing.review_limit.within: a rule of listing.review_limit has value, not within"),
        "strength-unknown": (7, "rules.listing.direct.strength: 'most' is not allowed", "allowed: must", "did you mean 'must'?"),
        "strength-missing": (7, "rules.listing.direct.strength: missing"),
        "kind-unknown": (7, "rules.listing.direct.kind: 'statd' is not allowed", "allowed: stated", "did you mean 'stated'?"),
        "clause-missing": (7, "rules.listing.direct.clause: missing"),
        "value-missing": (7, "rules.listing.direct.value: missing"),
        "value-null": (7, "rules.listing.direct.value: missing"),
        "value-left-empty": (8, "rules.listing.direct.value: no value after the colon; write one, or leave the key out"),
        "rule-of-one-word": (7, "rules.listing.direct: expected value, strength, clause and kind"),
        "drug-scope-unknown": (7, "rules.listing.direct.scope: unknown drug scope 'clas1'", "allowed: all", "did you mean 'class1'?"),
        "hospital-scope-unknown": (7, "rules.committee.direct_inclusion.scope: unknown hospital scope 'pubic'", "allowed: all", "did you mean 'public'?"),
        "hospital-scope-without-hospitals": (7, "rules.listing.direct.scope: 'public': this rule does not differ by hospital; name drugs only"),
        "default-scope-unknown": (6, "default_scope: unknown drug scope 'negociated'", "allowed: all", "did you mean 'negotiated'?"),
        "share-above-one": (7, "rules.committee.provision_target.value: expected a share from 0 to 1 (given: 1.3)"),
        "count-above-a-year": (7, "rules.committee.min_meetings_per_year.value: expected a whole number from 0 to 366 (given: 400)"),
        "number-below-its-bounds": (7, "rules.payment.dip_bonus.value: expected a number from 1 to 3 (given: 0.9)"),
        "flag-as-a-word": (7, "rules.listing.direct.value: expected true or false", "did you mean true?"),
        "set-word-unknown": (8, "rules.listing.other_routes.value: unknown value 'price_linkd'", "allowed: price_linked", "did you mean 'price_linked'?"),
        "choice-word-unknown": (7, "rules.listing.pricing.value: unknown value 'autonomus'", "allowed: autonomous", "did you mean 'autonomous'?"),
        "choice-as-a-list": (7, "rules.listing.pricing.value: expected one word, not a list", "allowed: negotiated, linked"),
        "two-values-on-one-day": (9, "rules.listing.review_limit.1: two values from the start on (15 days on line 8); give each its from and to"),
        "rule-before-its-document": (8, "rules.listing.direct.from: 2024-01-01 is outside the document's days (2025-03-21 to 2027-12-31)"),
        "rule-after-its-document": (8, "rules.listing.direct.to: 2028-01-01 is outside the document's days (2025-03-21 to 2027-12-31)"),
        "end-before-start": (6, "in_force.to: the end 2025-01-01 is before the start 2025-03-21"),
        "rule-ends-before-it-starts": (7, "rules.listing.direct.to: the end 2025-02-01 is before the start 2025-03-01"),
        "document-misspelt": (4, "document: unknown document 'sichuan-2025-46'", "did you mean 'sichuan-2025-64'?"),
        "document-without-source": (4, "document: unknown document 'hubei-7' (one that scenarios/documents.csv does not name needs `source:`, a text that says where it can be found)"),
        "clause-of-no-document": (7, "rules.listing.direct.clause: sichuan-2025-64 has no clause 'SC-1b'", "did you mean 'SC-01b'?"),
        "clause-of-the-head-unknown": (6, "in_force.clause: sichuan-2025-64 has no clause 'SC-0'", "did you mean 'SC-00'?"),
        "on-an-unknown-policy": (6, "on: unknown policy 'nationl'", "allowed: before-2021", "did you mean 'national'?"),
        "or-an-unknown-lever": (7, "rules.committee.duty_to_stock.or: unknown lever that hospitals obey 'committee.direct_inclsion'", "allowed: committee", "did you mean 'committee.direct_inclusion'?"),
        "or-a-lever-read-by-months": (7, "rules.committee.duty_to_stock.or: use.training belongs to stages 9 to 11, which are read by months and stand in for nothing", "allowed: committee"),
        "or-where-no-hospital-obeys": (7, "rules.listing.direct.or: hospitals do not obey listing.direct, so that nothing can stand in for it"),
        "assumed-without-range": (7, "rules.listing.review_limit.kind: an assumed value needs range and reason"),
        "assumed-outside-its-range": (7, "rules.listing.review_limit.range: the value '15 days' lies outside its own range [20 days, 30 days]"),
        "assumed-range-in-another-unit": (7, "rules.listing.review_limit.range: [1 month, 2 months] is not in the unit of the value '15 days'"),
        "assumed-word-outside-its-range": (7, "rules.listing.pricing.range: the value 'linked' lies outside its own range [negotiated, autonomous]"),
        "only-an-unknown-region": (7, "rules.listing.direct.only.0: unknown region 'sichaun'", "allowed: beijing", "did you mean 'sichuan'?"),
        "head-key-unknown": (6, "plaec: unknown key", "allowed: format", "did you mean 'place'?"),
        "head-key-missing": (1, "place: missing"),
        "rules-missing": (1, "rules: missing"),
        "title-as-text": (3, "title: expected keys and values: en, zh (given: 'Mine')"),
        "format-newer": (1, "format 2: this version reads format 1; a newer simlib wrote it"),
        "format-older": (1, "format 0: no longer read; write `format: 1` after checking the keys against docs/"),
        "format-missing": (1, "format: missing; write `format: 1` after checking the keys against docs/"),
        "format-as-text": (1, "format: 'one' is no whole number; this version reads format 1"),
        "tab": (7, "not YAML: a tab in the indentation; indent with spaces"),
        "alias": (7, "aliases are not allowed; write the value out"),
        "anchor": (7, "anchors are not allowed; leave the & and its name out"),
        "tag": (7, "tags are not allowed; leave the word that begins with ! out, or put the text in quotes"),
        "merge-key": (7, "merge keys (<<) are not allowed; write the keys out"),
        "nested-deeply": (7, "nested deeper than 12 levels"),
        "bracket-not-closed": (7, "not YAML: a missing comma, or a '{' that is not closed"),
        "quote-not-closed": (7, "not YAML: a quote that is not closed"),
        "colon-without-space": (5, "not YAML: write a space after the colon"),
        "two-documents": (7, "not YAML: a second document after ---; one file holds one"),
        "full-width-digit": (8, "rules.committee.duty.listing.within: '１ month' is no duration" + NO_DURATION, "full-width '１'; write 1"),
        "full-width-number": (7, "rules.committee.min_meetings_per_year.value: expected a whole number from 0 to 366 (given: '１２')", "full-width '１２'; write 12"),
        "full-width-colon": (7, "not YAML:", "full-width '：'; write : and a space"),
        "full-width-colon-in-brackets": (7, "rules.listing.direct.value：true: unknown key", "allowed: value", "did you mean 'value'?", "full-width '：'; write :"),
        "full-width-comma": (7, "not YAML: a missing comma, or a '{' that is not closed", "full-width '，'; write ,"),
        "empty": (None, "the file is empty"),
        "list-at-the-top": (1, "expected keys and values at the top, found a list"),
        "word-at-the-top": (1, "expected keys and values at the top, found text"),
        "yes-as-a-key": (7, "rules.listing.direct.yes: unknown key", "allowed: value, within"),
    },
    "broken_scenarios": {
        "key-unknown": (3, "cohrt: unknown key", "allowed: format", "did you mean 'cohort'?"),
        "cohort-missing": (1, "cohort: missing"),
        "variant-unknown": (8, "variants.0: unknown variant 'monthly-meeting'", "allowed: monthly-meetings", "did you mean 'monthly-meetings'?"),
        "variant-path-unknown": (8, "variants.0: no such file my-changes.yaml"),
        "reading-unknown": (8, "readings.B22: unknown reading 'B22'", "allowed: A1", "did you mean 'B2'?"),
        "reading-answer-unknown": (9, "readings.A1: unknown answer to A1 'nationl'", "allowed: favourable", "did you mean 'national'?"),
        "change-unknown": (10, "changes listing.reveiw_limit: unknown key", "allowed: a key of the scenario file", "did you mean 'listing.review_limit'?"),
        "change-of-a-wrong-value": (10, "changes listing.review_limit: '15 workdays' is no duration" + NO_DURATION, "did you mean '15 working days'?"),
        "change-of-a-wrong-number": (9, "changes decision.rho: input should be less than or equal to 1 (given: 1.3)"),
        "change-without-an-unknown-clause": (10, "changes without: unknown clause of policy sichuan 'SC-2a'", "allowed: CN-03", "did you mean 'SC-02a'?"),
        "probability-above-one": (10, "parameters.listing.complete: input should be less than or equal to 1 (given: 1.3)"),
        "parameter-unknown": (9, "parameters.listing.complet: unknown key 'complet'", "allowed: background_per_year", "did you mean 'complete'?"),
        "duration-negative": (9, "parameters.purchase.time: '-30 days' is no duration" + NO_DURATION + "; it cannot be negative"),
        "end-before-start": (6, "end: the end 2019-01-01 is not after the start 2020-01-01"),
        "two-ends": (8, "end: give exactly one of end, horizon_days"),
        "no-end": (1, "give exactly one of end, horizon_days"),
        "policy-from-after-the-end": (7, "policy_from: 200 is not before the end"),
        "start-as-text": (5, "start: '1 January' is no date; write YEAR-MONTH-DAY"),
        "region-unknown": (8, "region: unknown region 'sichaun'", "allowed: beijing", "did you mean 'sichuan'?"),
        "region-no": (8, "region: unknown region 'no'", "allowed: beijing, chongqing"),
        "region-path-unknown": (8, "region: no such file sichuan.yml", "did you mean 'sichuan'?"),
        "policy-path-unknown": (8, "policy: no such file policies/none.yaml"),
        "policy-unknown": (8, "policy: unknown policy 'sichaun'", "allowed: before-2021", "did you mean 'sichuan'?"),
        "policy-inside-with-a-wrong-lever": (15, "rules.listing.dirct: unknown lever", "did you mean 'listing.direct'?"),
        "cohort-unknown": (3, "cohort: unknown cohort 'nmap'", "allowed: nmpa", "did you mean 'nmpa'?"),
        "rounds-unknown": (8, "rounds: no rounds in scenarios/catalog_rounds.yaml", "did you mean 'catalogue_rounds'?"),
        "format-missing": (1, "format: missing; write `format: 1` after checking the keys against docs/"),
        "on-as-a-key": (8, "on: unknown key", "allowed: format, name"),
        "start-before-the-calendar": (4, "start: the published working days begin in 2004"),
        "snapshot-before-the-start": (8, "snapshots.0: 2019-12-31 is before the start 2020-01-01"),
        "readings-as-a-list": (8, "readings: expected keys and values (given: ['B2'])"),
        "parameter-group-as-a-number": (8, "parameters.decision: expected keys and values: fixed, b0", "(given: 3)"),
    },
    "broken_regions": {
        "stratum-twice": (8, "strata.1.id: 'a' is also stratum 1"),
        "area-unknown": (7, "strata.0.areas: unknown area 'oncolgy'", "allowed: anaesthesia", "did you mean 'oncology'?"),
        "count-negative": (7, "strata.0.count: input should be greater than or equal to 0 (given: -5)"),
        "stratum-key-unknown": (7, "strata.0.bed: unknown key", "allowed: id", "did you mean 'beds'?"),
        "level-unknown": (7, "strata.0.level: 4 is not allowed", "allowed: 3, 2"),
        "payment-unknown": (5, "payment: 'DRGS' is not allowed", "allowed: DRG", "did you mean 'DRG'?"),
        "strata-and-list": (7, "strata: give exactly one of strata, hospitals"),
        "format-newer": (1, "format 2: this version reads format 1; a newer simlib wrote it"),
        "bed-count-as-text": (7, "strata.0.beds: expected a number (given: 'many')"),
        "named-stratum-of-two": (7, "strata.0.name: a stratum with a name is one hospital: count must be 1"),
        "communities-without-a-lead": (6, "medical_communities.share: no general hospital of level 2 owned by a county, which would lead"),
    },
    "broken_cohorts": {
        "two-sources": (4, "yearly_counts: give one of list, yearly_counts, dates, days, poisson, pipeline (given: days, yearly_counts)"),
        "no-source": (1, "give one of list, yearly_counts, dates, days, poisson, pipeline"),
        "pipeline-of-two-kinds": (4, "pipeline.days: give exactly one of per_year, days"),
        "class-unknown": (7, "mix.classes.chem_11: 'chem_11' is not allowed", "allowed: chem_1", "did you mean 'chem_1'?"),
        "area-unknown": (7, "mix.areas.oncolgy: unknown area 'oncolgy'", "allowed: anaesthesia", "did you mean 'oncology'?"),
        "list-unknown": (3, "list: no such file none.csv"),
        "date-impossible": (5, "dates.1: 2020-02-30 is no date; write YEAR-MONTH-DAY (day is out of range for month)"),
        "format-missing": (1, "format: missing; write `format: 1` after checking the keys against docs/"),
    },
    "broken_experiments": {
        "baseline-missing": (10, "blocks.0.policies: chongqing-national-default lacks its baseline chongqing-before-reform-default; add policy before-reform"),
        "baseline-misspelt": (10, "blocks.0.policies: chongqing-before-reform-default lacks its baseline chongqing-before-refrom-default; add policy before-refrom", "did you mean 'before-reform'?"),
        "region-unknown": (10, "region: unknown region 'chongqin'", "allowed: beijing", "did you mean 'chongqing'?"),
        "policy-unknown": (10, "policy: unknown policy 'natinal'", "allowed: before-2021", "did you mean 'national'?"),
        "obedience-unknown": (10, "blocks.0.obedience.0: 'ful' is not allowed", "allowed: hoped, full", "did you mean 'full'?"),
        "common-key-unknown": (8, "ende: unknown key", "allowed: format", "did you mean 'end'?"),
        "format-older": (1, "format 0: no longer read; write `format: 1` after checking the keys against docs/"),
    },
    "broken_variants": {
        "change-unknown": (6, "changes comittee.meetings.every: unknown key", "allowed: a key of the scenario file", "did you mean 'committee.meetings'?"),
        "number-outside": (5, "changes decision.rho: input should be less than or equal to 1 (given: 1.3)"),
        "lever-value-wrong": (5, "changes listing.review_limit: 'soon' is no duration" + NO_DURATION),
        "clause-unknown": (5, "changes.committee.barriers_removed@SC-2c: no rule of committee.barriers_removed is by clause 'SC-2c'", "did you mean 'SC-02c'?"),
        "scenario-key-wrong": (5, "changes obedience: 'ful' is not allowed", "allowed: hoped, full", "did you mean 'full'?"),
        "reading-unknown": (5, "changes readings.Z9: unknown reading 'Z9'", "allowed: A1, A10"),
        "readings-no-mapping": (5, "changes readings: expected readings and their answers, such as {A1: local} (given: 5)"),
        "reading-as-a-list": (5, "changes readings.A11: unknown answer to A11", "allowed: canvass, meeting_only"),
        "format-missing": (1, "format: missing; write `format: 1` after checking the keys against docs/"),
    },
    "broken_lists": {
        "readings-key-unknown": (8, "readings.A1.others.0.sett: unknown key", "allowed: name", "did you mean 'set'?"),
        "readings-clause-unknown": (5, "readings.A1.clauses.0: no clause 'SC-1a'", "did you mean 'SC-01a'?"),
        "readings-change-unknown": (12, "set decision.roh: unknown key", "allowed: a key of the scenario file", "did you mean 'decision.rho'?"),
        "reasons-clause-unknown": (4, "by_clause.SC-1b: no clause 'SC-1b'", "did you mean 'SC-01b'?"),
        "reasons-in-one-language": (4, "by_clause.SC-01b.zh: missing"),
        "proofs-lever-unknown": (4, "proofs.SC-01b.0.lever: unknown lever 'listing.dirct'", "allowed: awareness", "did you mean 'listing.direct'?"),
        "proofs-clause-unknown": (3, "proofs.SC-1b: no clause 'SC-1b'", "did you mean 'SC-01b'?"),
    },
}  # fmt: skip
CASES = [(folder, name) for folder, mistakes in MISTAKES.items() for name in mistakes]

POLICY = """format: 1
name: mine
title: {en: Mine, zh: 我的}
document: practice
place: sichuan
rules:
  listing.direct: {value: true, strength: must, clause: practice, kind: stated}
"""
SCENARIO = "format: 1\nname: mine\ncohort: {days: [0]}\ncalendar: every_day\nhorizon_days: 100\npolicy_from: 0\n"


def complaint(path: Path) -> str:
    """The one line about a broken file."""
    with pytest.raises(InputError) as e:
        check_file(path)
    message = str(e.value)
    assert len(message.splitlines()) == 1 and message.isprintable()
    return message


@pytest.mark.parametrize(("folder", "name"), CASES, ids=[f"{f}/{n}" for f, n in CASES])
def test_a_mistake_is_one_line_that_names_file_line_key_and_what_is_right(folder: str, name: str):
    line, *words = MISTAKES[folder][name]
    path = HERE / folder / f"{name}.yaml"
    message = complaint(path)
    assert message.startswith(f"{shown(path)}:{line}: " if line else f"{shown(path)}: "), message
    assert [w for w in words if w not in message] == [], message


def test_every_broken_file_is_in_the_table_and_there_are_many():
    for folder, mistakes in MISTAKES.items():
        assert sorted(p.stem for p in (HERE / folder).iterdir()) == sorted(mistakes)
    assert len(CASES) > 140


def _write(folder: Path, content: bytes | str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name: " + b"x" * MAX_BYTES, "mine.yaml: larger than 500,000 bytes"),
        (POLICY.encode("gb18030"), "mine.yaml:3: not UTF-8 but probably GB18030 (GBK); save it as UTF-8"),
        (POLICY.encode("utf-16"), "mine.yaml:1: not UTF-8 but UTF-16, or no text at all; save it as UTF-8"),
        (b"name: mine\n\0\0", "mine.yaml: not UTF-8 but UTF-16, or no text at all"),
        (POLICY.replace("mine", "mi\u0007ne").encode(), "mine.yaml:2: not YAML: an invisible character, number 7"),
        (b"# nothing but a remark\n", "mine.yaml: the file is empty"),
        (b"a: " + b"[" * 100_000, "mine.yaml:1: nested deeper than 12 levels"),
        (b"name: " + b"9" * 5000, "mine.yaml:1: name: 9999999999"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_one_line(content: bytes, words: str, tmp_path: Path):
    assert words in complaint(_write(tmp_path, content))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("place:", "pla\u200bce:", "5: an invisible character (zero width space, U+200B) in 'place'; delete it"),
        ("en: Mine", "en: My, own", "3: title.en: 'My, own' is two things, since a comma ends a value in { }"),
        (
            "rules:\n  ",
            "rules:\n\u00a0\u00a0",
            "6: rules: the lines below are indented with blanks that are none of YAML's",
        ),
        ("rules:\n  ", "rules:\n", "6: rules: no value after the colon; write one, or leave the key out (what belongs"),
        (
            "place: ",
            "place:\u00a0",
            "5: not YAML: a blank that is none of YAML's (U+00A0, as Word and web pages have it)",
        ),
        ("place: ", "place = ", "5: not YAML: a line without `key: value`"),
        ("place: ", "place:\t", "5: not YAML: a tab; write spaces in its place"),
        ("place: sichuan", "place: %a", "5: not YAML: a value that begins with a sign; put it in quotation marks"),
        ("clause: practice", "clause: #3", "7: not YAML: a value is missing, or a bracket that is not closed"),
        (
            "place: sichuan",
            "place: [sichuan]",
            "5: place: expected a text (given: ['sichuan']); write one text, not a list",
        ),
        ("place: sichuan", "place: 12", "5: place: expected a text (given: 12); put it in quotation marks"),
        ("  listing", "  - listing", "6: rules: expected keys and values (given: [{"),
        ("value: true", "value: 是", "7: rules.listing.direct.value: expected true or false; did you mean true?"),
        ("strength: must", "strength: MUST", "7: rules.listing.direct.strength: 'MUST' is not allowed; allowed: must"),
        (
            "listing.direct",
            "committee.duty",
            "7: rules.committee.duty.value: stands below a trigger (listing, catalogue",
        ),
    ],
)
def test_what_word_excel_and_the_web_make_of_a_file_is_told_where_it_stands(before, after, words, tmp_path: Path):
    assert f"mine.yaml:{words}" in complaint(_write(tmp_path, POLICY.replace(before, after)))


def test_a_file_that_is_not_there_and_a_folder_are_told_apart(tmp_path: Path):
    _write(tmp_path, POLICY, "sichuan.yaml")
    assert complaint(tmp_path / "sichaun.yaml").endswith("no such file; did you mean 'sichuan.yaml'?")
    assert complaint(tmp_path / "nowhere" / "a.yaml").endswith("a.yaml: no such file")
    assert complaint(tmp_path).endswith("is a folder; name the files")


def test_an_answer_that_cannot_act_yet_says_why(tmp_path: Path):
    waiting = [(code, o) for code, r in readings().items() for o in r.others if o.pending]
    if not waiting:
        pytest.skip("every answer acts")
    code, other = waiting[0]
    message = complaint(_write(tmp_path, f"{SCENARIO}readings:\n  {code}: {other.name}\n"))
    assert f"mine.yaml:8: readings.{code}: {other.name} cannot act yet: {other.pending.en}" in message


def test_what_looks_like_a_mistake_and_is_none_passes(tmp_path: Path):
    assert check_file(_write(tmp_path, POLICY)) == "policy"
    assert check_file(_write(tmp_path, SCENARIO)) == "scenario"
    for old, new in (
        ("zh: 我的", "zh: '我的：１号'"),  # full-width where a text may have it
        ("document: practice", "document: hubei-7\nsource: https://example.org/hubei-7"),
        ("kind: stated", "kind: assumed, reason: a guess, range: [false, true]"),
        ("kind: stated", "kind: stated, only: [sichuan]"),
        ("place: sichuan", "place: no\non: national"),  # YAML 1.2: words, not false and true
    ):
        assert check_file(_write(tmp_path, POLICY.replace(old, new))) == "policy"


def test_a_policy_written_into_a_scenario_needs_no_source(tmp_path: Path):
    inside = POLICY.replace("document: practice", "document: hubei-7").replace("\n", "\n  ")
    assert check_file(_write(tmp_path, f"{SCENARIO}policy:\n  {inside}\n")) == "scenario"


def test_a_mistake_in_a_file_that_another_names_is_told_of_that_file(tmp_path: Path):
    _write(tmp_path, POLICY.replace("stated", "statd"), "rules.yaml")
    message = complaint(_write(tmp_path, f"{SCENARIO}policy: rules.yaml\n"))
    assert "rules.yaml:7: rules.listing.direct.kind: 'statd' is not allowed" in message


def test_an_older_format_is_brought_up_step_by_step_where_there_is_a_way(tmp_path: Path, monkeypatch):
    path = _write(tmp_path, POLICY.replace("format: 1", "format: -1").replace("place:", "region:"))
    assert f"{path}:1: format -1: no longer read" in complaint(path)
    steps = {-1: lambda data: data, 0: lambda data: {"place" if k == "region" else k: v for k, v in data.items()}}
    monkeypatch.setitem(formats.MIGRATIONS, "policy", steps)
    assert check_file(path) == "policy" and load_layer(path)[0].place == "sichuan"
