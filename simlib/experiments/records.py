"""What a batch remembers: hashes of what went in, a record of what is done, and the manifest."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from simlib.core.files import home, write_whole
from simlib.core.version import __version__

MANIFEST = "manifest.json"  # of a batch, in its folder
PACKAGE = Path(__file__).resolve().parents[1]
FACES = (
    "cli",
    "__main__",
    "batch/",
    "experiments/records",
    "experiments/check",
)  # beginnings of files that decide no result

MODEL = (
    "core/", "policy/", "world/", "scenario/", "model/", "outcomes/",
    "experiments/run", "experiments/replications", "experiments/tables", "experiments/worlds",
)  # beginnings of files that decide a simulated number, words and pages apart; rooms import from rooms below them alone  # fmt: skip


def sha(data: bytes) -> str:
    """Hash, 16 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:16]


def file_sha(path: Path) -> str:
    """Hash of a file; "" where there is none, or none can be of that name."""
    try:
        return sha(path.read_bytes()) if path.is_file() else ""
    except OSError:
        return ""


def key_of(**parts: Any) -> str:
    """Hash of named parts; what a record is valid for."""
    return sha(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode())


@cache
def code_sha() -> str:
    """Hash of the package's sources, words and tables included, that can change a result or a page."""
    return _sources_sha(lambda name: not name.startswith(FACES))


@cache
def model_sha() -> str:
    """Hash of those sources that can change a simulated number, for runs that nothing is written about."""
    return _sources_sha(lambda name: name.startswith(MODEL))


def sources(beginnings: tuple[str, ...]) -> dict[str, str]:
    """Hash of every file of the package's sources whose path there begins with one of these, by path in the project."""
    return {f"{PACKAGE.name}/{name}": file_sha(path) for name, path in _sources(lambda n: n.startswith(beginnings))}


def _sources_sha(counts: Callable[[str], bool]) -> str:
    digest = hashlib.sha256()
    for name, path in _sources(counts):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(counts: Callable[[str], bool]) -> list[tuple[str, Path]]:
    """(path in the package, path) of the files that are counted among its sources, in order."""
    paths = sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".yaml", ".csv"))
    named = [(p.relative_to(PACKAGE).as_posix(), p) for p in paths]
    return [(name, path) for name, path in named if counts(name)]


def lock_sha() -> str:
    """Hash of the packages' lock."""
    return file_sha(home() / "requirements.lock")


def inputs_sha() -> dict[str, str]:
    """Hash of every file of `scenarios/`, by path."""
    root = home()
    files = (p for p in sorted((root / "scenarios").rglob("*")) if p.is_file())
    return {p.relative_to(root).as_posix(): file_sha(p) for p in files}


def code_version() -> dict[str, Any]:
    """The commit, whether files differ from it, and the hash of the sources."""
    commit = _git("rev-parse", "HEAD")
    changed = bool(_git("status", "--porcelain", "--", "simlib", "scenarios", "notebooks")) if commit else None
    return {"simlib": __version__, "commit": commit or None, "changed_since_commit": changed, "sources": code_sha()}


def _git(*words: str) -> str:
    if not (home() / ".git").exists():
        return ""
    try:
        done = subprocess.run(["git", "-C", str(home()), *words], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def packages() -> dict[str, str]:
    """Versions of Python and of the packages that the project names."""
    project = home() / "pyproject.toml"
    names = []
    if project.is_file():
        wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
        names = [re.split(r"[<>=!~;\[ ]", w, maxsplit=1)[0] for w in wanted]
    return {"python": platform.python_version(), "system": sys.platform} | installed(names)


def installed(names: Iterable[str]) -> dict[str, str]:
    """Versions of packages."""
    out = {}
    for name in names:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            out[name] = "not installed"
    return out


def machine() -> dict[str, Any]:
    """What kind of machine this is: system and processor, cores, memory (GB, rounded). Nothing that tells which one."""
    system = f"{platform.system()} {platform.machine()}"
    return {"system": system, "cores": os.cpu_count(), "memory": round(psutil.virtual_memory().total / 2**30)}


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a JSON file, moved into place when whole."""
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file; empty where it is missing or broken."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def is_done(record: Path, key: str) -> bool:
    """Whether a record is for this key, ended well, and its files are still what they were."""
    data = read_json(record)
    files = data.get("files")
    if data.get("key") != key or data.get("failed") or not files or not isinstance(files, dict):
        return False
    return all(file_sha(record.parent / name) == was for name, was in files.items())
