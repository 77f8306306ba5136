"""Texts of a file that would pass for something else: characters nobody sees, quotation marks of Word, swallowed ends."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # as a class of a pattern
_UNSEEN = re.compile(f"[{UNSEEN}]")
_CURLY = re.compile("[“”„‟‘’]([ -~]*)[“”„‟‘’]")
_SWALLOWED = re.compile(r"[ \t]+#[0-9]")


def misread(text: str, bare: bool, rest: str) -> str:
    """Why a text is not what its writer sees, and the remedy; "" if it is. rest: what follows it in its line.

    bare: it stands without quotation marks; whoever means curly ones as part of a text puts it in straight ones.
    """
    if found := _UNSEEN.search(text):
        called = unicodedata.name(found[0], "a control character").lower()
        visible = _UNSEEN.sub("", text)
        return f"an invisible character ({called}, U+{ord(found[0]):04X}) in {visible[:60]!r}; delete it, or write the text anew"
    if bare and (quoted := _CURLY.fullmatch(text)):
        return f'quotation marks as Word writes them, which YAML takes for letters; write "{quoted[1][:60]}"'
    if bare and _SWALLOWED.match(rest) and not re.fullmatch(r"[-+.0-9]*|true|false|null|~", text):
        swallowed = rest.strip()[:40]
        return f"a comment swallows {swallowed!r}; put the text in quotation marks, or write a blank after the #"
    return ""
