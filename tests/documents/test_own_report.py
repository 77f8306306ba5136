"""A report of one's own is a copy of one notebook; the page's language is one option."""

import json
import shutil

import nbformat
import pytest

from simlib.batch.base import Batch, Shared, Summary
from simlib.batch.comparison import check_notebook, own_report
from simlib.cli import main
from simlib.cli.application import parse
from simlib.core.files import InputError, home
from simlib.report.page import INSTRUCTION
from simlib.report.sections import SECTIONS
from simlib.scenario.experiment_files import load_experiment


def sections_of(path):
    source = "".join("".join(c["source"]) for c in json.loads(path.read_text(encoding="utf-8"))["cells"])
    return [s for s in SECTIONS if f'report.section("{s}")' in source]


def test_the_stored_comparison_shows_every_section_in_order():
    assert sections_of(home() / "notebooks" / "comparison.ipynb") == list(SECTIONS)


def test_the_example_of_an_own_report_can_be_run_by_a_batch():
    path = home() / "notebooks" / "my-report.ipynb"
    check_notebook(path)
    assert {"answer", "differences", "limits"} < set(sections_of(path)) < set(SECTIONS)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("index.ipynb", None, "give the copy another name"),
        ("mine.txt", None, "not a notebook"),
        ("mine.ipynb", lambda nb: nb.cells[1].metadata.clear(), "0 cells are tagged parameters"),
        ("mine.ipynb", lambda nb: nb.cells[1].update(source='experiment = "x"'), "unknown parameter 'folder'"),
    ],
)
def test_a_notebook_that_cannot_be_a_report_is_refused_in_one_line(name, change, said, tmp_path):
    notebook = nbformat.read(home() / "notebooks" / "comparison.ipynb", as_version=4)
    if change:
        change(notebook)
    nbformat.write(notebook, tmp_path / name)
    with pytest.raises(InputError, match=said) as e:
        check_notebook(tmp_path / name)
    assert "\n" not in str(e.value)


def test_the_instruction_of_the_example_is_tagged_and_nothing_else_is_text():
    notebook = nbformat.read(home() / "notebooks" / "my-report.ipynb", as_version=4)
    told = [c for c in notebook.cells if c.cell_type == "markdown"]
    assert told and all(c.metadata.get("tags") == [INSTRUCTION] for c in told)


def test_a_damaged_or_missing_notebook_is_refused_before_anything_runs(tmp_path, capsys):
    (tmp_path / "mine.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a notebook"):
        check_notebook(tmp_path / "mine.ipynb")
    assert main(["batch", "own-rules", "--small", "--notebook", str(tmp_path / "none.ipynb")]) == 2
    assert "none.ipynb: no such file" in capsys.readouterr().err


def test_the_language_of_a_batch_is_one_option():
    assert parse(["batch", "own-rules"]).params["language"] == "both"
    assert parse(["batch", "own-rules", "--language", "zh"]).params["language"] == "zh"
    with pytest.raises(InputError, match="--language: 'cn' is not allowed; allowed: en, zh, both"):
        parse(["batch", "own-rules", "--language", "cn"])


@pytest.mark.slow
def test_an_own_notebook_makes_its_page_in_one_language_beside_the_stored_one(folder, tmp_path):
    place = tmp_path / "own-rules"
    shutil.copytree(folder, place)
    (place / "index.html").write_text("the stored page", encoding="utf-8")
    mine = tmp_path / "mine.ipynb"
    shutil.copy(home() / "notebooks" / "my-report.ipynb", mine)
    with Shared() as shared:
        batch = Batch(
            experiment=load_experiment("own-rules"),
            folder=place,
            small=True,
            workers=1,
            deadline=600.0,
            progress=False,
            summary=Summary("own-rules", place),
            shared=shared,
            language="zh",
            notebook=mine,
        )
        batch.work.mkdir()
        own_report(batch)
    assert batch.summary.done == ["mine"] and batch.summary.ok
    text = (place / "mine.html").read_text(encoding="utf-8")
    assert "不能说明什么" in text and "What this cannot say" not in text
    assert '<html lang="zh-CN">' in text and 'lang="en"' not in text
    for said in ("copy this file", "复制本文件", "my-copy"):  # the cell speaks to who edits, not to a committee
        assert said not in text, said
    assert (place / "mine" / "figures" / "headline-zh.svg").is_file()
    assert not (place / "figures").exists() and (place / "index.html").read_text(encoding="utf-8") == "the stored page"
    own_report(batch)
    assert batch.summary.unchanged == ["mine"]
