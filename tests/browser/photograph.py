"""Pictures of every page, to be looked at: make screenshots, or python -m tests.browser.photograph [FOLDER].

Notebooks run in a real JupyterLab: explore and see in both languages, the scenario notebook, every lesson as a student
finds it (not run) and with its solutions. Tiles are shown half-way through their time. Reports and handouts are those that
batches and exports have left in outputs/, in both languages. PNG files go to FOLDER (default: outputs/screenshots).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from simlib.scenario.scenario import load_scenario
from simlib.see.filling import filling
from simlib.see.save import save as save_picture
from simlib.teach.lesson import NUMBERS
from tests.browser.lab import ARGUMENTS, ROOT, chromium, lab, open_notebook, page_of, run_all

TALLEST = 12_000  # pixels; a browser's picture cannot be much taller
SHEET = 2_400  # pixels of a report on one picture
HEIGHT = "() => document.querySelector('.jp-WindowedPanel-outer').scrollHeight"  # of the notebook that is open
TOP = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)"
EXPLORED = "(t) => document.querySelector('.simlib-status .widget-html-content')?.textContent.includes(t)"
SWITCHES = {"en": "#show-en", "zh": "#show-zh"}


def photograph_notebooks(folder: Path) -> None:
    """Explore, see, the scenario notebook, and every lesson."""
    with tempfile.TemporaryDirectory() as made:
        home, own = Path(made) / "home", Path(made) / "lab"
        own.mkdir()
        for name in ("scenarios", "notebooks"):
            shutil.copytree(ROOT / name, home / name)
        see = (home / "notebooks/see.ipynb").read_text(encoding="utf-8")
        (home / "notebooks/see-en.ipynb").write_text(see.replace('language = \\"zh\\"', 'language = \\"en\\"'), "utf-8")
        with lab(own, home / "notebooks", {"SIMLIB_HOME": str(home)}) as server, page_of(server) as page:
            open_notebook(page, server, "explore.ipynb")
            run_all(page)
            page.wait_for_function(EXPLORED, arg="Done: 16")
            save(page, folder / "explore-en.png")
            page.click(".simlib-language button:has-text('中文')")
            page.wait_for_function(EXPLORED, arg="完成：16")
            save(page, folder / "explore-zh.png")
            for n, language in product(NUMBERS, SWITCHES):
                open_notebook(page, server, f"workshop/{language}/lesson-{n}.ipynb")
                save_whole(page, folder / f"{language}-lesson-{n}.png")
            solved = [f"workshop/solutions/{language}/lesson-{n}" for n, language in product(NUMBERS, SWITCHES)]
            for name in ("scenario", "see", "see-en", *solved):
                open_notebook(page, server, f"{name}.ipynb")
                run_all(page)
                save_whole(page, folder / f"{name.removeprefix('workshop/').replace('/', '-')}.png")


def save_whole(page: Any, path: Path) -> None:
    """A picture of the whole notebook in front, as far as a browser's picture can be tall."""
    page.set_viewport_size({"width": 1500, "height": min(TALLEST, page.evaluate(HEIGHT) + 120)})
    page.evaluate(TOP)
    page.wait_for_timeout(500)  # the notebook draws itself anew
    save(page, path)
    page.set_viewport_size({"width": 1500, "height": 1400})


def photograph_tiles(folder: Path) -> None:
    """The page of hospitals filling up, half-way through its time."""
    from playwright.sync_api import sync_playwright

    filled = filling(load_scenario("small-world"))
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for language in SWITCHES:
            page = browser.new_page(viewport={"width": 1100, "height": 900})
            page.goto(save_picture(filled, Path(made) / f"tiles-{language}.html", language).as_uri())
            slider = page.locator("#month")
            slider.fill(str(int(slider.get_attribute("max")) // 2))
            save(page, folder / f"tiles-{language}.png", full_page=True)
            page.close()
        browser.close()


def photograph_reports(folder: Path) -> None:
    """Every report and handout in outputs/, cut into sheets."""
    from playwright.sync_api import sync_playwright

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
    photograph_tiles(folder)
    photograph_notebooks(folder)


if __name__ == "__main__":
    main()
