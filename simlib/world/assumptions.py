"""The assumed numbers as `scenarios/assumptions.yaml` has them, with their ranges and reasons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from simlib.core.files import Document, Source, one_of, read_yaml, scenarios


@dataclass(frozen=True)
class Assumption:
    """One assumed number: where it stands, in which range it could lie, and why."""

    path: str
    value: Any
    range: tuple
    of: str | None
    reason: str
    reason_zh: str
    kind: str
    source: Source

    @property
    def id(self) -> str:
        """Its id, the same wherever it is cited."""
        return assumption_id(self.path)


def assumption_id(path: str) -> str:
    """The id of an assumed number: "A-" and the first five hexadecimal digits of the SHA-256 hash of its path.

    It depends on the path alone, so that no other number and no order changes it; a number that moves to another path
    is another number. Five digits tell a million apart; a test sees that no two of ours collide.
    """
    return "A-" + hashlib.sha256(path.encode()).hexdigest()[:5]


def read_assumptions() -> tuple[Document, dict[str, Any], tuple[Assumption, ...]]:
    """The file of assumed numbers, its plain values by group, and every number with its range and reason.

    Raises InputError for a file that cannot be read, or a word beside a value that means nothing.
    """
    base = read_yaml(scenarios() / "assumptions.yaml")
    values: dict[str, Any] = {}
    assumptions: list[Assumption] = []
    for key, tree in base.data.items():
        if key != "format":
            values[key] = _unwrap(base, (key,), tree, assumptions)
    return base, values, tuple(assumptions)


def _unwrap(base: Document, path: tuple, tree: Any, found: list[Assumption]) -> Any:
    """The tree of plain values; every leaf that carries a range is noted in `found`."""
    if not isinstance(tree, dict):
        return tree
    if "value" in tree:
        for key in tree:
            if key not in _LEAF:
                raise base.error((*path, key), one_of(str(key), _LEAF, "key"))
        found.append(
            Assumption(
                ".".join(path), tree["value"], tuple(tree.get("range", ())), tree.get("of"), tree.get("reason", ""),
                tree.get("zh", ""), tree.get("kind", "assumed"), base.source(path),
            )
        )  # fmt: skip
        return tree["value"]
    return {k: _unwrap(base, (*path, k), v, found) for k, v in tree.items()}


_LEAF = ("value", "range", "of", "reason", "zh", "kind")
