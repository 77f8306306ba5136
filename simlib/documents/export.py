"""From a finished batch folder to what is handed out: PDF, page, Word, workbook, slides. Nothing is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simlib.core.files import InputError, folder_at, one_of, shown, write_whole
from simlib.experiments.records import MANIFEST, read_json
from simlib.experiments.study import Study, load_study
from simlib.words import LANGUAGES

FORMATS = ("pdf", "html", "docx", "xlsx", "pptx")
FOLDER = "handout"  # inside the batch's


def export(
    folder: Path | str, formats: Sequence[str] = FORMATS, language: str = "both", target: Path | str | None = None
) -> list[Path]:
    """Write the handouts of a batch folder, as EXPERIMENT-LANGUAGE.FORMAT; the files, in the order written.

    formats: of FORMATS. language: "en", "zh" or "both". target: an existing folder (default: FOLDER/handout, made where
    it is missing). InputError for a folder that holds no finished scenario, an unknown word, or a missing browser (PDF),
    before anything is written.
    """
    for name in formats:
        if name not in FORMATS:
            raise InputError(one_of(name, FORMATS, "format"))
    _check_language(language)
    if "pdf" in formats:
        from simlib.documents.pdf import chromium

        chromium()
    study = study_of(Path(folder))
    place = _place(Path(folder), None if target is None else Path(target))
    return [p for n in (LANGUAGES if language == "both" else (language,)) for p in _write(study, n, formats, place)]


def export_page(folder: Path | str, page: str, language: str = "both", target: Path | str | None = None) -> list[Path]:
    """Print a page that lies in a batch folder, such as that of a report of one's own, as PAGE-LANGUAGE.pdf.

    page: its name. language: "en", "zh", or "both" for each that the page has. target: as in `export`. InputError for a
    page that is not there or has no such language, or a missing browser, before anything is written.
    """
    from simlib.documents.pdf import chromium, print_pdf
    from simlib.report.page import languages, page_in_language

    _check_language(language)
    source = _page(Path(folder), page)
    chromium()
    text = source.read_text(encoding="utf-8")
    found = [n for n in languages(text) if language in (n, "both")]
    if not found:
        raise InputError(
            f"{shown(source)}: has nothing marked as {language}; make it with `simlib batch --language both`"
        )
    place = _place(Path(folder), None if target is None else Path(target))
    made = []
    for n in found:
        made.append(place / f"{source.stem}-{n}.pdf")
        print_pdf(page_in_language(text, n), made[-1])
    return made


def _page(folder: Path, page: str) -> Path:
    """The page of a batch folder; InputError where there is none."""
    if not folder.is_dir():
        raise InputError(f"{shown(folder)}: no such folder; name one that simlib batch made, such as outputs/own-rules")
    pages = [p.name for p in sorted(folder.glob("*.html"))]
    if page not in pages:
        raise InputError(one_of(page, pages, f"page of {shown(folder)}"))
    return folder / page


def _check_language(language: str) -> None:
    if language not in (*LANGUAGES, "both"):
        raise InputError(one_of(language, (*LANGUAGES, "both"), "language"))


def study_of(folder: Path) -> Study:
    """The study of a batch folder; InputError where there is none."""
    if not folder.is_dir():
        raise InputError(f"{shown(folder)}: no such folder; name one that simlib batch made, such as outputs/own-rules")
    if not (folder / "scenarios").is_dir():
        raise InputError(f"{shown(folder)}: not the folder of a batch (it has no scenarios/); run simlib batch first")
    name = read_json(folder / MANIFEST).get("experiment") or folder.resolve().name
    return load_study(str(name), folder)


def _place(folder: Path, target: Path | None) -> Path:
    if target is None:
        return folder_at(folder / FOLDER)
    if not target.is_dir():
        raise InputError(f"{shown(target)}: no such folder")
    return target


def _write(study: Study, language: str, formats: Sequence[str], place: Path) -> list[Path]:
    from simlib.documents.content import handout
    from simlib.documents.pdf import print_pdf
    from simlib.documents.sheets import write_xlsx
    from simlib.documents.slides import write_pptx
    from simlib.documents.web import page
    from simlib.documents.word import write_docx

    made, content = [], handout(study, language)
    for name in dict.fromkeys(formats):
        path = place / f"{content.name}-{language}.{name}"
        match name:
            case "pdf":
                print_pdf(page(content), path)
            case "html":
                write_whole(path, page(content))
            case "docx":
                write_docx(content, path)
            case "xlsx":
                write_xlsx(study, content, path)
            case "pptx":
                write_pptx(study, content, path)
        made.append(path)
    return made
