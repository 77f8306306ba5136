"""simlib rank, and how precise simlib run and compare are to be: what they print and refuse."""

import json
import re

import pytest

from simlib.cli import main

THREE = ("sichuan-before-reform-default", "sichuan-national-default", "sichuan-sichuan-default")
SMALL = ("--set", "region=guangzhou", "--replications", "4", "--workers", "1")


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_two_of_some_scenarios_are_compared_and_the_highest_stands_first(capsys):
    status, out, err = run(capsys, "rank", *THREE, *SMALL)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[2].startswith("sichuan-sichuan-default") and lines[4].startswith("sichuan-before-reform-default")
    assert out.count(" pp (") == 3 and "of all differences together" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("first", "first"), "first: nothing to compare with; name two scenarios or more"),
        (("first", "chain", "--indicator", "stoked"), "--indicator: unknown indicator 'stoked'"),
        (("first", "no-such-scenario"), "no-such-scenario"),
    ],
)
def test_what_cannot_be_ranked_is_refused_in_one_line(capsys, words, told):
    status, out, err = run(capsys, "rank", *words)
    assert status == 2 and out == "" and told in err and err.count("\n") == 1


def test_for_machines_it_is_json_with_both_kinds_of_intervals(capsys):
    _, out, _ = run(capsys, "rank", *THREE, *SMALL, "--baseline", THREE[0], "--json")
    rows = json.loads(out)["table"]
    assert [r["first"] for r in rows] == list(THREE[1:]) and all(
        r["low"] <= r["low_alone"] <= r["difference"] for r in rows
    )


def test_a_comparison_runs_until_it_is_precise_enough_or_says_that_it_is_not(capsys):
    pair = (
        "compare",
        "small-world",
        "small-world",
        "--set",
        "policy=guangzhou",
        "--set",
        "decision.rho=0.6",
        "--workers",
        "1",
    )
    _, out, _ = run(capsys, *pair, "--within", "5")
    assert "The headline's interval is within 5 after" in out and "Both sides share their luck" in out
    _, out, _ = run(capsys, *pair, "--within", "0.01", "--replications", "6")
    assert re.search(r"NOT REACHED: after 6 replications the headline's interval is \+-\d", out)


def test_a_level_can_be_asked_for_as_a_part_of_its_mean_and_a_difference_cannot(capsys):
    _, out, _ = run(capsys, "run", "small-world", "--within", "90%", "--workers", "1", "--replications", "20")
    assert "within 90%" in out
    status, _, err = run(capsys, "compare", "small-world", "small-world", "--within", "5%")
    assert status == 2 and "a difference has no relative precision" in err


def test_two_that_are_the_same_are_identical_in_every_replication(capsys):
    _, out, _ = run(capsys, "compare", "small-world", "small-world", "--replications", "2", "--workers", "1")
    assert "0.0 pp (identical in every replication)" in out and "identical in every replication of both" in out


@pytest.mark.parametrize("within", ["0", "-1", "x", "5%%"])
def test_a_precision_that_cannot_be_is_refused(capsys, within):
    status, _, err = run(capsys, "run", "small-world", "--within", within)
    assert status == 2 and f"--within {within}: expected a number above 0" in err
