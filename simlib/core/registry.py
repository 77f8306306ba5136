"""Functions that a room above provides for a method of an object below.

`Result.plot` draws and `Trace.text` tells, but drawing and telling stand above results and traces, and a room imports
only downwards. The package's root names, as text, which function does the work; it is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_providers: dict[str, str] = {}


def register(name: str, function: str) -> None:
    """Provide a function, given as ``MODULE:FUNCTION``, under a name such as ``Result.plot``."""
    _providers[name] = function


def provided(name: str) -> Callable[..., Any]:
    """The function that is registered under a name; KeyError for a name that nobody registered."""
    module, _, function = _providers[name].partition(":")
    return getattr(import_module(module), function)
