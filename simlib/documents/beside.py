"""A user's own observations as a section of a report of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from IPython.display import HTML

from simlib.core.files import InputError, one_of
from simlib.experiments.study import Study
from simlib.outcomes.observed import read_observed
from simlib.report.hypertext import in_languages
from simlib.see.overlay import against, heading, overlay, text
from simlib.words import LANGUAGES, words
from simlib.words.nodes import Heading, Node, Picture, Text


def beside(study: Study, scenario: str, observed: Path | str, language: str = "both") -> HTML:
    """Observed shares over the curves of one scenario of a study, with the table below; one block a language.

    InputError for a scenario that did not run or a list that cannot be read. An empty `observed` gives an empty section.
    """
    if not str(observed):
        return HTML("")
    if scenario not in study.results:
        raise InputError(one_of(scenario, study.results, "scenario that ran"))
    result, seen = study.results[scenario], read_observed(Path(observed))
    languages: Sequence[str] = LANGUAGES if language == "both" else (language,)
    blocks: list[tuple[str, list[Node]]] = []
    for n in languages:
        figure, (_, *lines) = overlay(result, seen, n), text(result, seen, against(result, seen), n).split("\n")
        said = heading(result, words(n, "documents"))
        below = (Text(line.strip(), "quiet") for line in lines)
        blocks.append((n, [Heading(said, 2), Picture(figure, said), *below]))
    return HTML(in_languages(blocks))
