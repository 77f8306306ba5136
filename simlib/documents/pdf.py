"""PDF through an installed Chromium (or Chrome, or Edge): the handout's page, printed on A4, its text as text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from simlib.core.files import InputError, write_whole

VARIABLE = "SIMLIB_CHROMIUM"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
PLACES = (  # where installers of macOS and Windows put it, which is on no path
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
)  # fmt: skip
DEADLINE = 180.0  # seconds; a long handout on a busy machine takes about ten


def chromium() -> str:
    """The browser that prints; InputError that says what to install where there is none."""
    given = os.environ.get(VARIABLE)
    if given:
        if not Path(given).is_file():
            raise InputError(f"{VARIABLE}: {given}: no such file")
        return given
    found = next(filter(None, map(shutil.which, NAMES)), None) or next((p for p in PLACES if Path(p).is_file()), None)
    if found is None:
        raise InputError(
            f"no Chromium to make a PDF with: install it (Debian: apt install chromium), or Chrome or Edge, or set {VARIABLE}"
            " to its program; --to html, docx, xlsx and pptx need none"
        )
    return found


def print_pdf(page: str, target: Path, deadline: float = DEADLINE) -> None:
    """Print a self-contained page to a PDF file, moved into place when whole. InputError where the browser fails."""
    browser = chromium()
    with tempfile.TemporaryDirectory(prefix="simlib-pdf-") as folder:
        source, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8", newline="\n")
        _print(browser, source, made, Path(folder, "profile"), deadline)
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF-"):
            raise InputError(f"{target.name}: {Path(browser).name} ended without a PDF")
        write_whole(target, made.read_bytes())


def _print(browser: str, source: Path, made: Path, profile: Path, deadline: float) -> None:
    words = [
        browser, *QUIET, *_as_root(), f"--user-data-dir={profile}", "--no-pdf-header-footer",
        "--generate-pdf-document-outline", f"--print-to-pdf={made}", source.as_uri(),
    ]  # fmt: skip
    try:
        done = subprocess.run(words, capture_output=True, timeout=deadline, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise InputError(f"{made.name}: {Path(browser).name} did not print within {deadline:.0f} seconds") from None
    except OSError as e:
        raise InputError(f"{browser}: cannot be started: {e.strerror or e}") from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
        raise InputError(f"{made.name}: {Path(browser).name} ended with status {done.returncode}: {last[0][:200]}")


def _as_root() -> list[str]:
    """Chromium refuses to run as root with its sandbox, as in most containers."""
    return ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
