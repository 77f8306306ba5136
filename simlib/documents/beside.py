"""A user's own observations as a section of a report of their own."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from IPython.display import HTML

from simlib.core.files import InputError, one_of
from simlib.experiments.study import Study
from simlib.outcomes.observed import read_observed
from simlib.see.inline import picture
from simlib.see.overlay import against, heading, overlay, text
from simlib.words import LANGUAGES, words


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
    blocks = []
    for n in languages:
        figure, (_, *lines) = overlay(result, seen, n), text(result, seen, against(result, seen), n).split("\n")
        said = heading(result, words(n, "documents"))
        below = "".join(f"<p class=quiet>{html.escape(line.strip())}</p>" for line in lines)
        blocks.append(f'<div lang="{n}"><h2>{html.escape(said)}</h2>{picture(figure, said)}{below}</div>')
    return HTML("".join(blocks))
