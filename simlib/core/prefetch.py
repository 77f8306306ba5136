"""Asking the processor for what is needed a few steps later.

A nation's pairs do not fit into a processor's caches, and a loop over them waits for memory most of the time unless it
asks ahead. That changes no value, and nothing at all where the model runs as plain Python.
"""

from __future__ import annotations

from typing import Any

LINE = 64  # bytes that come from memory at once
AHEAD = 8  # steps of a loop over pairs in which what was asked for arrives


def prefetch(array: Any, *place: int) -> None:
    """Fetch array[place] into the cache, if it is inside the array, while the program goes on."""
