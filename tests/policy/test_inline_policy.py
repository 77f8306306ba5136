"""A scenario may hold a policy of its own, read as strictly as a stored one."""

from __future__ import annotations

from pathlib import Path

import pytest

from simlib import InputError, load_scenario, simulate
from simlib.core.files import scenarios

HELD = ("before-2021", "listing-2023", "before-reform")
TOY = (scenarios() / "toys" / "meetings-90-duty.yaml").read_text(encoding="utf-8")
FAULTS = {
    "a misspelt lever": ("committee.duty:", "committee.duyt:", "rules.committee.duyt: unknown lever; did you mean 'committee.duty'"),
    "a misspelt trigger": ("listing: {within", "listning: {within", "unknown trigger 'listning'"),
    "a limit of nothing": ("within: 30 days", "within: 0 days", "a limit is longer than nothing"),
    "a missing clause": (", clause: toy, kind", ", kind", "clause: missing"),
    "a stored policy's name": ("name: toy-duty", "name: national", "'national' is the name of a stored policy"),
    "an unknown policy below": ("  document: toy", "  document: toy\n  on: nationl", "on: unknown policy 'nationl'"),
    "an unknown key": ("  document: toy", "  document: toy\n  plaec: toy", "plaec: unknown key"),
}  # fmt: skip


def load(text: str, folder: Path):
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def test_a_policy_in_a_scenario_stands_on_practice_or_on_a_stored_one(tmp_path: Path):
    alone = load(TOY, tmp_path).policy
    assert (alone.name, [layer.name for layer in alone.layers]) == ("toy-duty", [*HELD, "toy-duty"])
    stacked = load(TOY.replace("  document: toy", "  document: toy\n  on: sichuan"), tmp_path).policy
    assert [layer.name for layer in stacked.layers] == [*HELD, "list-2025", "national", "sichuan", "toy-duty"]
    line = TOY.splitlines().index("      listing: {within: 30 days, strength: must, clause: toy, kind: stated}") + 1
    assert str(alone.layers[-1].rules[0].source).endswith(f"mine.yaml:{line}")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_it_is_one_line_with_file_and_line(fault: str, tmp_path: Path):
    old, new, words = FAULTS[fault]
    assert old in TOY
    with pytest.raises(InputError) as e:
        load(TOY.replace(old, new, 1), tmp_path)
    message = str(e.value)
    at = int(message.split("mine.yaml:")[1].split(":")[0])
    assert words in message and "\n" not in message and at > TOY.splitlines().index("policy:")


def test_it_can_be_given_from_outside_and_is_part_of_what_decides_results():
    rule = {"value": True, "strength": "must", "clause": "toy", "kind": "stated"}
    policy = {"format": 1, "name": "mine", "title": {"en": "a", "zh": "b"}, "document": "toy", "place": "toy",
              "rules": {"committee.direct_inclusion": rule}}  # fmt: skip
    plain = load_scenario("meetings-90")
    direct = load_scenario("meetings-90", {"policy": policy, "obedience": "full"})
    assert plain.digest() != direct.digest()
    result = simulate(direct, 2, workers=1, progress=False)
    assert result.value("direct_share")["mean"] == 1 and result.value("stock_days_survivors")["mean"] == 0
