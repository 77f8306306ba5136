"""The appendix of the comparison page: the reporting checklist, filled from code, data and the run's own manifest."""

from __future__ import annotations

import html
from collections.abc import Mapping

from matplotlib.figure import Figure

from simlib.documentation.facts import Facts
from simlib.documentation.flow_drawing import flow_figure
from simlib.documentation.stress import ROWS, stress_html
from simlib.documentation.words import words
from simlib.experiments.study import Study
from simlib.see.inline import picture
from simlib.words import Words


def stress(study: Study, w: Words, figures: Mapping[str, Figure]) -> str:
    """All rows of the checklist STRESS-DES, folded."""
    said = words(w.language)
    facts = Facts((study.experiment,), study.manifest)
    drawn = picture(flow_figure(said), said["diagram_alt"])
    rows = stress_html(facts, said, {"flow.svg": drawn, f"flow.{w.language}.svg": drawn})
    return (
        f'<h2 id="stress-{w.language}">{html.escape(said["stress_appendix"])}</h2>'
        f"<p>{html.escape(said.say('stress_appendix_intro', count=len(ROWS)))}</p>"
        f"<details><summary>{html.escape(said.say('stress_all', count=len(ROWS)))}</summary>{rows}</details>"
    )
