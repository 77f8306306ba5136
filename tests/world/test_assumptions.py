import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.scenario.scenario import load_scenario
from simlib.world import assumptions


def test_every_assumed_number_has_a_range_and_a_reason_in_both_languages():
    found = load_scenario("sichuan-monthly-meetings").assumptions
    assert len(found) > 140
    assert [a.path for a in found if not a.range or not a.reason or not a.reason_zh] == []


def test_a_comma_that_cuts_a_reason_in_two_is_an_error(monkeypatch):
    text = (scenarios() / "assumptions.yaml").read_text(encoding="utf-8")
    broken = text.replace(
        '"spread of drugs\' appeal (standard deviation of the log): mean 1, no published figure; 0.6 to 1.2"',
        "spread of drugs' appeal, mean 1",
    )
    assert broken != text
    document = parse_yaml(broken, "assumptions.yaml")
    monkeypatch.setattr(assumptions, "read_yaml", lambda path: document)
    with pytest.raises(InputError, match="appeal_log_sd.*mean 1"):
        assumptions.read_assumptions()
