"""How long from a move to the first picture, in a real browser on the small world: python -m tests.browser.measure [MOVES].

A move is one press of an arrow key on a slider; the time runs in the browser, until the picture is
no longer dimmed: until there is one of what was asked (a new `src` alone proves nothing, dimming makes one too).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.lab import ROOT, lab, open_notebook, page_of, run_all

WATCH = """() => {
  window.seen = []; window.pressed = 0; let dim = false;
  const image = document.querySelector('.simlib-picture');
  new MutationObserver(() => {
    const now = image.classList.contains('simlib-stale');
    if (dim && !now) window.seen.push(performance.now() - window.pressed);
    dim = now;
  }).observe(image, {attributes: true, attributeFilter: ['class']});
  document.addEventListener('keydown', () => { window.pressed = performance.now(); window.seen = []; }, true);
}"""
DONE = "(t) => document.querySelector('.simlib-status .widget-html-content')?.textContent.includes(t)"


def move(page: Any) -> float:
    """Milliseconds from one press of an arrow key to another picture; waits then until all is drawn."""
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => window.seen.length > 0")
    took = page.evaluate("() => window.seen[0]")
    page.wait_for_function(DONE, arg="Done: 16")
    page.wait_for_timeout(300)
    return took


def measured(moves: int) -> list[float]:
    """The times of some moves, after one that is not counted."""
    with (
        tempfile.TemporaryDirectory() as folder,
        lab(Path(folder), ROOT / "notebooks") as server,
        page_of(server) as page,
    ):
        open_notebook(page, server, "explore.ipynb")
        run_all(page)
        page.wait_for_function(DONE, arg="Done: 16", timeout=300_000)  # the first time it compiles
        page.evaluate(WATCH)
        page.focus(".simlib-committee-duty-listing--SC-02a .noUi-handle")
        return [move(page) for _ in range(moves + 1)][1:]


def said(times: list[float]) -> str:
    """One line that can be quoted: median, range, number of moves, and how busy the machine was meanwhile."""
    busy = f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    return (
        f"first picture after a move, small world: median {statistics.median(times):.0f} ms of {len(times)} moves "
        f"({min(times):.0f} to {max(times):.0f} ms{busy})"
    )


def main() -> None:
    """Measure and print."""
    print(said(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 20)))


if __name__ == "__main__":
    main()
