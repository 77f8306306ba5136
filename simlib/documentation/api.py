"""The reference of the public functions and classes, made from their signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator
from typing import Any

from simlib.documentation.blocks import paragraph
from simlib.documentation.docstrings import as_markdown
from simlib.documentation.markdown import markdown
from simlib.documentation.words import own

INTRO = """# Reference of the Python functions

This page is made by `simlib docs` from the docstrings of the code; do not edit it by hand.

Everything that `import simlib` offers, in the order of the alphabet, and after it what these functions return. Times are days from a
scenario's start unless a name says otherwise; what every indicator and column means stands in the table that
`simlib.data_dictionary()` returns, in English and Chinese. A function that is given something it cannot use raises
`InputError`, whose one line names the file, the key and the remedy. What stands here is the English of the code; the guides
are in both languages ([GUIDES](../README.zh.md)).
"""


class _Bare:
    """An annotation as it is written, without the quotation marks that `inspect` would put around it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def api_markdown() -> str:
    """The whole page."""
    simlib = sys.modules[__name__.partition(".")[0]]  # the root stands above all rooms, and is there before them
    public = {name: getattr(simlib, name) for name in simlib.__all__}
    parts = [
        INTRO.replace("GUIDES", own("zh")["guides"]),
        "\n## In short\n\n",
        _example(simlib.__doc__ or ""),
        "\n## Functions and classes\n\n",
    ]
    parts += [_entry(f"simlib.{name}", thing) for name, thing in sorted(public.items(), key=_alphabet)]
    parts.append("## What they return\n\n")
    parts += [_entry(c.__name__, c) for c in _returned(public)]
    return "".join(parts).rstrip() + "\n"


def _alphabet(named: tuple[str, Any]) -> str:
    return named[0].lower()


def _example(text: str) -> str:
    """The lines of code in the package's docstring as a block below its sentence, laid out as the formatter wants it."""
    first, _, rest = text.strip().partition("\n\n")
    code = rest.strip().replace("import simlib\n", "import simlib\n\n", 1)
    return f"{first}\n\n```python\n{code}\n```\n"


def _entry(title: str, thing: Any) -> str:
    """One function or class: signature, docstring, and a class's own public methods."""
    head = f"### `{title}`\n\n```\n{signature(thing, title.removeprefix('simlib.'))}\n```\n\n{docstring(thing)}"
    return head + "".join(_method(title, name, method) for name, method in methods(thing))


def _method(owner: str, name: str, thing: Any) -> str:
    if isinstance(thing, property):
        return f"#### `{owner}.{name}`\n\n(a value, not a function) {docstring(thing.fget)}"
    return f"#### `{owner}.{name}`\n\n```\n{signature(thing, name)}\n```\n\n{docstring(thing)}"


def signature(thing: Any, name: str) -> str:
    """A function's name, parameters and what it returns; of a class its fields, of an exception its parent."""
    if inspect.isclass(thing):
        if issubclass(thing, BaseException):
            return f"class {name}({thing.__base__.__name__})"
        fields = dataclasses.fields(thing) if dataclasses.is_dataclass(thing) else ()
        return "\n".join([f"class {name}", *(f"    {f.name}: {f.type}" for f in fields if not f.name.startswith("_"))])
    found = inspect.signature(thing)
    bare = [p.replace(annotation=_bare(p.annotation)) for p in found.parameters.values() if p.name != "self"]
    one_line = f"{name}{found.replace(parameters=bare, return_annotation=_bare(found.return_annotation))}"
    if len(one_line) <= 110:
        return one_line
    inside = "".join(f"    {p},\n" for p in bare)
    return f"{name}(\n{inside})" + (
        "" if found.return_annotation is inspect.Signature.empty else f" -> {found.return_annotation}"
    )


def _bare(annotation: Any) -> Any:
    return _Bare(annotation) if isinstance(annotation, str) else annotation


def docstring(thing: Any) -> str:
    """A docstring as Markdown, with the lists that it names; ValueError where a public thing has none."""
    text = inspect.getdoc(thing)
    if not text or (
        inspect.isclass(thing) and dataclasses.is_dataclass(thing) and text.startswith(f"{thing.__name__}(")
    ):
        raise ValueError(f"{thing!r} is public and has no docstring")
    return as_markdown(text) + _lists(thing, text)


def _lists(thing: Any, text: str) -> str:
    """The lists of words that a docstring names by their constant, such as COLUMNS, written out."""
    module = sys.modules[thing.__module__]
    found = [(name, getattr(module, name, None)) for name in dict.fromkeys(re.findall(r"\b[A-Z]{3,}\b", text))]
    named = [(n, v) for n, v in found if isinstance(v, (tuple, list, dict)) and all(isinstance(x, str) for x in v)]
    return markdown(paragraph(f"{name}: {', '.join(f'`{word}`' for word in words)}") for name, words in named)


def methods(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and computed values that a class itself defines, in the order of its source."""
    if not inspect.isclass(thing) or issubclass(thing, BaseException):
        return
    for name, member in vars(thing).items():
        if not name.startswith("_") and (isinstance(member, property) or inspect.isfunction(member)):
            yield name, member


def _returned(public: dict[str, Any]) -> list[type]:
    """Classes of the package that public functions return and that are not public by name."""
    found: dict[str, type] = {}
    for thing in public.values():
        if inspect.isfunction(thing):
            for c in _classes(_returns(thing)):
                if c.__module__.startswith("simlib.") and c not in public.values():
                    found[c.__name__] = c
    return [found[name] for name in sorted(found)]


def _returns(function: Callable) -> Any:
    """What a function says that it returns, as a type; None where the name is known to type checkers only."""
    try:
        return typing.get_type_hints(function).get("return")
    except NameError:
        return None


def _classes(hint: Any) -> Iterator[type]:
    """The classes that a type is made of."""
    if inspect.isclass(hint) and not typing.get_args(hint):
        yield hint
    for part in typing.get_args(hint):
        yield from _classes(part)
