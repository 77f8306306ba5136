"""How a command line is read: typed parameters, whole options, and one line for every mistake."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from typing import Any

import click
import pytest

from simlib.cli import main
from simlib.cli.application import application, parse
from simlib.cli.commands import COMMANDS
from simlib.cli.values import Positive, Seconds, Whole
from simlib.core.files import InputError
from simlib.core.version import __version__

CALLED = {name: application.get_command(click.Context(application), name) for name in COMMANDS}
OPTIONS = [(n, o) for n, c in CALLED.items() for p in c.params for o in p.opts if o.startswith("--")]


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def expected(parameter: click.Parameter) -> Any:
    """The type of the values that a parameter gives to its function."""
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return bool
    kinds = {Whole: int, Seconds: float, Positive: float, type(click.FLOAT): float, type(click.INT): int}
    plain = kinds.get(type(parameter.type), str)
    if parameter.multiple or parameter.nargs == -1:
        return tuple[plain, ...]
    given = parameter.required or parameter.to_info_dict().get("default") is not None
    return plain if given else plain | None


def declared(function: Any) -> dict[str, Any]:
    """The types that a function declares; those of a group of options by the fields of their dataclass."""
    hints = typing.get_type_hints(inspect.unwrap(function), localns={"Context": click.Context})
    assert hints.pop("return") is int
    found: dict[str, Any] = {}
    for name, kind in hints.items():
        if dataclasses.is_dataclass(kind):
            fields = typing.get_type_hints(kind)
            found |= {f.name: fields[f.name] for f in dataclasses.fields(kind)}
        elif kind is not click.Context:
            found[name] = kind
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_a_function_whose_types_are_those_of_its_parameters(name):
    command = CALLED[name]
    assert declared(command.callback) == {p.name: expected(p) for p in command.params}
    assert f"`simlib {name}`" in inspect.unwrap(command.callback).__doc__


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=[" ".join(x) for x in OPTIONS])
def test_no_option_can_be_abbreviated_and_each_is_offered_for_its_beginning(name, option):
    shorter = option[:-1]
    if (name, shorter) in OPTIONS:  # draw has --replication and --replications
        assert name == "draw"
        return
    with pytest.raises(InputError, match=f"unknown option '{shorter}'") as e:
        parse([name, shorter, "1"])
    assert "did you mean '--" in str(e.value) and f"simlib {name} --help lists them" in str(e.value)


def test_replication_and_replications_are_never_taken_for_each_other(capsys):
    status, out, err = run(capsys, "run", "chain", "--replication", "2")
    assert (status, out) == (2, "") and "unknown option '--replication'; did you mean '--replications'?" in err
    status, out, err = run(capsys, "trace", "drug-1", "--replications", "2")
    assert (status, out) == (2, "") and "unknown option '--replications'; did you mean '--replication'?" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lisst", "unknown command 'lisst'; did you mean 'list'?; simlib --help lists them"),
        ("bach own-rules", "unknown command 'bach'; did you mean 'batch'?; simlib --help lists them"),
        ("--hlep", "unknown option '--hlep'; did you mean '--help'?; simlib --help lists them"),
        ("check --jsn", "unknown option '--jsn'; did you mean '--json'?; simlib check --help lists them"),
        ("run", "run: SCENARIO is missing; usage: simlib run [OPTIONS] SCENARIO"),
        ("compare chain", "compare: BASELINE is missing; usage: simlib compare [OPTIONS] SCENARIO BASELINE"),
        ("run a b", "run: got unexpected extra argument (b); usage: simlib run [OPTIONS] SCENARIO"),
        ("run a --set", "option --set requires an argument; the command's --help shows how"),
        ("run a --json=1", "option --json does not take a value; the command's --help shows how"),
        ("run a --workers two", "--workers: 'two' is not a whole number from 1 to 100000"),
        ("budget a --years 21", "--years: '21' is not a whole number from 1 to 20"),
        ("trace a --replication -1", "--replication: '-1' is not a whole number from 0 to 99999"),
        ("batch a --deadline 0", "--deadline: '0' is not a number of seconds above 0"),
        ("diff a b --language cn", "--language: 'cn' is not allowed; allowed: en, zh"),
        ("clauses --status act", "--status: 'act' is not allowed; allowed: acts, loads, pending, context, unproven; did you mean 'acts'?"),
        ("lab --port x", "--port: 'x' is not a valid integer"),
    ],
)  # fmt: skip
def test_every_mistake_is_one_line_that_names_it_and_the_remedy(capsys, words, said):
    assert run(capsys, *words.split()) == (2, "", f"simlib: {said}\n")


def test_without_a_command_the_first_steps_are_a_few_lines(capsys):
    status, out, err = run(capsys)
    assert (status, err) == (0, "") and 4 <= len(out.splitlines()) <= 10
    assert "simlib --help lists all commands" in out


def test_the_first_steps_are_command_lines_that_can_be_parsed(capsys):
    steps = [line.split("  ")[1].split()[1:] for line in run(capsys)[1].splitlines() if line.startswith("  ")]
    assert len(steps) >= 3
    for words in steps:
        parse(words)


def test_help_lists_every_command_with_its_line_and_each_command_its_options(capsys):
    status, out, _ = run(capsys, "--help")
    flat = " ".join(out.split())
    assert status == 0 and all(f"{n} {e.help}" in flat for n, e in COMMANDS.items())
    status, out, _ = run(capsys, "run", "--help")
    assert status == 0 and "simulate one scenario" in out and "--replications N" in out and "SCENARIO" in out


def test_the_version_is_said(capsys):
    assert run(capsys, "--version") == (0, f"simlib {__version__}\n", "")
