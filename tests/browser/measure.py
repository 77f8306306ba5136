"""How long from a move to the first picture, in a real browser on the small world: python -m tests.browser.measure [MOVES].

A move is one press of an arrow key on a slider; the time runs in the browser, until the picture there is another one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.lab import ROOT, lab, open_notebook, page_of, run_all

WATCH = """() => {
  window.seen = []; window.pressed = 0;
  const image = document.querySelector('.simlib-picture');
  new MutationObserver(() => window.seen.push(performance.now() - window.pressed)).observe(image, {attributes: true, attributeFilter: ['src']});
  document.addEventListener('keydown', () => { window.pressed = performance.now(); window.seen = []; }, true);
}"""
DONE = "(t) => document.querySelector('.simlib-status .widget-html-content')?.textContent.includes(t)"


def main() -> None:
    """Print the times of some moves."""
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    with (
        tempfile.TemporaryDirectory() as folder,
        lab(Path(folder), ROOT / "notebooks") as server,
        page_of(server) as page,
    ):
        open_notebook(page, server, "explore.ipynb")
        run_all(page)
        page.wait_for_function(DONE, arg="Done: 16")
        page.evaluate(WATCH)
        page.focus(".simlib-committee-duty-listing--SC-02a .noUi-handle")
        times = []
        for _ in range(moves):
            page.keyboard.press("ArrowRight")
            page.wait_for_function("() => window.seen.length > 0")
            times.append(page.evaluate("() => window.seen[0]"))
            page.wait_for_function(DONE, arg="Done: 16")
            page.wait_for_timeout(300)
    times.sort()
    print(
        f"{moves} moves, milliseconds to the first picture: least {times[0]:.0f}, median {times[moves // 2]:.0f}, most {times[-1]:.0f}"
    )


if __name__ == "__main__":
    main()
