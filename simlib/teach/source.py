"""The source of a lesson: one text file that holds both languages side by side, so that they cannot drift apart.

A line `:::text ID`, `:::code ID` or `:::exercise ID` begins a block; a line `~~~` parts it. A text has two parts
(English, Chinese); code has one, the same in both languages; an exercise has four: English, Chinese, the student's cell
and the cell of the solutions. In code, a comment `# English || Chinese` keeps the half of its language and LANGUAGE stands
for "en" or "zh"; in a string, `{{English||Chinese}}` does the same. In prose, {compiling_takes} stands for how long it
takes to compile the model (`simlib/words/engine`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from simlib.core.files import InputError
from simlib.core.phrases import texts

FOLDER = Path(__file__).parent / "lessons"
PARTS = {"text": 2, "code": 1, "exercise": 4}
_COMMENT = re.compile(r"# (?P<en>.*?) \|\| (?P<zh>.*)$", re.M)
_JOINT = re.compile("(?<=[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee])\n(?=[\u4e00-\u9fff\uff08\u201c])")
_STRING = re.compile(r"\{\{(?P<en>.*?)\|\|(?P<zh>.*?)\}\}")


@dataclass(frozen=True)
class Block:
    """One block of a lesson: its kind, its id, and its parts."""

    kind: str
    id: str
    parts: tuple[str, ...]

    def text(self, language: str) -> str:
        """The prose of a text or an exercise; Chinese lines are joined, since a line's end would be shown as a blank."""
        said = _JOINT.sub("", self.parts[1]) if language == "zh" else self.parts[0]
        return said.replace("{compiling_takes}", texts("engine", language)["compiling_takes"])

    def code(self, language: str, solved: bool = False) -> str:
        """The code, in one language; of an exercise the student's cell, or that of the solutions."""
        raw = self.parts[-1] if solved or self.kind == "code" else self.parts[2]
        said = _STRING.sub(lambda m: m[language], _COMMENT.sub(lambda m: f"# {m[language]}", raw))
        return said.replace("LANGUAGE", f'"{language}"')


def read_lesson(number: int) -> list[Block]:
    """The blocks of a lesson; InputError names file and line of one that is not whole."""
    return parse(
        (FOLDER / f"lesson_{number}.md").read_text(encoding="utf-8"), f"simlib/teach/lessons/lesson_{number}.md"
    )


def parse(text: str, file: str) -> list[Block]:
    """The blocks of a source text."""
    blocks: list[Block] = []
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith(":::")]
    for a, b in zip(starts, [*starts[1:], len(lines)], strict=True):
        kind, _, name = lines[a].removeprefix(":::").partition(" ")
        parts = tuple(p.strip("\n") for p in re.split(r"^~~~$", "\n".join(lines[a + 1 : b]), flags=re.M))
        if kind not in PARTS or not name:
            raise InputError(f"{file}:{a + 1}: expected :::text, :::code or :::exercise and an id")
        if len(parts) != PARTS[kind] or not all(p.strip() for p in parts):
            raise InputError(
                f"{file}:{a + 1}: {name}: a block {kind} has {PARTS[kind]} parts; there are {len(parts)}, or one is empty"
            )
        if name in {x.id for x in blocks}:
            raise InputError(f"{file}:{a + 1}: {name}: the id is used twice; give each block its own")
        blocks.append(Block(kind, name, parts))
    return blocks
