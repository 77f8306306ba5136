"""The simulation: state, rules in force, obedience, the event log, and the flow through the stages."""

from typing import Any


def __getattr__(name: str) -> Any:
    """The function that stood here when this was one file."""
    if name != "replicate":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from simlib.model.model import replicate

    return replicate
