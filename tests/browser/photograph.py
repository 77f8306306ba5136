"""Pictures of every page, to be looked at: make screenshots, or python -m tests.browser.photograph [FOLDER].

Notebooks run in a real JupyterLab (explore in both languages, every lesson with its solutions, the scenario notebook);
reports are those that batches have left in outputs/, in both languages and as printed. PNG files go to FOLDER (default:
outputs/screenshots).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from simlib.teach.lesson import NUMBERS
from tests.browser.lab import ROOT, lab, open_notebook, page_of, run_all

TALLEST = 12_000  # pixels; a browser's picture cannot be much taller
SHEET = 2_400  # pixels of a report on one picture
HEIGHT = "() => document.querySelector('.jp-WindowedPanel-outer').scrollHeight"  # of the notebook that is open
TOP = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)"
EXPLORED = "(t) => document.querySelector('.simlib-status .widget-html-content')?.textContent.includes(t)"
SWITCHES = {"en": "#show-en", "zh": "#show-zh"}


def photograph_notebooks(folder: Path) -> None:
    """Explore, the scenario notebook, and every lesson."""
    with tempfile.TemporaryDirectory() as made:
        home, own = Path(made) / "home", Path(made) / "lab"
        own.mkdir()
        for name in ("scenarios", "notebooks"):
            shutil.copytree(ROOT / name, home / name)
        with lab(own, home / "notebooks", {"SIMLIB_HOME": str(home)}) as server, page_of(server) as page:
            open_notebook(page, server, "explore.ipynb")
            run_all(page)
            page.wait_for_function(EXPLORED, arg="Done: 16")
            save(page, folder / "explore-en.png")
            page.click(".simlib-language button:has-text('中文')")
            page.wait_for_function(EXPLORED, arg="完成：16")
            save(page, folder / "explore-zh.png")
            lessons = [f"workshop/solutions/{x}/lesson-{n}" for n in NUMBERS for x in ("en", "zh")]
            for name in ("scenario", *lessons):
                open_notebook(page, server, f"{name}.ipynb")
                run_all(page)
                page.set_viewport_size({"width": 1500, "height": min(TALLEST, page.evaluate(HEIGHT) + 120)})
                page.evaluate(TOP)
                page.wait_for_timeout(500)  # the notebook draws itself anew
                save(page, folder / f"{name.removeprefix('workshop/solutions/').replace('/', '-')}.png")
                page.set_viewport_size({"width": 1500, "height": 1400})


def photograph_reports(folder: Path) -> None:
    """Every report and handout in outputs/, cut into sheets."""
    from playwright.sync_api import sync_playwright

    from tests.browser.lab import ARGUMENTS, chromium

    pages = sorted(p for p in (ROOT / "outputs").rglob("*.html") if folder not in p.parents)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for path in pages:
            page = browser.new_page(viewport={"width": 1100, "height": SHEET})
            page.goto(path.as_uri())
            name = "-".join(path.relative_to(ROOT / "outputs").with_suffix("").parts)
            for language, switch in SWITCHES.items():
                if page.locator(switch).count():
                    page.check(switch)
                    sheets(page, folder, f"{name}-{language}")
            if not page.locator(SWITCHES["en"]).count():
                sheets(page, folder, name)
            page.close()
        browser.close()


def sheets(page: Any, folder: Path, name: str) -> None:
    """A long page as pictures of at most SHEET pixels."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for i, top in enumerate(range(0, height, SHEET), 1):
        clip = {"x": 0, "y": top, "width": 1100, "height": min(SHEET, height - top)}
        save(page, folder / f"{name}-{i:02d}.png", clip=clip, full_page=True)


def save(page: Any, path: Path, **how: Any) -> None:
    """A picture, and a line that says so."""
    page.screenshot(path=str(path), **how)
    print(f"written: {path}", flush=True)


def main() -> None:
    """Photograph everything."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "outputs/screenshots").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    photograph_reports(folder)
    photograph_notebooks(folder)


if __name__ == "__main__":
    main()
