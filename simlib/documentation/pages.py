"""The stored pages of `docs/`: what is written, and whether what is stored is still what would be written.

Nothing in them depends on the machine, the date or the commit. A drawing's bytes depend on the versions of the drawing
package and of the font; so it carries the hash of all that it was drawn from, and is current where that hash is.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from simlib.core.files import home, write_whole
from simlib.documentation import flow_drawing, flow_layout
from simlib.documentation.api import api_markdown
from simlib.documentation.facts import stored
from simlib.documentation.flow_drawing import flow_figure
from simlib.documentation.glossary_page import glossary_markdown
from simlib.documentation.limits_page import limits_markdown
from simlib.documentation.register_page import register_markdown
from simlib.documentation.rows_logic import state
from simlib.documentation.scorecard_page import scorecard_markdown
from simlib.documentation.state_page import state_markdown
from simlib.documentation.stress import stress_markdown
from simlib.documentation.validation_page import validation_markdown, validation_words
from simlib.documentation.words import LANGUAGES, Words, words
from simlib.policy.flow import SHARED, STAGES
from simlib.see.draw import svg

_MARK = re.compile(r"<!-- drawn from ([0-9a-f]{16}) -->")


def _named(stem: str, suffix: str, language: str) -> str:
    """A page's file: the English one without its language, as readers expect it."""
    return f"{stem}{suffix}" if language == "en" else f"{stem}.{language}{suffix}"


def _texts() -> dict[str, Callable[[], str]]:
    """What makes each page, by file name."""
    made: dict[str, Callable[[], str]] = {}
    for language in LANGUAGES:
        w = words(language)
        made[_named("stress-des", ".md", language)] = partial(stress_markdown, stored(), w)
        made[_named("assumptions", ".md", language)] = partial(register_markdown, w)
        made[_named("glossary", ".md", language)] = partial(glossary_markdown, w)
        made[_named("limits", ".md", language)] = partial(limits_markdown, w)
        made[_named("scorecard", ".md", language)] = partial(scorecard_markdown, w)
        made[_named("validation", ".md", language)] = partial(validation_markdown, validation_words(language))
        made[_named("flow", ".svg", language)] = partial(flow_svg, w)
    return made | {"api.md": api_markdown, "state.md": state_markdown}


def flow_svg(w: Words) -> str:
    """The drawn flow with the hash of what it was drawn from, behind the declaration that must stand first."""
    text = svg(flow_figure(w))
    declaration, rest = text.split("\n", 1)
    lines = [line.rstrip() for line in rest.splitlines()]
    return "\n".join([declaration, f"<!-- drawn from {drawn_from(w)} -->", *lines]) + "\n"


def drawn_from(w: Words) -> str:
    """Hash of the stages, the words and the drawing code."""
    said = {k: v for k, v in w.items() if k.startswith("flow_")}
    states = [state(s, w) for stage in STAGES.values() for s in stage.states]
    code = [inspect.getsource(m) for m in (flow_drawing, flow_layout)]
    titles = [(s.en, s.zh) for s in STAGES.values()]
    parts = repr((list(STAGES.values()), titles, dict(SHARED), sorted(said.items()), states, code))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def write(folder: Path | None = None) -> list[Path]:
    """Write all pages to a folder (default: the project's docs/), each moved into place when whole."""
    folder = folder or home() / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in _texts().items():
        write_whole(folder / name, make())
        written.append(folder / name)
    return written


def stale(folder: Path | None = None) -> list[str]:
    """Names of the pages that are missing or are not what would be written now."""
    folder = folder or home() / "docs"
    return [name for name, make in _texts().items() if not _current(folder / name, make)]


def _current(path: Path, make: Callable[[], str]) -> bool:
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".svg":
        found = _MARK.search(text)
        language = path.stem.partition(".")[2] or "en"
        return found is not None and found[1] == drawn_from(words(language))
    return text == make()
