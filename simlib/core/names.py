"""Names that become names of files: the same on every system, and never a way out of a folder."""

from __future__ import annotations

import re
import unicodedata

MOST = 120  # characters; with an ending and in UTF-8 it fits every file system that people use
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}
)  # on Windows, with any ending
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|{}\ud800-\udfff]')


def same_file(name: str) -> str:
    """A name as file systems may see it: those of Windows and macOS tell neither capitals nor ways of writing é apart."""
    return unicodedata.normalize("NFC", name).casefold()


def fault_in_name(name: str) -> str:
    """Why a name cannot be that of a file; "" if it can."""
    if not name.strip():
        return "is empty"
    if len(name) > MOST:
        return f"has {len(name)} characters; at most {MOST} are allowed"
    if bad := _FORBIDDEN.search(name):
        return f"holds {bad[0]!r}, which names of files may not hold"
    if name[0] in ".-~ " or name[-1] in ". ":
        return "begins with a dot, a dash, ~ or a blank, or ends with a dot or a blank"
    if name.split(".")[0].casefold() in RESERVED:
        return "is reserved on Windows"
    return ""
