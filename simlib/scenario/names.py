"""Scenarios by name: the files of `scenarios/`, and the cells of experiments."""

from __future__ import annotations

from pathlib import Path

from simlib.core.complaints import unknown
from simlib.core.files import Document, InputError, check_format, read_yaml, scenario_files
from simlib.scenario.experiment_files import find_scenario, scenario_names
from simlib.scenario.suggestions import suggested


def scenario_document(name: str | Path | dict | Document) -> Document:
    """A scenario's file, in the present format, by its name (stored, or of an experiment) or path.

    A mapping or a read document is taken as it is. Raises InputError for an unknown name or a file that cannot be read.
    """
    found = _found(name)
    return Document(found.file, check_format("scenario", found, found.data), found.lines)


def _found(name: str | Path | dict | Document) -> Document:
    if isinstance(name, Document):
        return name
    if isinstance(name, dict):
        return Document(str(name.get("name", "scenario")), name)
    text, files = str(name), scenario_files()
    if text.endswith((".yaml", ".yml")):
        return read_yaml(Path(text))
    found = read_yaml(files[text]) if text in files else find_scenario(text)
    if found is None:
        words = unknown(text, [*files, *scenario_names()], "scenario")
        raise InputError(f"{words}; or a path to a .yaml file{suggested(text, files)}")
    return found
