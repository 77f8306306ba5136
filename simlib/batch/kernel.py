"""Run a notebook template of a batch in a kernel of its own, and make its page.

A job's folder holds job.json and template.ipynb and gets notebook.ipynb, page.html and whatever the notebook leaves. A
notebook that papermill calls done proves nothing (a killed kernel looks the same): the batch looks at what was left.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from papermill.exceptions import PapermillExecutionError
from papermill.translators import PythonTranslator, papermill_translators

from simlib.batch.jobs import ERROR, JOB, KERNEL, SHORT, STATUS
from simlib.core.files import InputError, home, one_of, write_whole

TEMPLATE, NOTEBOOK, PAGE = "template.ipynb", "notebook.ipynb", "page.html"


class Forked:
    """A kernel that somebody else has forked, with as much of `subprocess.Popen` as its provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, number: int) -> None:
        self.pid = number
        self._process = psutil.Process(number)

    def poll(self) -> int | None:
        """None while it runs, 0 after; its status is for the process that forked it."""
        try:
            alive = self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:  # it ended between the two questions
            alive = False
        return None if alive else 0

    def wait(self) -> int:
        """Its provisioner calls this when `poll` has told the end."""
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Waiting(LocalProvisioner):
    """Hands a notebook the kernel that waits for it instead of starting one."""

    async def launch_kernel(self, cmd: list[str], **more: Any) -> dict[str, Any]:
        """The connection file has been written: the kernel starts by itself when it sees it."""
        self.process = Forked(int(os.environ[KERNEL]))
        self.pid = self.process.pid
        return self.connection_info


class OwnKernel(AsyncKernelManager):
    """A kernel of this very Python, whatever kernels are installed, on sockets of its own instead of raced-for ports."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if os.name != "nt":
            self.transport = "ipc"
            self.connection_file = os.path.join(os.environ[SHORT], "kernel.json")
        if KERNEL in os.environ:
            self.provisioner = Waiting(kernel_spec=self.kernel_spec, parent=self)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The specification that ipykernel would install for this Python."""
        return KernelSpec(resource_dir="", **get_kernel_dict())


class Translator(PythonTranslator):
    """Writes Chinese parameter values as they are, not as escapes."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """A string as Python writes it."""
        return repr(val)


def check_parameters(template: Path, parameters: dict[str, Any]) -> None:
    """Make sure that a template declares just these parameters; papermill only logs what does not fit."""
    notebook = nbformat.read(template, as_version=4)
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise InputError(f"{template.name}: {len(tagged)} cells are tagged parameters; exactly one must be")
    declared = set(papermill.inspect_notebook(str(template)))
    for name in parameters:
        if name not in declared:
            raise InputError(f"{template.name}: {one_of(name, declared, 'parameter')}")
    for name in declared - set(parameters):
        raise InputError(f"{template.name}: parameter {name} is not given")


def run_here(parameters: dict[str, Any], title: str) -> None:
    """Execute template.ipynb in this folder and write its page; raises what went wrong."""
    from simlib.report.page import write_page

    check_parameters(Path(TEMPLATE), parameters)
    papermill_translators.register("python", Translator)
    try:
        papermill.execute_notebook(
            TEMPLATE, NOTEBOOK, parameters, kernel_name="python3", language="python", progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, kernel_manager_class=OwnKernel, shutdown_kernel="immediate",
            resources={"metadata": {"path": os.getcwd()}},
        )  # fmt: skip
    finally:
        if Path(NOTEBOOK).is_file():
            strip(Path(NOTEBOOK))
    write_page(Path(NOTEBOOK), title, Path(PAGE), parameters.get("language", "both"))


def strip(path: Path) -> None:
    """Take this machine's folders out of a file."""
    text = path.read_text(encoding="utf-8")
    for folder, name in ((os.getcwd(), "."), (str(home()), "."), (sys.prefix, "python"), (str(Path.home()), "~")):
        if len(folder) > 3:
            text = text.replace(folder, name)
    text = re.sub(r"/tmp/ipykernel_\d+/", "", text)
    path.write_text(text, encoding="utf-8", newline="\n")


def reason(error: BaseException) -> str:
    """One line that says what went wrong."""
    if isinstance(error, PapermillExecutionError):
        return " ".join(f"{error.ename}: {error.evalue}".split())[:500]
    if isinstance(error, InputError):
        return str(error)
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def run_job(folder: Path) -> None:
    """Do the job of one folder; `status` says "well" or "failed", and error.txt why."""
    os.chdir(folder)
    try:
        job = json.loads(Path(JOB).read_text(encoding="utf-8"))
        run_here(job["parameters"], job["title"])
        status = "well"
    except Exception as e:
        Path(ERROR).write_text(reason(e), encoding="utf-8")
        status = "failed"
    write_whole(Path(STATUS), status)
