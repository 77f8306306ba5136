"""The reference names every public function and class, as the code has them, and every docstring says all of its parts."""

from __future__ import annotations

import doctest
import inspect

import pytest

import simlib
from simlib.core.files import home
from simlib.documentation.api import api_markdown, docstring, methods, signature
from simlib.documentation.docstrings import as_markdown

PAGE = (home() / "docs/api.md").read_text(encoding="utf-8")


def test_every_public_name_has_an_entry_with_its_docstring():
    for name in simlib.__all__:
        thing = getattr(simlib, name)
        if callable(thing):
            assert f"### `simlib.{name}`\n" in PAGE, name
            first = " ".join(inspect.getdoc(thing).split("\n\n")[0].replace("``", "`").split())
            assert first.split("`")[0].replace("_", "\\_")[:60] in PAGE, name


def test_parameters_stand_with_their_types_and_defaults():
    assert "load_rulebook(name: str, set: dict[str, Any] | None = None, variants: Sequence[str] = ()) -> Policy" in PAGE
    assert "    replications: int | None = None,\n    workers: int | None = None,\n" in PAGE
    assert "self" not in [word for line in PAGE.splitlines() if line.startswith("table(") for word in line.split("(")]


def test_what_functions_return_is_described_too():
    section = PAGE.split("## What they return")[1]
    for name in ("Bottleneck", "BudgetImpact", "Trace"):
        assert f"### `{name}`" in section
    assert "#### `Trace.text`" in section


def test_lists_that_a_docstring_names_by_constant_are_written_out():
    assert "COLUMNS: `drug`, `hospital`, `province`, `stage`, `outcome`" in PAGE


def test_a_new_function_appears_and_one_without_a_docstring_is_refused(monkeypatch):
    def added(x: int, y: str = "a") -> float:
        """What it adds, `x`_times."""

    def silent(x: int) -> int: ...

    monkeypatch.setattr(simlib, "added", added, raising=False)
    monkeypatch.setattr(simlib, "__all__", [*simlib.__all__, "added"])
    assert "### `simlib.added`\n\n```\nadded(x: int, y: str = 'a') -> float\n```\n\nWhat it adds" in api_markdown()
    assert signature(silent, "silent") == "silent(x: int) -> int"
    with pytest.raises(ValueError, match="no docstring"):
        docstring(silent)


def test_private_methods_are_left_out():
    names = [name for name, _ in methods(simlib.Result)]
    assert {"table", "curve_table", "value"} <= set(names) and not [n for n in names if n.startswith("_")]


FUNCTIONS = [name for name in simlib.__all__ if inspect.isfunction(getattr(simlib, name))]


def _named(docstring_: str, section: str) -> list[str]:
    """The names that a section of a docstring explains."""
    _, found, rest = docstring_.partition(f"\n\n{section}\n{'-' * len(section)}\n")
    body = rest.split("\n\n")[0] if found else ""
    heads = [line.partition(" : ")[0] for line in body.splitlines() if line[:1].strip()]
    return [name for head in heads for name in head.split(", ")]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_explains_each_parameter_and_what_it_returns(name):
    function = getattr(simlib, name)
    text = inspect.getdoc(function)
    assert _named(text, "Parameters") == list(inspect.signature(function).parameters)
    assert len(_named(text, "Returns")) == 1


@pytest.mark.parametrize("name", ["Result", "Scenario"])
def test_a_public_class_explains_each_of_its_fields(name):
    thing = getattr(simlib, name)
    assert sorted(_named(inspect.getdoc(thing), "Attributes")) == sorted(thing.__dataclass_fields__)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if ">>>" in inspect.getdoc(getattr(simlib, n))])
def test_the_examples_of_a_docstring_give_what_they_say(name):
    for example in doctest.DocTestFinder(recurse=False).find(getattr(simlib, name), name):
        assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example).failed == 0


def test_sections_of_a_docstring_become_lists_and_its_examples_a_block():
    text = inspect.cleandoc("""First line.

    Parameters
    ----------
    a : int
        What ``a`` is,
        and more.

    Returns
    -------
    float
        A number.

    Notes
    -----
    One.

    Two.

    Examples
    --------
    >>> 1 + 1
    2
    """)
    assert as_markdown(text) == (
        "First line.\n\n**Parameters**\n\n- **a** (int): What `a` is, and more.\n\n**Returns**\n\n- **float:** A number.\n\n"
        "**Notes**\n\nOne.\n\nTwo.\n\n**Examples**\n\n```pycon\n>>> 1 + 1\n2\n```\n\n"
    )
