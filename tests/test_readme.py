"""What README shows works as it stands there."""

import re
import runpy

import pytest

import simlib
from simlib.cli import inventory, main
from simlib.core.files import home
from simlib.experiments.check import check_file

README = (home() / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    parts = re.split(r"^```(.*)$\n", README, flags=re.MULTILINE)  # text, kind, block, "", text, kind, block, ...
    return [block for found, block in zip(parts[1::4], parts[2::4], strict=True) if found == kind]


def test_a_policy_of_another_place_is_one_file_of_ten_lines_that_runs(tmp_path):
    (text,) = blocks("yaml")
    path = tmp_path / "my-city.yaml"
    path.write_text(text, encoding="utf-8")
    assert len(text.splitlines()) == 10
    assert check_file(path) == "policy"
    scenario = simlib.load_scenario("sichuan-before-reform-default", {"policy": str(path)})
    (duty,) = scenario.policy.of("committee.duty.listing")
    assert (duty.value, duty.hospitals, duty.strength, duty.clause) == ((20.0, "days"), "public", "must", "12")
    assert [layer.name for layer in scenario.policy.layers] == [
        "before-2021",
        "listing-2023",
        "before-reform",
        "list-2025",
        "national",
        "my-city",
    ]
    assert main(["explain", str(path), "committee.duty"]) == 0


def test_every_command_about_rules_that_it_shows_ends_well(tmp_path, monkeypatch, capsys):
    lines = [
        line.split("#")[0].split() for block in blocks("") for line in block.splitlines() if line.startswith("simlib ")
    ]
    about = [
        words[1:]
        for words in lines
        if words[1] in ("explain", "diff", "clauses", "list") and "my-city.yaml" not in words
    ]
    assert len(about) >= 5
    for words in about:
        assert main(words) == 0, words
        assert capsys.readouterr().out


def test_the_story_that_it_shows_can_be_told(capsys):
    (line,) = [x for block in blocks("") for x in block.splitlines() if re.match(r"simlib trace \w+ l3", x)]
    assert main(line.split("#")[0].split()[1:]) == 0
    assert "Rules that mattered" in capsys.readouterr().out


def test_every_lever_reading_and_variant_that_it_names_is_there():
    for key, value in re.findall(r'--set "?([a-z][\w.@-]+)=([^"\s`]+(?: [a-z]+)?)', README):
        if key != "policy" and not value.startswith("{"):
            simlib.load_scenario(
                "sichuan-sichuan-default", {key: value if not re.fullmatch(r"[0-9.]+", value) else float(value)}
            )
    for name in re.findall(r"--variant ([\w-]+)", README):
        simlib.load_scenario("sichuan-sichuan-default", variants=[name])


def test_scenarios_are_stored_for_the_names_that_it_gives():
    """Every place with every rulebook at default; full and none where the rulebook is of the place or of all, in Sichuan full of each."""
    regions, policies = (
        re.split(r",\s+", found)
        for found in re.search(r"regions ([a-z,\s]+); policies ([a-z0-9,\s-]+); obedience", README).groups()
    )
    stored = {row["name"] for row in inventory.rows("scenarios")}
    assert sorted([*regions, "before-2021", "before-reform", "national"]) == sorted([*policies, "nation"])
    for region in regions:
        for policy in policies:
            assert f"{region}-{policy}-default" in stored
            everywhere = policy in ("before-2021", "before-reform", "national", region)
            assert (f"{region}-{policy}-none" in stored) == everywhere
            assert (f"{region}-{policy}-full" in stored) == (everywhere or region == "sichuan")
    assert simlib.load_scenario("guangzhou-sichuan-default", {"obedience": "full"}).obedience == "full"


@pytest.mark.slow
def test_the_three_steps_print_the_numbers_that_it_shows(capsys):
    (command,) = re.findall(r"^ +\.venv/bin/simlib (compare .*)$", README, flags=re.MULTILINE)
    assert main(command.split()) == 0
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    (shown,) = re.findall(r"^ +```text\n(.*?)^ +```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(shown.splitlines()) == 3
    for line in shown.splitlines():
        assert line.split() in printed, line


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["before reform", "national", "Sichuan"]), ("zh", ["改革前", "国家", "四川"])]
)
def test_the_tool_that_draws_its_picture_again_draws_it(language, names):
    tool = runpy.run_path(str(home() / "tools" / "first_picture.py"))
    scenario = simlib.load_scenario("sichuan-before-reform-default")
    result = simlib.simulate(scenario, 1, workers=1, progress=False)
    (axes,) = tool["picture"](dict.fromkeys(tool["POLICIES"], result), language).axes
    assert [t.get_text().rsplit(" ", 1)[0] for t in axes.texts] == names
