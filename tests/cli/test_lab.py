"""simlib lab: JupyterLab for this machine alone, with a token that it makes itself; Ctrl-C asks and does not kill."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import subprocess
import termios
import time
import urllib.request

import psutil
import pytest

from simlib.cli import main
from simlib.cli.application import parse
from simlib.cli.lab import server_options
from simlib.core.files import home
from tests.browser.lab import Server, command, environment, free_port, printed_address

CTRL_C = b"\x03"


def words(*more: str) -> list[str]:
    return server_options(**parse(["lab", *more]).params)


def test_the_server_is_for_this_machine_alone_and_no_token_stands_among_its_options():
    assert "--ServerApp.ip=127.0.0.1" in words() and "--no-browser" in words("--no-browser")
    assert not [w for w in words() if "token" in w.casefold()]


def test_it_opens_explore_of_the_project_or_a_folder_of_ones_own(tmp_path):
    assert words()[-2:] == [
        f"--ServerApp.root_dir={home() / 'notebooks'}",
        "--LabApp.default_url=/lab/tree/explore.ipynb",
    ]
    assert words(str(tmp_path))[-2:] == [f"--ServerApp.root_dir={tmp_path}", "--LabApp.default_url=/lab"]


def test_a_port_or_a_folder_that_is_none_is_refused_in_one_line(tmp_path, capsys):
    assert main(["lab", "--port", "80"]) == 2
    assert capsys.readouterr().err == "simlib: --port 80: expected a number from 1024 to 65535\n"
    assert main(["lab", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "no such folder; copy the lessons to one with: simlib workshop DIR" in said


@pytest.fixture
def started(tmp_path):
    """`simlib lab` at a terminal: (server, its end of the terminal's line, what it has said)."""
    line, terminal = pty.openpty()
    log = tmp_path / "said"
    settings = {**environment(tmp_path, {}), "JUPYTER_TOKEN": "of-another-server"}
    (tmp_path / "own").mkdir()
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(port, tmp_path / "own"), stdin=terminal, stdout=out, stderr=out, env=settings,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
        )  # fmt: skip
    yield Server(port, process), line, log
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in (*psutil.Process(process.pid).children(recursive=True), process):
            child.kill()
    os.close(line)
    os.close(terminal)


def until(said, log) -> None:
    end = time.monotonic() + 60
    while said not in log.read_text(errors="replace"):
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.1)


def command_lines(pid: int) -> list[list[str]]:
    """Those of a process that runs and of its children, except for children that end while we look."""
    this = psutil.Process(pid)
    found = [this.cmdline()]
    for child in this.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie is one, too
            found.append(child.cmdline())
    return found


def test_the_printed_address_opens_and_ctrl_c_asks_before_it_ends_the_server(started):
    server, line, log = started
    address = printed_address(server, log)
    assert server.token != "of-another-server"
    assert not [words for words in command_lines(server.process.pid) if server.token in " ".join(words)]
    os.write(line, CTRL_C)
    until("Shut down this Jupyter server", log)
    time.sleep(1)  # longer than it once took to be killed
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.status == 200
    os.write(line, CTRL_C)
    assert server.process.wait(60) == 0
    assert "Shutting down" in log.read_text(errors="replace")
