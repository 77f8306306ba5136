"""The command that opens the workbench: simlib lab."""

from __future__ import annotations

import os
from pathlib import Path

import click

from simlib.core.files import InputError, home

FIRST = "explore.ipynb"  # opened where the folder holds it


@click.command()
@click.argument(
    "folder", required=False, metavar="[DIR]", type=click.Path(), help="the notebooks to open (those of the project)"
)
@click.option("--port", type=int, default=8888, metavar="N", help="8888, or the next one that is free")
@click.option("--no-browser", is_flag=True, help="print the address; open nothing")
def lab(folder: str | None, port: int, no_browser: bool) -> int:
    """`simlib lab`: JupyterLab in this very process, so that a signal (Ctrl-C, a window closed) reaches it alone."""
    words = server_options(folder, port, no_browser)
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


def server_options(folder: str | None, port: int, no_browser: bool) -> list[str]:
    """JupyterLab's options: a server on 127.0.0.1 that no other machine reaches. The token is for Jupyter to make.

    It shows a token that it made itself, and hides one that it was given; an option would also stand in the list of
    processes for all to read. InputError for a port or a folder that there is not.
    """
    if not 1024 <= port <= 65535:
        raise InputError(f"--port {port}: expected a number from 1024 to 65535")
    root = Path(folder).resolve() if folder else home() / "notebooks"
    if not root.is_dir():
        raise InputError(f"{folder or root}: no such folder; copy the lessons to one with: simlib workshop DIR")
    page = f"/lab/tree/{FIRST}" if (root / FIRST).is_file() else "/lab"
    words = [
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={page}",
    ]  # fmt: skip
    return [*words, "--no-browser"] if no_browser else words
