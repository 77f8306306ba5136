"""What README and the guides show runs as it stands there, with few replications."""

from __future__ import annotations

import re

import pytest

import simlib
from simlib.cli import main
from simlib.cli.application import parse
from simlib.cli.commands import COMMANDS
from simlib.core.files import InputError, parse_yaml
from simlib.experiments.check import check_file
from tests.documentation.shown import BY_HAND, commands, fenced, inline, text, words
from tests.filled import answer, fill_in

FEW = ["--replications", "1", "--workers", "1"]  # what is added to a command that simulates; the last word counts
SIMULATE = ("run", "compare", "rank", "bottleneck", "budget", "overlay")

# lines that are not run, with the reason
NOT_RUN = {
    "simlib check": "all files; tests/cli/test_commands.py does it",
    "simlib bottleneck sichuan-sichuan-default": "the guide for researchers runs it",
    "simlib compare sichuan-sichuan-default sichuan-before-reform-default --cluster tcp://10.0.0.5:8786": "it needs other "
    "machines; tests/experiments/test_cluster.py starts them here",
}
# commands that take minutes or an hour, start a server or need a finished batch: their own tests run them
ELSEWHERE = ("batch", "lab", "export", "screen", "attribute", "hinge", "worth", "fails", "search", "replay")
# lines of blocks of commands that do not call simlib: they install, take half an hour, or start a cluster
OTHER_PROGRAMS = (
    "make report", "make report-pdf", "make test", "make setup",
    "python tools/setup_venv.py .venv requirements.lock",
    ".venv/bin/python -m simlib batch own-rules swap",
    ".venv/bin/python -m pytest", "python -m simlib.core.compiled",
    "dask scheduler --host 10.0.0.5 --no-dashboard",
    "dask worker tcp://10.0.0.5:8786 --nworkers 8 --nthreads 1 --no-dashboard",
)  # fmt: skip


def _first_shown() -> dict[str, list[str]]:
    """The commands of each page that no earlier page shows; those with a file of the page belong to every page."""
    seen: set[str] = set()
    out: dict[str, list[str]] = {}
    for page in BY_HAND:
        lines = commands(text(page))
        out[page] = [c for c in dict.fromkeys(lines) if c not in seen or re.search(r"\.(yaml|csv|xlsx)\b", c)]
        seen.update(lines)
    return out


SHOWN = _first_shown()


@pytest.mark.parametrize("page", [p for p in BY_HAND if SHOWN[p]])
def test_every_command_that_a_page_shows_ends_well(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _write_files(page, tmp_path)
    for line in SHOWN[page]:
        if words(line)[0] in ELSEWHERE or line in NOT_RUN:
            continue
        status, said = main(_quick(line)), capsys.readouterr()
        assert status == 0, (line, said.err)
        assert said.out.strip(), line
        if words(line)[0] == "template":
            fill_in(tmp_path / words(line)[2])
        if words(line)[:2] == ["elicit", "sheet"]:
            answer(tmp_path / words(line)[2], ("wang", "li"))
    for line in (w for w in map(words, SHOWN[page]) if w[0] in ("draw", "overlay")):
        (picture,) = [w for w in line if w.endswith((".svg", ".html"))]
        assert (tmp_path / picture).stat().st_size > 1000, line


def _quick(line):
    """The words of a command, for one replication and a small place if it simulates."""
    given = words(_for_a_small_place(line))
    if given[0] == "trace" and "--scenario" not in given:
        given += ["--scenario", "guangzhou-sichuan-default"]
    if "--world" in given:  # two worlds at least
        return [*given, "--replications", "2", "--workers", "1"]
    if given[:2] == ["elicit", "run"]:
        return [*given, "--rows", "1", "--workers", "1"]
    if given[0] == "worlds":
        given += ["--rows", "2", "--again", "1", "--workers", "1", "--folder", "rows"]
    one_history = given[:2] in (["draw", "strip"], ["draw", "tiles"])
    return given + (FEW if given[0] in SIMULATE or (given[0] == "draw" and not one_history) else [])


def _for_a_small_place(shown):
    """The same rulebooks before Guangzhou's 300 hospitals in place of Sichuan's 2480, Beijing's 513 or China's 15,801."""
    return re.sub(r"\b(sichuan|beijing|nation)-(?=[a-z-]+-(?:full|default|none)\b)", "guangzhou-", shown)


def _write_files(page, folder):
    """The YAML blocks of a page as files of the name that each gives itself."""
    for block in fenced(text(page)):
        if block.kind == "yaml":
            name = parse_yaml(block.text, page).data["name"]
            (folder / f"{name}.yaml").write_text(block.text, encoding="utf-8")


@pytest.mark.parametrize("page", BY_HAND)
def test_every_yaml_block_is_a_good_file_whose_name_the_page_says(page, tmp_path):
    _write_files(page, tmp_path)
    for path in tmp_path.glob("*.yaml"):
        assert f"`{path.name}`" in text(page)
        assert check_file(path) in ("policy", "variant", "experiment", "region", "scenario")
        good = path.read_text(encoding="utf-8")
        path.write_text(f"{good}nonsense: 1\n", encoding="utf-8")
        with pytest.raises(InputError, match="nonsense"):
            check_file(path)
        path.write_text(good, encoding="utf-8")


@pytest.mark.parametrize("page", [*BY_HAND, "docs/api"])
def test_every_python_block_runs_from_its_first_line_to_its_last(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, few in (("simulate", 2), ("bottleneck", 1), ("budget_impact", 1)):
        monkeypatch.setattr(simlib, name, _quickly(getattr(simlib, name), few))
    for block in fenced(text(page)):
        if block.kind == "python":
            exec(compile(_for_a_small_place(block.text), page, "exec"), {})  # noqa: S102


def test_the_scenario_of_a_new_region_is_looked_at_before_its_rules_begin(tmp_path):
    _write_files("docs/add-a-region", tmp_path)
    scenario = simlib.load_scenario(tmp_path / "my-scenario.yaml")
    assert "snapshot_median" in text("docs/add-a-region")
    assert scenario.snapshots
    assert max(scenario.snapshots) < scenario.policy_from
    assert any(k[0] == "snapshot_median" for k in _first_values(scenario))


def _first_values(scenario):
    return simlib.simulate(scenario, 1, workers=1, progress=False).values.index


@pytest.mark.parametrize("language", ["en", "zh"])
def test_commands_that_are_not_run_here_are_those_that_readme_says_are_not(language):
    said = re.findall(r"except ([a-z, ]+), which|(?<=；)([a-z、]+) 另有测试", text("README", language))
    (names,) = ["".join(found) for found in said]
    assert set(re.split(r", | and |、", names)) == set(ELSEWHERE)


def _quickly(function, few):
    return lambda scenario, *given, **named: function(scenario, few, workers=1, progress=False)


def test_the_answer_in_readme_has_the_columns_that_the_command_prints(capsys):
    line = next(c for c in commands(text("README")) if "monthly-meetings" in c and " compare " in c)
    assert main(_quick(line)) == 0
    printed = capsys.readouterr().out.splitlines()
    head, *rows = next(b for b in fenced(text("README")) if b.kind == "text").lines
    assert head.split() in [p.split() for p in printed]
    for row in rows:
        indicator, group, n = row.split()[:3]
        assert any(p.split()[:3] == [indicator, group, n] and p.split()[-1] == row.split()[-1] for p in printed), row


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_named_in_a_sentence_is_one_that_there_is(language):
    for page in BY_HAND:
        for line in [*inline(text(page, language)), *commands(text(page, language))]:
            if words(line)[0] in ELSEWHERE and words(line)[0] not in COMMANDS:
                continue
            if len(words(line)) == 1:
                assert words(line)[0] in COMMANDS, line
            else:
                parse(words(line))


def test_lines_that_are_not_run_are_shown_somewhere_and_nothing_else_is_left_out():
    lines = [x for p in BY_HAND for b in fenced(text(p)) if not b.kind for x in b.lines]
    others = {
        re.sub(r"\s+(#|\(Windows).*$", "", x) for x in lines if not x.startswith(("simlib ", ".venv/bin/simlib "))
    }
    assert others == set(OTHER_PROGRAMS)
    assert set(NOT_RUN) <= {c for p in BY_HAND for c in commands(text(p))}
