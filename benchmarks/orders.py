"""`python -m benchmarks.orders`: how many runs a ledger takes beside plain orders, at equal error.

Plain orders take the clauses in a random order and read off what each adds; every rulebook on the way is a simulation with luck of its
own, as it is where nothing pairs them. The other rows give all rulebooks of an order the same luck, and walk back on it, which is
what `simlib attribute` does. From the same number of orders of each kind comes the variance of a clause's worth after one order; runs
at equal error are to one another as variance times runs an order.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from joblib import delayed

from simlib.core.processes import cores, parallel
from simlib.experiments.attribution.orders import along, both_ways, marginals, order
from simlib.experiments.attribution.parts import Game, game
from simlib.experiments.study import LEVEL, MAIN
from simlib.model.model import replicate
from simlib.outcomes.indicators import indicators
from simlib.scenario.scenario import load_scenario

TOP = 6
KINDS = ("plain orders, luck of their own", "plain orders, shared luck", "there and back, shared luck")


def one(played: Game, coalition: int, replication: int) -> float:
    """The headline of a coalition in one replication."""
    return indicators(replicate(played.at(coalition), replication))[MAIN, *LEVEL]


def walk(played: Game, names: Sequence[str], k: int) -> list[np.ndarray]:
    """What each part added along the k-th order, by kind (KINDS)."""
    way, n = order(names, (0, k)), len(names)
    shared = {c: np.array(one(played, c, k)) for c in dict.fromkeys([*along(way), *along(way[::-1])])}
    own = {c: np.array(one(played, c, 10_000 + (n + 1) * k + i)) for i, c in enumerate(along(way))}
    return [marginals(way, own), marginals(way, shared), both_ways(way, shared)]


def main() -> None:
    """Walk some orders of each kind and print what they take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=32)
    parser.add_argument("--scenario", default="small-world")
    given = parser.parse_args()
    played = game(*(load_scenario(given.scenario, {"policy": p}) for p in ("guangzhou", "before-reform")))
    names = [p.name for p in played.parts]
    done = list(parallel(cores())(delayed(walk)(played, names, k) for k in range(given.orders)))
    steps = np.array(done)  # (orders, kinds, parts)
    top = np.argsort(-np.abs(steps[:, 2].mean(axis=0)), kind="stable")[:TOP]
    variance = steps.var(axis=0, ddof=1)[:, top]
    runs = np.array([len(names) + 1, len(names) + 1, 2 * len(names)])
    print(
        f"{given.scenario}, {len(names)} clauses, {given.orders} orders; standard deviation after one order, in points"
    )
    print(f"{'':34}" + "".join(f"{names[i]:>9}" for i in top) + "   runs an order   runs at equal error")
    cost = (variance * runs[:, None]).sum(axis=1)
    for kind, v, n, c in zip(KINDS, variance, runs, cost, strict=True):
        print(f"{kind:34}" + "".join(f"{100 * s:9.2f}" for s in np.sqrt(v)) + f"{n:16d}{c / cost[0]:22.3f}")
    print(
        f"there and back takes 1 run for {cost[0] / cost[2]:.0f} of plain orders, 1 for {cost[1] / cost[2]:.1f} where those share luck, too"
    )


if __name__ == "__main__":
    main()
