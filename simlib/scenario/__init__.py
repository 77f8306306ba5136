"""A name or a file becomes a checked scenario, and a scenario the world of one replication."""

from typing import Any


def __getattr__(name: str) -> Any:
    """The names that stood here when this was one file."""
    if name not in ("Scenario", "load_scenario"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from simlib.scenario import scenario

    return getattr(scenario, name)
