"""The places of documents: a stored region, by its name or what its file calls it, or a place of one's own.

Documents of one place can replace one another's rules, so that a place that is only misspelt would switch that off.
"""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import Any

from simlib.core.files import Fault, read_yaml, scenarios
from simlib.policy.vocabulary.words import place_words

NATIONAL = "nation"  # the place of national documents; practice before the reforms stands apart from them
_NEAR = 0.85  # 'bejing' is near 'beijing'; 'hangzhou' is a city of its own beside 'guangzhou'


def place_of(word: str, what: str = "place") -> str:
    """The region's name for a place; a place that no region has stays as it is.

    Fault for one that is not quite a region's name.
    """
    known = names()
    plain = word.strip().casefold()
    if plain in known:
        return known[plain]
    near = difflib.get_close_matches(plain, known, n=1, cutoff=_NEAR)
    if near:
        raise Fault(
            (),
            f"unknown {what} {word!r}; did you mean {known[near[0]]!r}? (a place of its own needs a name that differs by more)",
        )
    return word


@functools.cache
def _more() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("places.yaml")).data


def names() -> dict[str, str]:
    """The stored regions' names by what they may be called, in small letters."""
    more = _more()
    found = {word: region for region, words in more["also"].items() for word in words}
    for path in sorted((scenarios() / "regions").glob("*.yaml")):
        region = path.stem
        chinese = place_words(region, "zh")
        for word in (region, place_words(region, "en"), chinese, chinese.rstrip(more["suffixes"])):
            found.setdefault(word.strip().casefold(), region)
    return found
