"""What a file was read as, in a few figures: who wrote 520 million people, or another heading, sees it here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simlib.core.files import read_yaml
from simlib.core.numerals import grouped
from simlib.outcomes.observed import read_observed
from simlib.outcomes.observed_columns import KINDS
from simlib.policy.load import load_layer
from simlib.scenario.parts import region_of
from simlib.world.lists import bare, read_list, read_table
from simlib.world.lists_columns import COLUMNS, Column, folded


def contents(path: Path, kind: str) -> str:
    """The figures of a good file of that kind; "" for kinds that have none."""
    match kind:
        case "region":
            region = region_of(read_yaml(path).data, path.parent)
            people = f"{region.population_million:g} million people"
            return f"{_hospitals([(s.level, s.count, s.beds) for s in region.strata])}, {people}"
        case "hospitals":
            rows = read_list(path, "hospitals")
            return _hospitals([(r["level"], 1, r["beds"]) for r in rows]) + _unread(path, COLUMNS["hospitals"])
        case "drugs":
            days = [r["approval_date"] for r in read_list(path, "drugs")]
            return f"{_many(len(days), 'drug')}, approved {min(days)} to {max(days)}{_unread(path, COLUMNS['drugs'])}"
        case "observed" | "observed-pairs":
            shares = read_observed(path).shares
            months = [s.months for s in shares]
            at = f"{_many(len(shares), 'share')}, {min(months):g} to {max(months):g} months after approval"
            return at + _unread(path, KINDS[kind])
        case "policy":
            return "" if load_layer(path)[0].rules else "without any rule"
    return ""


def _hospitals(groups: Sequence[tuple[int, int, float]]) -> str:
    """Of (level, count, mean beds): how many of each level, and all beds."""
    levels = ", ".join(f"level {n}: {grouped(sum(c for level, c, _ in groups if level == n))}" for n in (3, 2, 1))
    beds = sum(count * beds for _, count, beds in groups)
    return f"{_many(sum(c for _, c, _ in groups), 'hospital')} ({levels}), {grouped(round(beds))} beds"


def _many(number: int, noun: str) -> str:
    return f"{grouped(number)} {noun}" + "s" * (number != 1)


def _unread(path: Path, columns: tuple[Column, ...]) -> str:
    """Which columns of a table nothing reads, and which it lacks."""
    header = {folded(bare(h)): h for h in read_table(path).header if h}
    unread = [h for word, h in header.items() if not any(word in c.headings for c in columns)]
    lacking = [c.names[0] for c in columns if not c.headings & header.keys()]
    said = f"; columns not read: {', '.join(unread)}" if unread else ""
    return said + (f"; columns not given: {', '.join(lacking)}" if lacking else "")
