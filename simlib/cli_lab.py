"""The command that opens the workbench: simlib lab."""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
from typing import Any

from simlib.files import InputError, home


def lab_command_line(commands: Any) -> None:
    """lab."""
    one = commands.add_parser("lab", help="JupyterLab on the notebooks, on this machine alone and with a token")
    one.add_argument("--port", type=int, default=8888, metavar="N", help="8888, or the next one that is free")
    one.add_argument("--no-browser", action="store_true", help="print the address; open nothing")


def lab_words(a: argparse.Namespace) -> list[str]:
    """What is run: a server on 127.0.0.1 that no other machine reaches, with a new token each time."""
    if not 1024 <= a.port <= 65535:
        raise InputError(f"--port {a.port}: expected a number from 1024 to 65535")
    words = [
        sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={a.port}",
        f"--IdentityProvider.token={secrets.token_hex(24)}", f"--ServerApp.root_dir={home() / 'notebooks'}",
        "--LabApp.default_url=/lab/tree/explore.ipynb",
    ]  # fmt: skip
    return [*words, "--no-browser"] if a.no_browser else words


def lab_command(a: argparse.Namespace) -> int:
    """`simlib lab`."""
    try:
        return subprocess.run(lab_words(a), check=False).returncode
    except KeyboardInterrupt:
        return 0  # it has heard it too, and has ended
