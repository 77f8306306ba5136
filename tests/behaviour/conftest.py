"""Reading files took ten times as long as simulating a small world: here each is parsed and checked once a test module."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

import simlib.policy.load
import simlib.scenario.names
import simlib.scenario.parts
from simlib.core.files import Document, read_yaml


@pytest.fixture(scope="module", autouse=True)
def _files_parsed_once() -> Iterator[None]:
    once = functools.cache(read_yaml)

    def read(path) -> Document:
        found = once(path)
        return Document(found.file, found.data, found.lines)

    with pytest.MonkeyPatch.context() as patch:
        for module in (simlib.scenario.names, simlib.scenario.parts, simlib.policy.load):
            patch.setattr(module, "read_yaml", read)
        patch.setattr(simlib.policy.load, "load_layer", functools.cache(simlib.policy.load.load_layer))
        yield
