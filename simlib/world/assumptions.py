"""The assumed numbers with their ranges and reasons, and what a region and a scenario lay over them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simlib.core.files import Document, Source, one_of, read_yaml, scenarios, validate

if TYPE_CHECKING:
    from simlib.world.parameters import Parameters


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


def read_parameters(document: Document, layers: dict[str, dict]) -> tuple[Parameters, tuple[Assumption, ...]]:
    """Every number of a scenario, and those of ``assumptions.yaml`` with range and reason.

    layers: what is laid over the defaults, in order, by the key of `document` under which it stands.
    Raises InputError for an unknown key or an impossible value.
    """
    from simlib.world.parameters import Parameters  # needs the distributions, which an id does not

    base = read_yaml(scenarios() / "assumptions.yaml")
    values, assumptions = {}, []
    for key, tree in base.data.items():
        if key != "format":
            values[key] = _unwrap(base, (key,), tree, assumptions)
    for where, layer in layers.items():
        _merge(document, values, layer, (where,))
    parameters = validate(Parameters, document, values, ("parameters",))
    return parameters, tuple(assumptions)


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
_WHOLE = {
    "constant",
    "uniform",
    "exponential",
    "lognormal",
    "gamma",
    "weibull",
    "empirical",
    "every",
    "intervals",
    "grid",
    "pass",
}


def _merge(document: Document, values: dict, layer: dict, path: tuple) -> None:
    """Lay `layer` over `values`; a distribution or a rhythm replaces the old one whole."""
    for key, new in layer.items():
        if key not in values:
            raise document.error((*path, key), one_of(str(key), values, "key"))
        old = values[key]
        if isinstance(new, dict) and isinstance(old, dict) and not (_WHOLE & set(new) or _WHOLE & set(old)):
            _merge(document, old, new, (*path, key))
        else:
            values[key] = new
