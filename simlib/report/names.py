"""What things are called in a language: places, rulebooks, measures, groups."""

from __future__ import annotations

import functools

from simlib.outcomes.dictionary import GROUPINGS, INDICATORS
from simlib.policy.load import Policy
from simlib.report.words import Words
from simlib.scenario import Scenario


def policy_name(name: str, w: Words, policy: Policy | None = None) -> str:
    """Short name of a rulebook, for figures; a rulebook without a word of its own shows its file's title."""
    stem = name.removesuffix("-alone")
    if f"policy_{name}" in w:
        return w[f"policy_{name}"]
    if f"policy_{stem}" in w:
        return w.say("alone", name=w[f"policy_{stem}"])
    return getattr(policy.title, w.language) if policy else name


def region_name(scenario: Scenario, w: Words) -> str:
    """Title of the scenario's region."""
    return getattr(scenario.region.title, w.language) if scenario.region else scenario.name


@functools.cache
def indicator_name(name: str, language: str) -> str:
    """Title of an indicator."""
    return getattr(INDICATORS[name], language)


def group_name(by: str, group: str, w: Words) -> str:
    """A group of hospitals or drugs, such as "tertiary hospitals"."""
    if by == "all":
        return GROUPINGS["all"][w.language == "zh"]
    if by == "level":
        return w[f"level_{group}"]
    return f"{GROUPINGS[by][w.language == 'zh']}: {group}"
