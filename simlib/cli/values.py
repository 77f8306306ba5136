"""How the words of a command line are read: numbers within bounds, and words out of a list."""

from __future__ import annotations

from typing import Any

import click

from simlib.core.complaints import nearest


class Whole(click.ParamType):
    """A whole number from `low` to `high`."""

    name = "number"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; complains about any other word."""
        try:
            number = int(value)
        except ValueError:
            number = self.low - 1
        if not self.low <= number <= self.high:
            self.fail(f"{value!r} is not a whole number from {self.low} to {self.high}", param, ctx)
        return number


class Seconds(click.ParamType):
    """A number of seconds above 0."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; complains about any other word."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < 1e7:
            self.fail(f"{value!r} is not a number of seconds above 0", param, ctx)
        return number


class Positive(click.ParamType):
    """A number above 0."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; complains about any other word."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < 1e12:
            self.fail(f"{value!r} is not a number above 0", param, ctx)
        return number


class Choice(click.Choice):
    """One of some words, with a complaint like those about files."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What is allowed, and the nearest of them."""
        words = [str(c) for c in self.choices]
        return f"{value!r} is not allowed; allowed: {', '.join(words)}{nearest(str(value), words)}"


COUNT = Whole(1, 100_000)
HISTORY = Whole(0, 99_999)  # which replication, counted from 0
