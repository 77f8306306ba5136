"""Every assumed number has a name, a unit, a range and a reason, as fields of their own in both languages."""

import re
import shutil

import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.scenario.scenario import load_scenario
from simlib.world import assumptions
from simlib.world.assumptions import assumption

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def read(monkeypatch, old: str, new: str):
    """Read the numbers with one line of the file changed."""
    text = (scenarios() / "assumptions.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    document = parse_yaml(text.replace(old, new), "assumptions.yaml")
    monkeypatch.setattr(assumptions, "read_yaml", lambda path: document)
    return assumptions.read_assumptions()


def test_every_assumed_number_says_what_it_is_in_which_unit_and_why_in_both_languages():
    found = load_scenario("sichuan-monthly-meetings").assumptions
    assert len(found) > 300
    for a in found:
        for text in (a.name, a.unit, a.reason):
            assert text.en and not CHINESE.search(text.en), a.path
            assert CHINESE.search(text.zh) or text.zh == "%", a.path
        assert min(len(a.reason.en), len(a.reason.zh)) > 3 and a.range, a.path


def test_what_a_number_is_and_why_make_one_sentence():
    a = assumption("readiness.provinces")
    assert a.title() == "provincial platforms (platforms)" and a.title("zh") == "省级平台（个）"
    assert a.sentence() == "provincial platforms (platforms): the number in mainland China"
    assert a.sentence("zh") == "省级平台（个）：中国大陆的平台数"


@pytest.mark.parametrize("path", ["readiness", "stages.use", "no.such.path"])
def test_a_group_a_switch_and_an_unknown_path_are_no_number(path):
    with pytest.raises(KeyError):
        assumption(path)


UNIT = "    unit: {en: platforms, zh: 个}\n"
NAME = "    name: {en: provincial platforms, zh: 省级平台}\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (UNIT, "", r"assumptions.yaml:\d+: readiness.provinces.*unit"),
        (UNIT, "    unit: {en: platforms}\n", "readiness.provinces.unit.*zh"),
        (NAME, NAME.replace("provincial", "provincial, national"), "readiness.provinces.name.*national platforms"),
        (NAME, NAME + "    cause: none\n", "readiness.provinces.*cause"),
        ("    range: [31, 31]\n", "", "readiness.provinces.*range"),
    ],
    ids=["no unit", "no unit in Chinese", "a comma cuts a name in two", "a key too many", "no range"],
)
def test_a_number_without_one_of_its_fields_is_an_error(monkeypatch, old, new, words):
    with pytest.raises(InputError, match=words):
        read(monkeypatch, old, new)


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (r"(?ms)^readiness:\n.*?^(?=listing:)", ": readiness: missing"),
        (r"(?m)^  room: true\n", ": stages.room: missing"),
    ],
)
def test_a_copy_that_lacks_a_group_or_a_number_is_refused_where_it_should_stand(old, words, tmp_path, monkeypatch):
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    mine = tmp_path / "scenarios" / "assumptions.yaml"
    mine.write_text(re.sub(old, "", mine.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    with pytest.raises(InputError) as e:
        load_scenario("small-world")
    assert str(e.value).startswith("scenarios/assumptions.yaml:") and words in str(e.value)
