"""Make the project's virtual environment from the lock: ``python tools/setup_venv.py VENV LOCK``.

Works where `ensurepip` is missing (Debian without python3-venv): the environment is then made without pip, and this
Python's pip installs into it. Nothing outside VENV is written.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
import venv
from pathlib import Path

# A shell starts Python, since the first line of a script cannot name a program whose path holds a blank. To Python the
# second and third line are a text.
SCRIPT = """#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
from simlib.cli import main
raise SystemExit(main())
"""
ROOT = Path(__file__).resolve().parent.parent


def main(folder: str, lock: str) -> int:
    """Create or complete the environment; pip's exit status."""
    if sys.version_info < (3, 11):
        print(f"simlib needs Python 3.11 or newer; this is {sys.version.split()[0]} (make PYTHON=...)", file=sys.stderr)
        return 1
    target = Path(folder).absolute()
    python = target / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    with_pip = importlib.util.find_spec("ensurepip") is not None
    if not python.exists():
        print(f"making {target.name} ...", flush=True)
        venv.create(target, with_pip=with_pip, symlinks=sys.platform != "win32")
    has_pip = subprocess.run([str(python), "-c", "import pip"], capture_output=True).returncode == 0
    pip = [str(python), "-m", "pip"] if has_pip else [sys.executable, "-m", "pip", "--python", str(python)]
    print("installing from the lock (about a minute) ...", flush=True)
    done = subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock])
    if done.returncode == 0:
        _link(python)
    return done.returncode


def _link(python: Path) -> None:
    """Let the environment find this checkout from any folder."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(
        subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    )
    # Python reads this file in the locale's encoding, and starts nowhere if it cannot: no folder is named if that can be helped
    inside = packages.resolve()
    way = os.path.relpath(ROOT, inside) if inside.is_relative_to(ROOT) else str(ROOT)
    (packages / "simlib-checkout.pth").write_text(way + "\n", encoding="utf-8")
    script = python.parent / "simlib"
    if sys.platform != "win32":
        script.write_text(SCRIPT.format(python=shlex.quote(str(python))), encoding="utf-8")
        script.chmod(0o755)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
