"""Shapley's value of each part of a game: how much it adds, on average over all orders in which parts may come.

A game is told by its values: a coalition is a whole number, part i belongs to it where bit i is set, and a value is an array of
any shape, the same for all. Exact values take every coalition; sampled ones walk along an order and back along its reverse, which
is exact wherever no three parts act on one another, and whose parts always add up to the whole.

Sources: Shapley (1953), in Contributions to the Theory of Games II, 307-317; orders: Castro, Gómez and Tejada (2009), Computers &
Operations Research 36(5):1726-1730, doi:10.1016/j.cor.2008.04.004; reverse orders: Mitchell, Cooper, Frank and Holmes (2022),
Journal of Machine Learning Research 23(43):1-46; documents kept together: Owen (1977), in Mathematical Economics and Game Theory,
76-88; interactions: Grabisch and Roubens (1999), International Journal of Game Theory 28:547-565, doi:10.1007/s001820050125.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

Values = Mapping[int, np.ndarray]  # by coalition


def luck(*what: object) -> float:
    """A number in [0, 1) that depends on what it is for alone: neither on machine nor on order."""
    text = "|".join(map(str, what)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big") / 2.0**56


def order(names: Sequence[str], key: Sequence[object], groups: Sequence[str] | None = None) -> list[int]:
    """A random order of parts; of the same names with the same key always the same one, however they are listed.

    groups: to which group each part belongs; groups then come one after the other, each with its parts together.
    """
    of = groups or names
    return sorted(
        range(len(names)),
        key=lambda i: (luck("group", *key, of[i]) if groups else 0.0, of[i] if groups else "", luck("part", *key, names[i]), names[i]),
    )  # fmt: skip


def along(way: Sequence[int]) -> list[int]:
    """The coalitions that an order passes through, from none to all."""
    out = [0]
    for i in way:
        out.append(out[-1] | 1 << i)
    return out


def marginals(way: Sequence[int], values: Values) -> np.ndarray:
    """What each part adds where it comes in an order: float64 (parts, ...)."""
    steps = np.diff(np.array([values[c] for c in along(way)]), axis=0)
    out = np.empty_like(steps)
    out[list(way)] = steps
    return out


def both_ways(way: Sequence[int], values: Values) -> np.ndarray:
    """The mean of `marginals` along an order and along its reverse."""
    return (marginals(way, values) + marginals(way[::-1], values)) / 2


def exact(n: int, values: Values) -> np.ndarray:
    """Shapley's values of n parts from all 2^n coalitions: float64 (n, ...).

    A part's value is the sum over coalitions S without it of |S|! (n - |S| - 1)! / n! times what it adds to S.
    """
    weight = [factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)]
    out = np.zeros((n, *np.shape(values[0])))
    for coalition in range(1 << n):
        for i in range(n):
            if not coalition >> i & 1:
                out[i] += weight[coalition.bit_count()] * (values[coalition | 1 << i] - values[coalition])
    return out


def alone_and_last(n: int) -> list[int]:
    """The coalitions that tell what each part does by itself, and what is lost when it alone is taken out."""
    whole = (1 << n) - 1
    return [0, whole, *(1 << i for i in range(n)), *(whole ^ 1 << i for i in range(n))]


def crossing(names: Sequence[str], key: Sequence[object]) -> int:
    """A random coalition: every part belongs to it with the same chance, which is itself uniform between 0 and 1.

    The mean of `interaction` around such coalitions is the index of Grabisch and Roubens.
    """
    share = luck("share", *key)
    return sum(1 << i for i, name in enumerate(names) if luck("inside", *key, name) < share)


def around(coalition: int, among: Sequence[int]) -> list[int]:
    """The coalitions that tell how every two of some parts act on each other, where the rest is as in a coalition."""
    pairs: Iterable[tuple[int, int]] = combinations(among, 2)
    found = {coalition} | {coalition ^ 1 << i for i in among} | {coalition ^ (1 << i | 1 << j) for i, j in pairs}
    return sorted(found)


def interaction(coalition: int, i: int, j: int, values: Values) -> np.ndarray:
    """What parts i and j do together beyond what each does by itself, where the rest is as in a coalition."""
    rest = coalition & ~(1 << i | 1 << j)
    return values[rest | 1 << i | 1 << j] - values[rest | 1 << i] - values[rest | 1 << j] + values[rest]


def exact_interaction(n: int, i: int, j: int, values: Values) -> np.ndarray:
    """The mean of `interaction` over the coalitions S of the other n - 2 parts, with weights |S|! (n - |S| - 2)! / (n - 1)!."""
    pair, out = 1 << i | 1 << j, np.zeros(np.shape(values[0]))
    for coalition in range(1 << n):
        if not coalition & pair:
            s = coalition.bit_count()
            out += factorial(s) * factorial(n - s - 2) / factorial(n - 1) * interaction(coalition, i, j, values)
    return out
