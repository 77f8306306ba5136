"""The licence of every package of the lock, as the package itself states it: python tools/licences.py

Writes docs/licences.md. What the lock holds for other systems or versions of Python is not installed here; the page keeps
what a run there has found.
"""

from __future__ import annotations

import re
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/licences.md"
HEAD = """# Licences

simlib itself is under the MIT licence (`LICENSE`). These are the packages of `requirements.lock`, the tools of its developers
among them, with the licence that each states of itself. `python tools/licences.py` made this list; it keeps what was found
on other systems. None of them is handed on with simlib: `make setup` fetches them.

| package | licence |
| --- | --- |
"""
ELSEWHERE = "not installed where this list was made"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.M)
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.M)
LONGEST = 80  # characters of a licence field that is a name and not the whole text


def locked() -> list[str]:
    """Names of the packages of the lock."""
    return sorted(set(_PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))))


def licence(name: str) -> str | None:
    """What an installed package states; "unknown" where it states nothing, None where it is not installed."""
    try:
        text = stated(metadata(name))
    except PackageNotFoundError:
        return None
    return text if text != "unknown" else titled(name)


def titled(name: str) -> str:
    """The title of the licence text that a package brings along; "unknown" where its first line is no title."""
    for file in distribution(name).files or ():
        if file.name.upper().startswith("LICEN") and file.locate().is_file():
            first = file.locate().read_text(encoding="utf-8").strip().partition("\n")[0].strip()
            return first if "licen" in first.lower() and len(first) <= LONGEST else "unknown"
    return "unknown"


def stated(said: Message) -> str:
    """The licence in a package's metadata: its expression, its classifiers, or a field that is no whole text."""
    if expression := said.get("License-Expression"):
        return expression
    kinds = [c.rsplit(" :: ", 1)[-1] for c in said.get_all("Classifier", []) if c.startswith("License :: ")]
    if kinds := [k for k in kinds if k != "OSI Approved"]:
        return ", ".join(kinds)
    lines = (said.get("License") or "").strip().splitlines()
    return lines[0].strip() if lines and len(lines[0]) <= LONGEST else "unknown"


def rows() -> dict[str, str]:
    """The list as it is stored: licence by package."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return dict(_ROW.findall(text)[2:])


def page() -> str:
    """The whole page."""
    before = rows()
    found = {name: licence(name) or before.get(name, ELSEWHERE) for name in locked()}
    return HEAD + "".join(f"| {name} | {text} |\n" for name, text in found.items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"written: {PAGE.relative_to(ROOT)}\n")
