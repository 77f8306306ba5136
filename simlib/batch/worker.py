"""A worker of a batch: ``python -m simlib.batch.worker`` takes folders from its input, a line each, and runs their notebooks.

Importing the model, its compiled code, the figures and Jupyter takes seconds, and so does a small notebook. On Linux a
worker therefore loads them once, and forks two processes for each notebook: its kernel, and the runner that drives the
kernel and makes the page. The worker itself starts no thread and opens no socket, which is what makes forking safe.
Elsewhere it is the runner itself, and each kernel is started anew.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from simlib.batch.jobs import BATCH, ERROR, JOB, KERNEL, SHORT, STATUS
from simlib.core.files import scenarios, write_whole
from simlib.core.processes import end_with, ending_with, has_parent
from simlib.experiments.records import PACKAGE

FORKS = sys.platform == "linux"
POLL = 0.02
KERNEL_WAITS = 60.0  # seconds, for the runner's connection file


def main() -> int:
    """Do the jobs whose folders come in until there are no more."""
    # jsonschema, which reads notebooks, would take three seconds to learn the grammar of addresses that they do not have
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    signal.signal(signal.SIGTERM, leave_nothing)
    batch = int(os.environ.pop(BATCH))
    if not FORKS:
        end_with(batch)
    for number, line in enumerate(sys.stdin):
        folder = Path(line.rstrip("\n"))
        if FORKS and number == 0:
            with ending_with(batch):
                warm_up(json.loads((folder / JOB).read_text(encoding="utf-8"))["parameters"]["experiment"])
        short = tempfile.mkdtemp(prefix="sl")
        os.environ |= {SHORT: short, "IPYTHONDIR": short, "JUPYTER_RUNTIME_DIR": short, "MPLBACKEND": "Agg"}
        try:
            if FORKS:
                by_two_processes(folder, batch)
            else:
                run(folder)
        finally:
            shutil.rmtree(short, ignore_errors=True)
            os.environ.pop(SHORT)
    return 0


def warm_up(experiment: str) -> None:
    """Load what notebooks and their pages need, down to compiled code, holidays and fonts: a small run and its page."""
    import nbconvert  # noqa: F401
    from ipykernel import ipkernel, kernelapp  # noqa: F401

    from simlib.batch import kernel  # noqa: F401
    from simlib.experiments.run import simulate
    from simlib.report import report  # noqa: F401
    from simlib.report.single import ScenarioReport
    from simlib.scenario.experiment_files import load_experiment
    from simlib.scenario.scenario import load_cell, load_scenario
    from simlib.see.fonts import prepare

    load_cell(load_experiment(experiment).cells[0])
    prepare("".join(file.read_text(encoding="utf-8") for file in texts()))
    result = simulate(load_scenario("chain"), 2, workers=1, progress=False)
    shown = ScenarioReport(result)
    for part in (shown.heading, shown.table, shown.availability, shown.states, shown.reasons, shown.rules):
        part()
    gc.collect()
    gc.freeze()  # what is loaded stays in pages that all forks share


def texts() -> Iterator[Path]:
    """The files whose words reach pages."""
    for root in (PACKAGE, scenarios()):
        yield from (p for p in sorted(root.rglob("*")) if p.suffix in (".py", ".yaml", ".csv") and p.is_file())


def by_two_processes(folder: Path, batch: int) -> None:
    """Run one folder's notebook in a kernel and a runner of its own; the runner leaves the job's status.

    batch: number of the process for which all this is done. When it is gone, nobody waits for the job, and everything ends
    at once.
    """
    if not has_parent(batch):
        sys.exit(1)
    kernel = fork(lambda: be_kernel(folder))
    os.environ[KERNEL] = str(kernel)
    worker = os.getpid()
    runner = fork(lambda: run_as_child(folder, worker))
    try:
        code = _end_of(runner, batch)
    finally:
        os.environ.pop(KERNEL)
        for process in (kernel, runner):
            kill(process)
    if not (folder / STATUS).is_file():
        died = f"was killed (signal {code & 0x7F})" if code & 0x7F else f"ended with status {code >> 8}"
        (folder / ERROR).write_text(f"its process {died}", encoding="utf-8")
        write_whole(folder / STATUS, "failed")


def _end_of(runner: int, batch: int) -> int:
    """The status with which the runner ended; this process ends too when the batch is gone before that."""
    while True:
        ended, code = os.waitpid(runner, os.WNOHANG)
        if ended:
            return code
        if not has_parent(batch):
            sys.exit(1)
        time.sleep(POLL)


def fork(task: Callable[[], None]) -> int:
    """Do a task in a forked process; its number."""
    sys.stdout.flush()
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # the worker's input is the worker's
        task()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run_as_child(folder: Path, worker: int) -> None:
    """The runner's task."""
    end_with(worker)
    run(folder)


def run(folder: Path) -> None:
    """Do the job of a folder in this process."""
    from simlib.batch.kernel import run_job

    run_job(folder)


def be_kernel(folder: Path) -> None:
    """The kernel's task: wait for the runner's connection file, then be the kernel that it describes."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()  # like any kernel: an interrupt from the terminal is the batch's to handle
    os.chdir(folder)
    file = Path(os.environ[SHORT]) / "kernel.json"
    start = time.monotonic()
    while not complete(file):
        if time.monotonic() - start > KERNEL_WAITS:
            raise TimeoutError(f"{file.name}: not written in {KERNEL_WAITS:.0f} seconds")
        time.sleep(POLL)
    app = IPKernelApp.instance(parent_handle=os.getppid())  # it ends when the worker does
    app.initialize(["-f", str(file)])
    app.start()


def complete(file: Path) -> bool:
    """Whether a JSON file is there, to its end."""
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def kill(process: int) -> None:
    """End a forked process if it still runs, and take note of its end."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


def leave_nothing(number: int, frame: object) -> None:
    """On SIGTERM: take the short folder along; the batch ends the kernel."""
    shutil.rmtree(os.environ.get(SHORT) or os.devnull, ignore_errors=True)
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
