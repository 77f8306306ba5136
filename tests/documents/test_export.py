"""simlib export: from a finished batch folder alone, whole or not at all, mistakes in one line."""

import re

import pytest

from simlib.cli import main
from simlib.documents import pdf
from simlib.documents.export import export
from simlib.documents.web import page
from simlib.report.page import addresses, page_in_language, shell
from simlib.words import LANGUAGES


def test_export_reads_the_folder_and_never_simulates(folder, monkeypatch, capsys):
    import simlib.model.model

    def never(*args, **more):
        raise AssertionError("simulated")

    monkeypatch.setattr(simlib.model.model, "replicate", never)
    assert main(["export", str(folder), "--to", "docx", "--language", "zh"]) == 0
    assert sorted(p.name for p in (folder / "handout").iterdir()) == ["own-rules-zh.docx"]
    assert "own-rules-zh.docx" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no such folder"),
        (["HERE"], "not the folder of a batch"),
        (["FOLDER", "--to", "pfd"], "unknown format 'pfd'.*did you mean 'pdf'"),
        (["FOLDER", "--to", ""], "name one of pdf"),
        (["FOLDER", "--to", "docx", "--into", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(folder, tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.setattr(pdf, "chromium", lambda: "a browser")  # a PDF is among the formats; nothing is printed here
    place = {"FOLDER": str(folder), "HERE": str(tmp_path)}
    assert main(["export", *(place.get(x, x) for x in words)]) == 2
    err = capsys.readouterr().err
    assert re.search(said, err) and err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_finished_scenario_says_what_to_run(tmp_path, capsys):
    (tmp_path / "swap" / "scenarios").mkdir(parents=True)
    assert main(["export", str(tmp_path / "swap"), "--to", "xlsx"]) == 2
    assert "simlib batch swap" in capsys.readouterr().err
    assert not (tmp_path / "swap" / "handout").exists()


def test_without_a_browser_a_pdf_says_what_to_install_before_any_work(folder, monkeypatch, capsys, tmp_path):
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "PLACES", ())
    assert main(["export", str(folder), "--to", "pdf", "--into", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert "apt install chromium" in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv(pdf.VARIABLE, str(tmp_path / "none"))
    assert main(["export", str(folder), "--to", "pdf", "--into", str(tmp_path)]) == 2
    assert pdf.VARIABLE in capsys.readouterr().err


def test_a_browser_that_fails_leaves_no_file(tmp_path, monkeypatch):
    fake = tmp_path / "browser"
    fake.write_text("#!/bin/sh\necho out of memory >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv(pdf.VARIABLE, str(fake))
    with pytest.raises(pdf.InputError, match="status 3: out of memory"):
        pdf.print_pdf("<p>x</p>", tmp_path / "a.pdf")
    fake.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(pdf.InputError, match="without a PDF"):
        pdf.print_pdf("<p>x</p>", tmp_path / "a.pdf")
    assert [p.name for p in tmp_path.iterdir()] == ["browser"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_to_print_is_self_contained_and_in_one_language(handouts, language):
    text = page(handouts[language])
    assert addresses(text) == [] and "<script" not in text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in text
    assert "size: A4" in text
    for c in handouts[language].chapters:
        assert f'id="{c.key}"' in text and f'href="#{c.key}"' in text


def test_a_page_of_ones_own_becomes_a_pdf_in_each_of_its_languages(folder, monkeypatch, tmp_path, capsys):
    printed = {}
    monkeypatch.setattr(pdf, "chromium", lambda: "a browser")
    monkeypatch.setattr(pdf, "print_pdf", lambda text, target: printed.update({target.name: text}))
    body = '<div class="switch">s</div><div lang="en">English</div><div lang="zh">中文</div>'
    mine = tmp_path / "batch" / "mine.html"
    mine.parent.mkdir()
    mine.write_text(shell("t", body), encoding="utf-8")
    assert main(["export", str(mine.parent), "--page", "mine.html", "--to", "pdf"]) == 0
    assert list(printed) == ["mine-en.pdf", "mine-zh.pdf"] and "mine-zh.pdf" in capsys.readouterr().out
    for n, code in (("en", "en"), ("zh", "zh-CN")):  # tests/browser look at what is printed of a page in one language
        assert printed[f"mine-{n}.pdf"] == page_in_language(mine.read_text(encoding="utf-8"), n)
        assert f'<html lang="{code}">' in printed[f"mine-{n}.pdf"]
    for words, said in (
        (["--page", "mien.html"], "did you mean 'mine.html'"),
        (["--page", "mine.html", "--to", "docx"], "a page becomes a PDF"),
    ):
        assert main(["export", str(mine.parent), *words]) == 2
        assert said in capsys.readouterr().err
    for one in (shell("t", '<div lang="zh">中文</div>'), page_in_language(shell("t", body), "zh")):
        mine.write_text(one, encoding="utf-8")
        assert main(["export", str(mine.parent), "--page", "mine.html", "--language", "en"]) == 2
        assert "has nothing marked as en" in capsys.readouterr().err


def test_the_page_is_written_as_it_is_printed(folder, handouts, tmp_path):
    (made,) = export(folder, ["html"], "zh", tmp_path)
    text = made.read_text(encoding="utf-8")
    assert made.name == "own-rules-zh.html" and addresses(text) == [] and "<script" not in text
    assert text.count("<table") == page(handouts["zh"]).count("<table") and "size: A4" in text


def test_an_unknown_language_is_refused(folder):
    with pytest.raises(pdf.InputError, match="unknown language 'cn'"):
        export(folder, ["docx"], "cn")
