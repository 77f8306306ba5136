"""What `simlib lab` opens, in a real browser: started as a user starts it, with folders of its own, and driven by Playwright.

with lab(folder, notebooks, environment) as server, page_of(server) as page:
    open_notebook(page, server, "explore.ipynb")
    run_all(page)
"""

from __future__ import annotations

import contextlib
import json
import os
import re
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
    """A running JupyterLab; `token` is the one it printed."""

    port: int
    process: subprocess.Popen
    token: str = ""

    @property
    def address(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


def chromium() -> str | None:
    """The browser to drive: the file that SIMLIB_CHROMIUM names, or Chromium as the system has it."""
    given = os.environ.get("SIMLIB_CHROMIUM")
    return given or next((found for n in NAMES if (found := shutil.which(n))), None)


def environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    """Jupyter's folders in a temporary place, so that nobody's settings matter and none are left."""
    own = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    }  # fmt: skip
    settings = Path(own["JUPYTER_CONFIG_DIR"])
    settings.mkdir(parents=True, exist_ok=True)
    server = {"ServerApp": {"allow_root": True, "port_retries": 0}}
    (settings / "jupyter_server_config.json").write_text(json.dumps(server), encoding="utf-8")
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, **own, "PYTHONPATH": paths, "MPLBACKEND": "Agg", **more}


def _quiet(folder: Path, settings: Path) -> None:
    """JupyterLab without news, and reachable for a test from inside the page."""
    shown = {"LabApp": {"app_dir": str(_application(folder)), "expose_app_in_browser": True}}
    (settings / "jupyter_lab_config.json").write_text(json.dumps(shown), encoding="utf-8")


def _application(folder: Path) -> Path:
    """An application folder that is the installed one but for the settings that switch off news."""
    app = folder / "app"
    installed = Path(sys.prefix) / "share/jupyter/lab"
    (app / "settings").mkdir(parents=True)
    for part in installed.iterdir():
        if part.name != "settings":
            (app / part.name).symlink_to(part)
    (app / "settings/overrides.json").write_text(json.dumps(QUIET), encoding="utf-8")
    return app


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def command(port: int, notebooks: Path) -> list[str]:
    """How a user starts it, but without a browser."""
    return [sys.executable, "-m", "simlib", "lab", "--no-browser", "--port", str(port), str(notebooks)]


@contextlib.contextmanager
def lab(folder: Path, notebooks: Path, more: dict[str, str] | None = None) -> Iterator[Server]:
    """`simlib lab` on a free port; `folder` holds all that it writes; `more`: of its environment."""
    port, settings = free_port(), environment(folder, more or {})
    _quiet(folder, Path(settings["JUPYTER_CONFIG_DIR"]))
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(command(port, notebooks), env=settings, stdout=log, stderr=log, cwd=notebooks)
        server = Server(port, process)
        try:
            printed_address(server, folder / "lab.log")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def printed_address(server: Server, log: Path) -> str:
    """The address it prints, once it answers; its token is kept. RuntimeError with its own words if there is none."""
    end = time.monotonic() + SLOW / 1000
    while time.monotonic() < end and server.process.poll() is None:
        said = log.read_text(errors="replace")
        if found := re.search(rf"{server.address}/\S*\?token=([0-9a-f]+)", said):
            server.token = found[1]
            with contextlib.suppress(OSError), urllib.request.urlopen(found[0], timeout=20):
                return found[0]
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


def overheard(browser: Any, file: Path) -> Any:
    """A page opened from a file; `asked`: addresses it asked for, `said`: what it wrote to the console or failed with."""
    tab = browser.new_page(viewport={"width": 1000, "height": 900})
    tab.set_default_timeout(SLOW)
    tab.asked, tab.said = [], []
    tab.on("request", lambda r: tab.asked.append(r.url))
    tab.on("console", lambda m: tab.said.append(m.text))
    tab.on("pageerror", lambda e: tab.said.append(str(e)))
    tab.goto(file.as_uri())
    return tab


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
