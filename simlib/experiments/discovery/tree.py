"""The same question to a tree: worlds split number by number into groups in which a conclusion mostly holds or mostly fails.

Source: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees, as scikit-learn grows them.
"""

from __future__ import annotations

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from simlib.experiments.discovery.prim import Limits, everything

DEPTH = 3  # a group that takes more than three conditions is not read
LEAST = 0.02  # part of all points that a group holds at least
WORTH = 0.001  # of variance that a split takes away at least


def failing_groups(points: np.ndarray, failing: np.ndarray) -> list[Limits]:
    """The groups in which more points fail than not, the largest first.

    points: float64 (points, numbers). failing: bool or float64 (points,), whether each fails, or the chance that it does.
    """
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=LEAST, min_impurity_decrease=WORTH, random_state=0)
    tree.fit(points, failing.astype(float))
    leaves = [
        (int(tree.tree_.n_node_samples[node]), box)
        for node, box in _leaves(tree, 0, everything(points.shape[1]))
        if tree.tree_.value[node, 0, 0] > 0.5 and len(box.limited)
    ]
    return [box for _, box in sorted(leaves, key=lambda leaf: -leaf[0])]


def _leaves(tree: DecisionTreeRegressor, node: int, box: Limits) -> list[tuple[int, Limits]]:
    """Every leaf below a node, with its box."""
    left, right = int(tree.tree_.children_left[node]), int(tree.tree_.children_right[node])
    if left == right:
        return [(node, box)]
    number, x = int(tree.tree_.feature[node]), float(tree.tree_.threshold[node])
    return [
        *_leaves(tree, left, box.cut(number, min(x, box.high[number]), above=True)),
        *_leaves(tree, right, box.cut(number, max(np.nextafter(x, np.inf), box.low[number]), above=False)),
    ]
