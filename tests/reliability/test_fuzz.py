"""Inputs of every kind, drawn and damaged: each is refused in one line, or read, simulated and sound.

`python -m tests.reliability.fuzz 100000` tries a hundred thousand (docs/reliability.md has the last figures); here are some of them.
"""

from __future__ import annotations

import os
import signal
import time

import pytest

from simlib.core.files import InputError
from tests.reliability import fuzz, fuzz_files
from tests.reliability.fuzz_files import Input, as_bytes, made
from tests.reliability.fuzz_trial import Outcome, odd_line

FEW, MANY = 120, 4000


def check(numbers: range) -> None:
    """Nothing is wrong with these inputs, and a good part of them was simulated."""
    figures = fuzz.found(numbers)
    assert not figures.wrong, "\n".join(
        fuzz.told(n, made(n), o) for cases in figures.wrong.values() for n, o in cases[:1]
    )
    assert sum(figures.tried.values()) == len(numbers)
    assert sum(figures.simulated.values()) > 0.25 * len(numbers)


def test_a_hundred_inputs_are_refused_in_one_line_or_simulated_and_sound():
    check(range(fuzz.FIRST_SEED, fuzz.FIRST_SEED + FEW))


@pytest.mark.slow
def test_thousands_of_inputs_are_refused_in_one_line_or_simulated_and_sound():
    check(range(fuzz.FIRST_SEED + FEW, fuzz.FIRST_SEED + FEW + MANY))


def test_an_input_is_known_by_its_number():
    for number in range(40):
        one, two = (
            {name: as_bytes(name, c) for name, c in made(number).files.items() if not name.endswith(".xlsx")}
            for _ in range(2)
        )
        assert one == two and made(number).how == made(number).how
    assert {made(n).kind for n in range(400)} == {kind.__name__ for kind in fuzz_files.KINDS}


FAULTS = {
    "an error that nobody caught": (lambda: {}["nothing"], "KeyError"),
    "one that does not end": (lambda: time.sleep(60), fuzz.HANG),
    "one that kills its process": (lambda: os.kill(os.getpid(), signal.SIGKILL), fuzz.DIED),
    "one that asks for more memory than there is": (lambda: bytearray(2 * fuzz.MEMORY), "MemoryError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_input_that_must_not_be_is_found_with_its_number_and_those_after_it_are_tried(fault, monkeypatch):
    does, at = FAULTS[fault]

    def tried(number, given, folder):
        return does() if number == 2 else Outcome(given.kind, accepted=True)

    monkeypatch.setattr(fuzz, "tried", tried)
    monkeypatch.setattr(fuzz, "LIMIT", 0.3)
    figures = fuzz.found(range(5))
    assert [(key, [n for n, _ in cases]) for key, cases in figures.wrong.items()] == [(at, [2])]
    assert sum(figures.tried.values()) == 5


def test_what_a_fault_does_not_need_is_left_out_of_the_input_that_shows_it(monkeypatch):
    given = Input("scenario", {"a.yaml": {"a": [1, {"b": 2, "c": 3}], "d": 4}, "b.csv": b"name,level\nx,3\ny,2\n"})
    monkeypatch.setattr(fuzz, "made", lambda number: given)

    def tried(number, smaller, folder):
        shown = b'"b"' in as_bytes("a.yaml", smaller.files["a.yaml"]) and b"y" in smaller.files["b.csv"]
        return Outcome("scenario", at="here" if shown else "")

    monkeypatch.setattr(fuzz, "tried", tried)
    assert fuzz.smallest(1, Outcome("scenario", at="here")).files == {"a.yaml": {"a": [{"b": 2}]}, "b.csv": b"y"}


def test_a_complaint_is_looked_at_as_a_line():
    assert not odd_line(InputError("a.yaml:3: place: missing"))
    assert odd_line(InputError("")) and odd_line(InputError("\ud800"))
