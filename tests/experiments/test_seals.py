"""Seals: one key for the same inputs, another for others, and digits that come out the same wherever they are made."""

import json
import math
import shutil
from functools import cache

import pytest

from simlib.core.files import InputError, home
from simlib.experiments import records
from simlib.experiments.recipes import recipe_of
from simlib.experiments.replay import replay, seal_effect, seal_ledger, unlike
from simlib.experiments.run import compare, simulate
from simlib.experiments.seals import Asked, Shares, differing, find_seal, read_seal, seal, write_seal
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import load_scenario

KEY = ["stock_days_survivors", "all", "all"]
SLOWER = {"purchase.time": "60 days", "name": "slower"}
SHARES = {"by": "document", "together": False, "exactly": True, "within": None, "worlds": 4, "most": 4, "top": 2}


def asked(changes=SLOWER, n=3, key=KEY, both=None, world="middle"):
    both = both or {}
    sides = [recipe_of("first", {**both, **changes}), recipe_of("first", both)]
    told = {"scenario": sides[0], "baseline": sides[1], "indicator": list(key), "world": world}
    return Asked(what="difference", replications=n, **told)


def sides_of(question):
    return [with_world(r.scenario(), question.world) for r in (question.scenario, question.baseline)]


def key_of(question):
    """Of a question that nobody has answered: no digit is part of a key."""
    return seal(question, sides_of(question), {}, 0.0, 0, 0).key


@cache
def usual():
    question = asked()
    return seal_effect(compare(*(simulate(s, question.replications, 1, False) for s in sides_of(question))), question)


@cache
def ledger():
    """Of two documents, run with two workers."""
    from simlib.experiments.attribution.attribute import attribute

    pair = ({"policy": "national", "name": "ours"}, {})
    sides = [load_scenario("first", c) for c in pair]
    recipes = [recipe_of("first", c) for c in pair]
    found = attribute(*sides, **SHARES, key=tuple(KEY), world="middle", workers=2, progress=False)
    told = {"scenario": recipes[0], "baseline": recipes[1], "indicator": KEY, "world": "middle"}
    return seal_ledger(found, Asked(what="ledger", shares=Shares(**SHARES), **told), 1.0)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A checkout of its own at another place, from which one asks in yet another folder."""
    shutil.copytree(home() / "scenarios", tmp_path / "project/scenarios")
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path / "project"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "project/scenarios"


def test_the_same_question_has_the_same_key_and_any_other_has_another():
    assert key_of(asked()) == usual().key and len(usual().key) == 12
    others = [
        asked(n=4),
        asked(both={"seed": 7}),
        asked({**SLOWER, "purchase.time": "61 days"}),
        asked(key=["stocked_12m", "level", "3"]),
        asked(world="assumed"),
    ]
    keys = {usual().key, *map(key_of, others)}
    assert len(keys) == 1 + len(others)


def test_the_digits_are_those_of_the_run_and_no_part_of_the_key(tmp_path):
    effect = compare(*(simulate(load_scenario("first", c), 3, 1, False) for c in (SLOWER, {})))
    row = effect.value(*KEY)
    told = usual().digits
    assert told["difference"]["value"] == pytest.approx(row["difference"], rel=1e-14) and row["difference"] > 20
    assert told["scenario"]["value"] - told["baseline"]["value"] == pytest.approx(row["difference"])
    data = json.loads(write_seal(usual(), tmp_path).read_text(encoding="utf-8"))
    data["digits"]["difference"]["value"] += 1.0
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(data), encoding="utf-8")
    assert read_seal(changed).key == usual().key


def test_a_difference_has_the_same_digits_elsewhere_with_other_workers(elsewhere, tmp_path):
    found = read_seal(write_seal(usual(), tmp_path / "mail"))
    assert differing(found) == []
    now, _ = replay(found, workers=2, progress=False)
    assert now == usual().digits and unlike(found.digits, now) == []


def test_every_line_of_a_ledger_has_the_same_digits_and_no_stored_run_is_read(elsewhere, tmp_path, monkeypatch):
    found = read_seal(write_seal(ledger(), tmp_path))
    assert {"difference", "national-list-2025", "national-2025-16"} == set(found.digits)

    def never(*_, **__):
        raise AssertionError("a stored run was read")

    monkeypatch.setattr("simlib.experiments.store.pq.read_table", never)
    monkeypatch.setattr("simlib.experiments.attribution.coalitions.read_table", never)
    now, _ = replay(found, workers=1, progress=False)
    assert unlike(found.digits, now) == [] and now == found.digits
    assert not list(tmp_path.rglob("*.parquet"))


def test_one_changed_digit_is_found():
    digits = {line: dict(numbers) for line, numbers in usual().digits.items()}
    x = digits["difference"]["low"]
    digits["difference"]["low"] = math.nextafter(x, math.inf)
    assert [row[:2] for row in unlike(usual().digits, digits)] == [("difference", "low")]
    assert unlike(usual().digits, {}) and unlike({"a": {"value": 0.0}}, {"a": {"value": -0.0}})
    assert unlike({"a": {"value": None}}, {"a": {"value": None}}) == []


def test_the_input_file_that_changed_is_named_and_one_that_does_not_matter_is_not(elsewhere):
    with (elsewhere / "policies/sichuan.yaml").open("a", encoding="utf-8") as file:
        file.write("# another place\n")
    assert differing(usual()) == []
    with (elsewhere / "assumptions.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    (row,) = differing(usual())
    assert row[:2] == ("inputs", "scenarios/assumptions.yaml") and row[2] != row[3]
    (elsewhere / "toys/first.yaml").unlink()
    assert ("inputs", "scenarios/toys/first.yaml") in [r[:2] for r in differing(usual())]


def test_a_file_that_has_come_to_matter_is_named(elsewhere):
    """The clause-by-clause rules of a place stand on a document that did not exist when the number was sealed."""
    path = elsewhere / "policies/before-reform.yaml"
    (elsewhere / "policies/new.yaml").write_bytes(path.read_bytes().replace(b"name: before-reform", b"name: new"))
    path.write_text(path.read_text(encoding="utf-8").replace("\nplace:", "\non: new\nplace:"), encoding="utf-8")
    named = {name: (was, now) for kind, name, was, now in differing(usual()) if kind == "inputs"}
    assert "scenarios/policies/before-reform.yaml" in named


def test_the_package_and_the_source_that_differ_are_named(monkeypatch):
    there = records.version
    monkeypatch.setattr(records, "version", lambda name: "9.9" if name == "numpy" else there(name))
    (row,) = differing(usual())
    assert row[:2] == ("packages", "numpy") and row[3] == "9.9"
    changed = usual().model_copy(update={"sources": usual().sources | {"simlib/model/model.py": "0" * 16}})
    assert ("sources", "simlib/model/model.py") in [r[:2] for r in differing(changed)]
    assert not any(name.startswith(("simlib/cli/", "simlib/words/")) for name in usual().sources)
    assert "simlib/experiments/attribution/walks.py" in ledger().sources


def test_parts_in_files_of_ones_own_are_in_the_seal_and_lists_stay_at_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(home() / "scenarios/policies/guangzhou.yaml", tmp_path / "mine.yaml")
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8").replace("\nname: guangzhou", "\nname: mine", 1)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    recipe = recipe_of("first", {"policy": "mine.yaml"})
    (tmp_path / "mine.yaml").unlink()
    assert recipe.scenario().policy.name == "mine" and str(tmp_path) not in recipe.model_dump_json()


def test_a_variant_of_ones_own_is_refused_with_the_remedy():
    with pytest.raises(InputError, match="mine.yaml: a variant of your own .* --set"):
        recipe_of("first", {}, ("mine.yaml",))


def test_a_seal_that_says_the_same_is_left_as_it_is_and_names_no_place_of_this_machine(tmp_path):
    path = write_seal(usual(), tmp_path)
    before = path.read_bytes()
    later = usual().model_copy(update={"made": usual().made.model_copy(update={"seconds": 99.0})})
    assert write_seal(later, tmp_path) == path and path.read_bytes() == before
    assert str(home()) not in path.read_text(encoding="utf-8") and path.stat().st_size < 60_000
    path.write_text("{", encoding="utf-8")
    write_seal(usual(), tmp_path)
    assert read_seal(path) == usual()


DAMAGE = {
    "cut off": lambda text: text[: len(text) // 2],
    "another format": lambda text: text.replace('"format": 1', '"format": 2', 1),
    "another seed": lambda text: text.replace('"60 days"', '"61 days"'),
    "a word for a digit": lambda text: text.replace('"value": ', '"value": "much", "was": ', 1),
    "a key too many": lambda text: text.replace('"format": 1', '"format": 1, "run": "rm"', 1),
    "a list": lambda text: "[1]",
    "nests": lambda text: "[" * 100_000,
    "no text": lambda text: "\0\x01",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_seal_is_refused_in_one_line(how, tmp_path):
    path = write_seal(usual(), tmp_path)
    path.write_text(DAMAGE[how](path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match="seal-.*json: (no seal|damaged)") as e:
        find_seal(usual().key, tmp_path)
    assert "\n" not in str(e.value) and len(str(e.value)) < 400
