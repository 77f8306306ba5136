"""What is explored, without widgets: levers as controls, moves and their undoing, Python, variants."""

from __future__ import annotations

import ast
import shutil

import pytest

from simlib.core.files import InputError, scenarios
from simlib.policy.levers import LEVERS
from simlib.policy.load import names as policy_names
from simlib.scenario.scenario import load_scenario
from simlib.workbench.controls import controls
from simlib.workbench.places import SMALL, regions
from simlib.workbench.save import options, save_variant
from simlib.workbench.session import WRITTEN, Choice, Session, Spec, policy_under

DUTY = "committee.duty.listing@SC-02a"


def by_key(session: Session):
    return {c.key: c for c in session.controls()}


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A copy of the data that may be written to."""
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("policy", policy_names())
def test_every_lever_of_every_rulebook_is_a_control_that_moves_and_goes_back(policy):
    session = Session(Choice(policy=policy))
    found = session.controls()
    assert {c.lever.name for c in found} == {n for n, lever in LEVERS.items() if lever.kind != "header"}
    for control in found:
        assert session.where(control) == control.written, control.key
        session.move(control, on=not control.written.on)
        assert session.where(control).on is not control.written.on and session.changes, control.key
        session.move(control, on=control.written.on)
        assert not session.changes, control.key


def test_controls_follow_the_flow_and_fit_the_kind_of_lever():
    found = by_key(Session())
    stages = [c.lever.stage for c in found.values()]
    assert stages.index("readiness") < stages.index("committee") < stages.index("purchase") < stages.index("payment")
    duty = found[DUTY]
    assert (duty.shape, duty.written.value, duty.unit, duty.low, duty.high) == ("slider", 1.0, "months", 0.25, 24.0)
    assert found["listing.review_limit@SC-01c"].unit == "working days"
    assert found["committee.provision_target"].high == 100 and found["committee.provision_target"].said(80) == 0.8
    assert (
        found["committee.barriers_removed@SC-02c"].shape == "words" and found["routes.urgent_import"].shape == "numbers"
    )


def test_every_added_rule_is_one_that_a_scenario_takes():
    session = Session(Choice(policy="before-reform"))
    for control in session.controls():
        if not control.clause:
            session.move(control, on=True)
    scenario = session.spec().load()
    assert {r.lever for r in scenario.policy.rules} == {n for n, lever in LEVERS.items() if lever.kind != "header"}


def test_a_moved_value_and_strength_reach_the_rule_and_nothing_else():
    session = Session()
    duty = by_key(session)[DUTY]
    session.move(duty, value=2.0)
    session.move(duty, strength="explore")
    assert session.changes == {DUTY: "2 months", f"{DUTY}.strength": "explore"}
    rule = next(r for r in session.spec().load().policy.rules if r.clause == "SC-02a")
    assert (rule.value, rule.strength) == ((2.0, "months"), "explore")
    assert list(session.diff()["lever"]) == ["committee.duty.listing"]
    session.move(duty, value=1.0, strength="must")
    assert not session.changes and not len(session.diff())


def test_a_set_without_words_is_a_rule_that_is_off():
    session = Session()
    grounds = by_key(session)["committee.barriers_removed@SC-02c"]
    session.move(grounds, value=())
    assert session.changes == {grounds.key: "off"} and not session.where(grounds).on


def test_a_step_is_undone_and_another_rulebook_comes_without_changes():
    session = Session()
    session.move(by_key(session)[DUTY], value=6.0)
    session.pick(policy="beijing")
    assert not session.changes and DUTY not in by_key(session)
    assert session.undo() and session.changes == {DUTY: "6 months"} and session.choice.policy == "sichuan"
    assert session.undo() and not session.changes and not session.undo()


def test_a_change_that_cannot_be_is_refused_and_nothing_is_kept():
    session = Session()
    with pytest.raises(InputError, match="no duration"):
        session.put({DUTY: "2 moons"})
    with pytest.raises(InputError, match=r"unknown|allowed"):
        session.pick(policy="sichaun")
    assert session.choice == Choice() and not session.past


def test_a_rule_that_a_wider_change_took_out_can_be_turned_on_again():
    session = Session()
    session.put({"without": ["SC-02a", "SC-02c"]})
    duty = by_key(session)[DUTY]
    assert not session.where(duty).on
    session.move(duty, on=True)
    assert session.where(duty).on and session.changes == {"without": ["SC-02c"]}


@pytest.mark.parametrize("region", [SMALL, "beijing"])
def test_the_python_that_is_shown_loads_the_world_that_is_shown(region):
    session = Session(Choice(region=region, policy="sichuan", obedience="full", cohort="synthetic-province"))
    session.move(by_key(session)[DUTY], value=3.0)
    tree = ast.parse(session.python(8))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "load_scenario"]
    shown = [load_scenario(*(ast.literal_eval(a) for a in call.args)) for call in calls]
    assert [s.digest() for s in shown] == [session.spec().load().digest(), session.baseline_spec().load().digest()]


@pytest.mark.parametrize("region", [SMALL, "beijing"])
def test_as_hoped_can_be_picked_where_no_scenario_is_stored_at_that_degree(region):
    session = Session(Choice(region=region, policy="sichuan", obedience="hoped"))
    rules, base = session.spec().load(), session.baseline_spec().load()
    assert rules.obedience == base.obedience == "hoped" and rules.policy.name == "sichuan"


@pytest.mark.parametrize("region", [SMALL, "beijing"])
def test_all_scenarios_of_a_picture_take_their_numbers_from_the_world_that_is_picked(region):
    session = Session(Choice(region=region))
    session.pick(world="fitted")
    session.put({"room.turnover": 0.1})
    specs = session.spec(), session.written_spec(), session.baseline_spec()
    assert {s.load().world for s in specs} == {"fitted"} and "'world': 'fitted'" in session.python()
    session.put({"world": "assumed"})  # as a variant says it
    assert session.choice.world == "assumed" and session.spec().load().world == "assumed"
    session.pick(world="middle")
    assert session.baseline_spec().load().world == "middle"
    with pytest.raises(InputError, match="world"):
        session.pick(world="likely")


def test_the_baseline_can_be_the_rulebook_as_written():
    session = Session(Choice(baseline=WRITTEN))
    session.move(by_key(session)[DUTY], value=3.0)
    assert session.baseline_spec() == session.written_spec() != session.spec()


def test_every_place_and_rulebook_loads():
    for region in regions():
        session = Session()
        session.pick(region=region, policy="national")
        assert session.spec().load().policy.name == "national"
        assert session.choice.cohort == ("synthetic-small" if region == SMALL else "nmpa")


def test_a_saved_variant_is_the_same_world(own_home):
    session = Session()
    found = by_key(session)
    session.move(found[DUTY], value=2.0)
    session.move(found["committee.barriers_removed@SC-02c"], on=False)
    session.move(found["routes.urgent_import"], on=True)
    path = save_variant(session, "two-months", "Two months")
    assert path == own_home / "scenarios/variants/two-months.yaml" and "off" in path.read_text(encoding="utf-8")
    again = load_scenario(SMALL, {"policy": "sichuan"}, variants=["two-months"])
    assert again.digest() == session.spec().load().digest()
    assert options(session, "two-months") == "--set policy=sichuan --variant two-months"
    other = Session()
    other.open_variant("two-months")
    assert other.policy() == session.policy() and other.undo() and not other.changes


def test_a_variant_is_not_saved_twice_nor_without_a_change_nor_under_a_path(own_home):
    session = Session()
    with pytest.raises(InputError, match="nothing is changed"):
        save_variant(session, "nothing")
    session.put({"decision.rho": 0.3})
    for name in ("../x", "Two", "a b", "", "-a"):
        with pytest.raises(InputError, match="small letters"):
            save_variant(session, name)
    with pytest.raises(InputError, match="choose another"):
        save_variant(session, "monthly-meetings")
    assert sorted(p.name for p in (own_home / "scenarios/variants").iterdir()) == ["monthly-meetings.yaml"]


def test_a_variant_with_assumed_numbers_is_opened_and_said():
    session = Session()
    session.open_variant("monthly-meetings")
    assert session.other_changes() and "committee.meetings.every" in session.python()
    assert session.policy() == policy_under(Choice())


def test_the_same_world_has_the_same_key():
    assert Spec("a", {"x": 1}).key == Spec("a", {"x": 1}).key != Spec("a", {"x": 2}).key
    assert controls(Session().written())[0].key == Session().controls()[0].key


def variant(home, changes: str) -> str:
    """A stored variant of some changes."""
    text = f"format: 1\nname: other\ntitle: {{en: other, zh: 其他}}\nchanges: {{{changes}}}\n"
    (home / "scenarios/variants/other.yaml").write_text(text, encoding="utf-8")
    return "other"


def test_a_variant_of_dates_and_seed_is_another_world_for_all_that_is_compared(own_home):
    session = Session()
    session.open_variant(variant(own_home, "end: 2024-12-31, seed: 7, committee.duty.listing@SC-02a: 2 months"))
    ran = load_scenario(SMALL, {"policy": "sichuan"}, variants=["other"])
    assert session.spec().load().digest() == ran.digest()
    assert {s.load().seed for s in (session.baseline_spec(), session.written_spec())} == {7}
    assert list(session.written_spec().set) == ["policy", "end", "seed"]
    load_scenario(*(ast.literal_eval(a) for a in ast.parse(session.spec().python()).body[0].value.args))


def test_a_variant_of_dates_that_cannot_be_is_refused_and_nothing_is_kept(own_home):
    session = Session()
    with pytest.raises(InputError, match="not after the start"):
        session.open_variant(variant(own_home, "end: 1999-12-31"))
    assert session.choice == Choice() and not session.past


def test_an_edited_policy_is_another_world_and_a_saved_variant_is_not(own_home):
    session = Session()
    before = session.spec().key
    variant(own_home, "seed: 7")
    assert not session.refresh() and session.spec().key == before
    path = own_home / "scenarios/policies/sichuan.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert session.refresh() and session.spec().key != before and not session.refresh()


def test_a_folder_that_takes_no_file_is_told_and_leaves_no_part(own_home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    session = Session()
    session.move(by_key(session)[DUTY], value=2.0)
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(
        InputError, match=r"variants/two-months.yaml cannot be written \(No space left on device\); make"
    ):
        save_variant(session, "two-months")
    assert sorted(p.name for p in (own_home / "scenarios/variants").iterdir()) == ["monthly-meetings.yaml"]
