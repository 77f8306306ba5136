"""The committed pages of docs/ are those that code and data make now."""

from __future__ import annotations

import re
import shutil
from functools import partial
from importlib.metadata import version

import pytest

from simlib.cli import main
from simlib.core.files import home
from simlib.documentation import pages
from simlib.documentation.facts import locked
from simlib.documentation.words import LANGUAGES, words
from simlib.see.fonts import VARIABLE

FILES = {
    "stress-des.md", "stress-des.zh.md", "assumptions.md", "assumptions.zh.md", "flow.svg", "flow.zh.svg",
    "glossary.md", "glossary.zh.md", "limits.md", "limits.zh.md", "validation.md", "validation.zh.md", "api.md", "state.md",
    "scorecard.md", "scorecard.zh.md",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _each_page_is_made_once():
    """For the project, and for a copy of it: nothing here changes what pages are made from."""
    texts, made = pages._texts, {}

    def text(name, make):
        key = home(), name
        if key not in made:
            made[key] = make()
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_texts", lambda: {name: partial(text, name, make) for name, make in texts().items()})
        yield


def test_the_committed_pages_are_what_the_generator_writes():
    assert pages.stale() == [], "run simlib docs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_drawing_is_the_one_of_the_locked_packages_byte_by_byte(language, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    if any(version(p) != locked()[p] for p in ("matplotlib", "zhplot")):
        pytest.skip("drawn with other versions than those of the lock")
    stored = (home() / "docs" / pages._named("flow", ".svg", language)).read_text(encoding="utf-8")
    assert stored == pages.flow_svg(words(language)), "run simlib docs"


def test_a_page_that_is_edited_missing_or_drawn_from_something_else_is_stale(tmp_path):
    for name in FILES:
        shutil.copyfile(home() / "docs" / name, tmp_path / name)
    assert pages.stale(tmp_path) == []
    (tmp_path / "stress-des.md").write_text("edited", encoding="utf-8")
    (tmp_path / "assumptions.zh.md").unlink()
    drawing = (tmp_path / "flow.svg").read_text(encoding="utf-8")
    (tmp_path / "flow.svg").write_text(re.sub("drawn from [0-9a-f]{4}", "drawn from 0000", drawing), encoding="utf-8")
    assert pages.stale(tmp_path) == ["stress-des.md", "flow.svg", "assumptions.zh.md"]


def test_what_is_written_is_current_whole_and_names_no_machine(tmp_path):
    written = pages.write(tmp_path)
    assert {p.name for p in written} == FILES == {p.name for p in tmp_path.iterdir()}
    assert pages.stale(tmp_path) == []
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert str(home()) not in text and "\r" not in text


def test_links_and_pictures_of_the_pages_lead_to_files():
    for name in FILES:
        text = (home() / "docs" / name).read_text(encoding="utf-8")
        for target in set(re.findall(r"\]\(([^)#\s]+)", text)):
            assert (home() / "docs" / target).is_file(), (name, target)


def test_the_command_writes_to_docs_and_tells_what_is_stale(tmp_path, monkeypatch, capsys):
    for name in ("scenarios", "requirements.lock", "pyproject.toml"):
        source = home() / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / name)
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    assert main(["docs", "--check"]) == 1
    assert "run simlib docs" in capsys.readouterr().err
    assert main(["docs"]) == 0
    assert main(["docs", "--check"]) == 0
    assert {p.name for p in (tmp_path / "docs").iterdir()} == FILES
