import re

import pytest

from simlib.core.files import Document, InputError
from simlib.scenario.experiment_files import find_scenario, load_experiment, parse_experiment
from simlib.scenario.scenario import load_cell


def test_a_scenario_of_two_experiments_has_the_same_replications_in_both_so_that_a_report_never_gives_it_two_numbers():
    first, second = ({c.name: c for c in load_experiment(name).cells} for name in ("own-rules", "swap"))
    shared = first.keys() & second.keys()
    assert len(shared) > 10
    assert {n: first[n].replications for n in shared} == {n: second[n].replications for n in shared}


def test_practice_before_2021_is_a_second_baseline_that_an_experiment_can_name():
    found = load_experiment("since-2021", small=True)
    assert {c.baseline for c in found.cells if c.region == "sichuan"} == {
        f"sichuan-before-2021-{o}{reading}" for o in ("full", "default", "none") for reading in ("", "-canvass")
    }
    first = {c.name: c.replications for c in load_experiment("own-rules", small=True).cells}
    assert first.items() <= {c.name: c.replications for c in found.cells}.items()  # one number in both reports
    layers = [x.name for x in load_cell(found.cell("sichuan-before-2021-default")).policy.layers]
    assert layers == ["before-2021"]


def experiment(tmp_path, **keys):
    data = {
        "format": 1, "name": "mine", "title": {"en": "Mine", "zh": "我的"}, "question": {"en": "?", "zh": "？"},
        "baseline": "before-reform", "replications": 2, "small_replications": 1,
        "common": {"cohort": "synthetic-small", "start": "2020-01-01", "end": "2025-12-31"},
        "blocks": [{"regions": ["beijing"], "policies": ["before-reform"]}],
    }  # fmt: skip
    return Document(str(tmp_path / "mine.yaml"), data | keys)


@pytest.mark.parametrize("path", ["../elsewhere/my place.yaml", "/abs/my place.yaml", "C:\\data\\my place.yaml"])
def test_a_region_given_as_a_file_is_called_by_the_name_of_its_file_so_that_nothing_is_written_beside_it(
    path, tmp_path
):
    found = parse_experiment(experiment(tmp_path, blocks=[{"regions": [path], "policies": ["before-reform", "own"]}]))
    assert [c.name for c in found.cells] == ["my place-before-reform-default", "my place-my place-default"]
    assert all(c.document.data["region"] == path for c in found.cells) and found.cells[1].own


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"regions": ["a/x.yaml", "b/X.yaml"], "policies": ["before-reform"]}], "two scenarios would be called"),
        (
            [{"regions": ["a/caf\u00e9.yaml", "cafe\u0301.yaml"], "policies": ["before-reform"]}],
            "two scenarios would be",
        ),
        ([{"regions": ["../con.yaml", "../..yaml"], "policies": ["before-reform"]}], "begins with a dot"),
        ([{"regions": ["x" * 200 + ".yaml"], "policies": ["before-reform"]}], "at most 120 are allowed"),
        ([{"regions": ["a{b}.yaml"], "policies": ["before-reform"]}], "holds '{'"),
    ],
)
def test_scenarios_that_no_file_could_be_named_after_are_refused(blocks, words, tmp_path):
    with pytest.raises(InputError, match=re.escape(words)):
        parse_experiment(experiment(tmp_path, blocks=blocks))


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a\\b", "CON", "nul.txt", "-rf", ".hidden", "x.", "", "a\x00b", "\ud800"]
)
def test_an_experiment_is_not_named_by_a_way_out_of_its_folder(name, tmp_path):
    with pytest.raises(InputError, match="name: "):
        parse_experiment(experiment(tmp_path, name=name))


def test_a_block_that_is_read_otherwise_has_names_of_its_own_and_a_baseline_that_is_read_alike(tmp_path):
    blocks = [{"regions": ["beijing"], "policies": ["before-reform", "own"]},
              {"regions": ["beijing"], "policies": ["before-reform", "own"], "readings": {"A11": "canvass"}}]  # fmt: skip
    found = {c.name: c for c in parse_experiment(experiment(tmp_path, blocks=blocks)).cells}
    assert len(found) == 4 and {c.reading for c in found.values()} == {"", "canvass"}
    other = found["beijing-beijing-default-canvass"]
    assert other.baseline == "beijing-before-reform-default-canvass" and other.baseline in found
    exposures = [
        load_cell(found[f"beijing-beijing-default{end}"]).parameters.asking.push_exposure for end in ("", "-canvass")
    ]
    assert exposures == [0, 1]


def test_a_scenario_that_is_read_otherwise_is_found_by_its_name():
    assert find_scenario("sichuan-sichuan-default-canvass").data["readings"] == {"A11": "canvass"}
    assert find_scenario("sichuan-sichuan-full").data["obedience"] == "full" and find_scenario("sichuan") is None
