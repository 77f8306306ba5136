"""Shell completion: the scripts, and what they are answered."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from simlib.cli import main
from simlib.cli.completion import SHELLS, VARIABLE
from simlib.core.files import home


def offered(monkeypatch, capfd, *words: str, last: str = "") -> set[str]:
    """What bash is offered after some words, for the beginning of another."""
    monkeypatch.setenv("COMP_WORDS", " ".join(["simlib", *words, last]))
    monkeypatch.setenv("COMP_CWORD", str(len(words) + 1))
    monkeypatch.setenv(VARIABLE, "bash_complete")
    assert main([]) == 0
    return {line.partition(",")[2] for line in capfd.readouterr().out.splitlines()}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script_that_asks_simlib(shell, capfd):
    assert main(["completion", shell]) == 0
    script = capfd.readouterr().out
    assert VARIABLE in script and f"{shell}_complete" in script and "simlib" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_a_command_with_the_script(tmp_path):
    (tmp_path / "simlib").write_text(f'#!/bin/sh\ncd "{home()}" && exec "{sys.executable}" -m simlib "$@"\n')
    (tmp_path / "simlib").chmod(0o755)
    asks = (
        f'PATH="{tmp_path}:$PATH"; eval "$(simlib completion bash)"\n'
        "COMP_WORDS=(simlib comp); COMP_CWORD=1; _simlib_completion simlib\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", asks], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["compare", "completion"]


def test_commands_options_and_choices_are_offered(monkeypatch, capfd):
    assert offered(monkeypatch, capfd, last="comp") == {"compare", "completion"}
    assert offered(monkeypatch, capfd, "run", "chain", last="--rep") == {"--replications"}
    assert offered(monkeypatch, capfd, "batch", "--language") == {"en", "zh", "both"}
    assert offered(monkeypatch, capfd, "list", last="re") == {"regions", "readings"}
    assert offered(monkeypatch, capfd, "draw", last="s") == {"strip"}


def test_names_of_scenarios_policies_and_variants_are_offered(monkeypatch, capfd):
    assert {"sichuan-sichuan-default", "small-world"} < offered(monkeypatch, capfd, "run", last="s")
    assert offered(monkeypatch, capfd, "explain", last="nat") == {"national"}
    assert offered(monkeypatch, capfd, "run", "chain", "--variant", last="mon") == {"monthly-meetings"}
    assert "committee.direct_inclusion" in offered(monkeypatch, capfd, "explain", "sichuan", last="committee.d")


def test_where_a_file_may_be_named_the_shell_is_told_to_complete_one(monkeypatch, capfd):
    monkeypatch.setenv(VARIABLE, "bash_complete")
    for words, kind in (("run ./my", "file"), ("explain sichuan zzz", None)):
        monkeypatch.setenv("COMP_WORDS", f"simlib {words}")
        monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
        assert main([]) == 0
        assert capfd.readouterr().out.split(",")[0].strip() == (kind or "")


def test_a_broken_stored_file_offers_no_name_and_says_nothing(monkeypatch, capfd, tmp_path):
    (tmp_path / "scenarios/policies").mkdir(parents=True)
    (tmp_path / "scenarios/policies/mine.yaml").write_text("a: [", encoding="utf-8")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    assert offered(monkeypatch, capfd, "clauses", last="m") <= {""}
    assert capfd.readouterr().err == ""
