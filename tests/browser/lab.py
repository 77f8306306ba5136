"""JupyterLab in a real browser: started on 127.0.0.1 with a token, with folders of its own, and driven by Playwright.

with lab(folder, notebooks, environment) as server, page_of(server) as page:
    open_notebook(page, server, "explore.ipynb")
    run_all(page)
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # cells out of sight stay on the page
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SLOW = 90_000  # milliseconds; a busy machine is slow, and a test waits for what it wants, not for a time


@dataclass
class Server:
    """A running JupyterLab."""

    port: int
    token: str
    process: subprocess.Popen

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


def chromium() -> str | None:
    """The browser to drive: the file that SIMLIB_CHROMIUM names, or Chromium as the system has it."""
    given = os.environ.get("SIMLIB_CHROMIUM")
    return given or next((found for n in NAMES if (found := shutil.which(n))), None)


def _environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    """Jupyter's folders in a temporary place, so that nobody's settings matter and none are left."""
    own = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    }  # fmt: skip
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, **own, "PYTHONPATH": paths, "MPLBACKEND": "Agg", **more}


def _settings(folder: Path) -> Path:
    """An application folder that is the installed one but for the settings that switch off news."""
    app = folder / "app"
    installed = Path(sys.prefix) / "share/jupyter/lab"
    (app / "settings").mkdir(parents=True)
    for part in installed.iterdir():
        if part.name != "settings":
            (app / part.name).symlink_to(part)
    (app / "settings/overrides.json").write_text(json.dumps(QUIET), encoding="utf-8")
    return app


@contextlib.contextmanager
def lab(folder: Path, notebooks: Path, more: dict[str, str] | None = None) -> Iterator[Server]:
    """JupyterLab on a free port of 127.0.0.1 with a token; `folder` holds all that it writes; `more`: of its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", "--allow-root", "--expose-app-in-browser",
        f"--LabApp.app_dir={_settings(folder)}", f"--ServerApp.root_dir={notebooks}",
    ]  # fmt: skip
    log = (folder / "lab.log").open("wb")
    process = subprocess.Popen(command, env=_environment(folder, more or {}), stdout=log, stderr=log, cwd=notebooks)
    server = Server(port, token, process)
    try:
        _wait(server, folder / "lab.log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _wait(server: Server, log: Path) -> None:
    """Until it answers; RuntimeError with its own words if it does not."""
    end = time.monotonic() + SLOW / 1000
    while time.monotonic() < end and server.process.poll() is None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{server.address}/api?token={server.token}", timeout=5),
        ):
            return
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start: " + log.read_text(errors="replace")[-2000:])


@contextlib.contextmanager
def page_of(server: Server, width: int = 1500, height: int = 1400) -> Iterator[Any]:
    """A page of a fresh browser; nothing but this server is reached."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(SLOW)
        page.route(
            "**/*",
            lambda r: (
                r.continue_()
                if f"127.0.0.1:{server.port}" in r.request.url or r.request.url.startswith(("data:", "blob:"))
                else r.abort()
            ),
        )
        try:
            yield page
        finally:
            browser.close()


def open_notebook(page: Any, server: Server, name: str) -> None:
    """Open a notebook alone on the page, and wait until its kernel is idle."""
    page.goto(f"{server.address}/lab/tree/{name}?token={server.token}&reset")
    page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell.currentWidget?.context?.isReady")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    wait_idle(page)


def wait_idle(page: Any) -> None:
    """Until the kernel of the notebook in front is idle."""
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"
    )


def run_all(page: Any) -> None:
    """Run all cells of the notebook in front."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_idle(page)


def kernel_idle_within(page: Any, milliseconds: int) -> bool:
    """Whether the kernel answers a tiny request within a time: that it is not busy with something else."""
    return page.evaluate(
        """async (limit) => {
            const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
            const late = new Promise(done => setTimeout(() => done(false), limit));
            return Promise.race([kernel.requestKernelInfo().then(() => true), late]);
        }""",
        milliseconds,
    )


def shot(page: Any, path: Path) -> None:
    """A picture of the page."""
    page.screenshot(path=str(path))
