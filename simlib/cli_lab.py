"""The command that opens the workbench: simlib lab."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from simlib.core.files import InputError, home

FIRST = "explore.ipynb"  # opened where the folder holds it


def lab_command_line(commands: Any) -> None:
    """lab."""
    one = commands.add_parser("lab", help="JupyterLab on the notebooks, on this machine alone and with a token")
    one.add_argument("folder", nargs="?", metavar="DIR", help="the notebooks to open (those of the project)")
    one.add_argument("--port", type=int, default=8888, metavar="N", help="8888, or the next one that is free")
    one.add_argument("--no-browser", action="store_true", help="print the address; open nothing")


def lab_words(a: argparse.Namespace) -> list[str]:
    """JupyterLab's options: a server on 127.0.0.1 that no other machine reaches. The token is for Jupyter to make.

    It shows a token that it made itself, and hides one that it was given; an option would also stand in the list of
    processes for all to read. InputError for a port or a folder that there is not.
    """
    if not 1024 <= a.port <= 65535:
        raise InputError(f"--port {a.port}: expected a number from 1024 to 65535")
    folder = Path(a.folder).resolve() if a.folder else home() / "notebooks"
    if not folder.is_dir():
        raise InputError(f"{a.folder or folder}: no such folder; copy the lessons to one with: simlib workshop DIR")
    page = f"/lab/tree/{FIRST}" if (folder / FIRST).is_file() else "/lab"
    words = [
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={a.port}", f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url={page}",
    ]  # fmt: skip
    return [*words, "--no-browser"] if a.no_browser else words


def lab_command(a: argparse.Namespace) -> int:
    """`simlib lab`: JupyterLab in this very process, so that a signal (Ctrl-C, a window closed) reaches it and nothing else."""
    words = lab_words(a)
    for given in ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE"):
        os.environ.pop(given, None)  # a new token each time, whatever was set for another server
    try:
        from jupyterlab.labapp import LabApp

        LabApp.launch_instance(argv=words)
    except ImportError:
        raise InputError("simlib lab: JupyterLab is not installed; install it with: pip install jupyterlab") from None
    except KeyboardInterrupt:
        return 130  # before the server listened; later it asks whether to stop
    return 0
