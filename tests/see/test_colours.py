"""How policies look: told apart by anyone, in colour and in grey, and never taken for a hospital level."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from simlib.policy.load import names
from simlib.see.colours import _SPARE, LEVELS, Look, kind_of, level_look, look

BASELINES = ("before-2021", "listing-2023", "before-reform")  # alone they are what they are
REFORMS = ("list-2025", "national", "sichuan", "chongqing", "beijing", "guangzhou")
POLICIES = {n: look(n) for n in (*BASELINES, *REFORMS)}
ALL = {**POLICIES, **{f"spare {i}": x for i, x in enumerate(_SPARE)}}
APART = 12  # of 100 in lightness
# Machado, Oliveira and Fernandes (2009), full protanopia and deuteranopia, for linear RGB
BLIND = (
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
)


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """L*a*b* under D65 of linear RGB."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    x = to_xyz @ rgb / np.array([0.95047, 1.0, 1.08883])
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness(a: Look) -> float:
    return float(lab(linear(a.colour))[0])


def other_line_and_marker(a: Look, b: Look) -> bool:
    return kind_of(a.line) != kind_of(b.line) and a.marker != b.marker


def test_every_written_rulebook_has_a_look_of_its_own():
    assert set(names()) <= set(POLICIES)


@pytest.mark.parametrize(("a", "b"), [*combinations(ALL, 2)])
def test_two_policies_differ_in_grey_by_lightness_or_by_line_and_marker(a, b):
    assert abs(lightness(ALL[a]) - lightness(ALL[b])) >= APART or other_line_and_marker(ALL[a], ALL[b])
    assert ALL[a].marker != ALL[b].marker and ALL[a].colour != ALL[b].colour


@pytest.mark.parametrize(("a", "b"), [*combinations(POLICIES, 2)])
def test_two_policies_differ_for_colour_blind_readers(a, b):
    far = [
        np.linalg.norm(
            lab(np.clip(m @ linear(POLICIES[a].colour), 0, 1)) - lab(np.clip(m @ linear(POLICIES[b].colour), 0, 1))
        )
        for m in BLIND
    ]
    assert min(far) >= APART or other_line_and_marker(POLICIES[a], POLICIES[b])


@pytest.mark.parametrize("name", POLICIES)
def test_a_rulebook_alone_has_its_colour_and_differs_from_it_and_from_all_others(name):
    alone = look(f"{name}-alone")
    assert alone.colour == look(name).colour
    for other in (x for n, x in POLICIES.items() if n not in BASELINES or name not in BASELINES):
        assert abs(lightness(alone) - lightness(other)) >= APART or other_line_and_marker(alone, other)


def test_a_level_looks_like_its_policy_and_like_no_other():
    for policy in POLICIES:
        levels = [level_look(policy, n) for n in (3, 2, 1)]
        assert {x.colour for x in levels} == {look(policy).colour}
        assert len({kind_of(x.line) for x in levels}) == len({x.marker for x in levels}) == 3
    assert not {p.colour for p in ALL.values()} & {str(part) for look_of in LEVELS.values() for part in look_of}
