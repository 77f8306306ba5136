"""An engine without a simulation, and replications that are made up."""

from __future__ import annotations

import numpy as np

from simlib.workbench.engine import Runs
from simlib.workbench.session import Spec


class Standing:
    """An engine whose answers are made up at once, so that widgets can be tested without a simulation."""

    def __init__(self) -> None:
        self.runs: dict[str, Runs] = {}
        self.done, self.trouble, self.asked = True, "", []

    def ask(self, specs, most):
        self.asked.append(specs[0])
        for spec in specs:
            level = 0.2 + 0.05 * len(spec.set)
            self.runs[spec.key] = made_up(level, most)

    def collect(self):
        return True

    def of(self, spec: Spec) -> Runs:
        return self.runs.get(spec.key, Runs())

    def close(self):
        pass


def made_up(level: float, n: int) -> Runs:
    rows = [level + 0.01 * (i % 3) for i in range(n)]
    values = [
        {("stocked_24m", "level", "3"): x, ("stocked_24m", "level", "2"): x / 9, ("treated_share", "all", "all"): x / 5}
        for x in rows
    ]
    shape = np.linspace(0, 1, 37)
    curves = [np.stack([0 * shape, x * shape / 9, x * shape]) for x in rows]
    return Runs(values, curves, [np.full(37, 50)] * n, [f"{x:.3f}" for x in rows])
