"""Who imports a module by the path that it had before the rooms were laid out is told where it is now."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest

from simlib.core.moved import ROOMS_GONE, moved


@pytest.mark.parametrize(("old", "new"), moved().items())
def test_a_moved_module_is_where_it_is_said_to_be(old, new):
    assert find_spec(new) is not None


def test_an_old_path_says_the_new_one():
    with pytest.raises(ModuleNotFoundError, match=r"simlib\.files is now simlib\.core\.files"):
        import_module("simlib.files")
    with pytest.raises(ModuleNotFoundError, match=r"simlib\.report\.trace is now simlib\.outcomes\.trace"):
        import_module("simlib.report.trace")


@pytest.mark.parametrize(("old", "new"), ROOMS_GONE.items())
def test_an_old_room_says_the_new_one(old, new):
    with pytest.raises(ModuleNotFoundError, match=f"{old} is now {new}"):
        import_module(f"{old}.anything")


def test_files_that_became_rooms_still_give_their_names():
    from simlib.model.model import replicate
    from simlib.scenario.scenario import Scenario, load_scenario

    assert replicate(load_scenario("chain"), 0).world.scenario.name == "chain"
    assert Scenario.__name__ == "Scenario"


def test_a_module_that_never_was_is_refused_as_ever():
    with pytest.raises(ModuleNotFoundError, match="No module named 'simlib.nowhere'"):
        import_module("simlib.nowhere")
