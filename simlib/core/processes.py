"""Processes that work for this one, and that never outlive it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from joblib import Parallel, effective_n_jobs
from joblib.parallel import BACKENDS, get_active_backend

LOOK = 0.5  # seconds between two looks at the process that is worked for


def parallel(workers: int) -> Parallel:
    """Hand tasks to so many processes, which end with this one however it ends; what is done comes in order, as a generator.

    On a cluster the tasks go where the caller says: inside `with simlib.cluster(ADDRESS):`, or `joblib.parallel_config` with
    any backend of joblib that yields results as they come, they are handed to that backend. simlib has to be installed, in
    the same version, wherever it works. Fewer workers than it has room for: so many tasks are under way at once.
    """
    if elsewhere():
        under_way = workers if workers < effective_n_jobs(-1) else 2 * workers
        return Parallel(n_jobs=workers, return_as="generator", pre_dispatch=under_way)
    return Parallel(
        n_jobs=workers, return_as="generator", backend="loky", initializer=end_with, initargs=(os.getpid(),)
    )


def elsewhere() -> bool:
    """Whether an active `joblib.parallel_config` sends tasks somewhere else than to processes of this machine.

    A task of joblib's that calls this is itself inside such a context, of a deeper level, which nobody has chosen.
    """
    backend, _ = get_active_backend()
    return backend.nesting_level == 0 and not isinstance(backend, BACKENDS["loky"])


def cores() -> int:
    """How many tasks run beside one another where nobody says how many: as many as the machine has cores.

    Under an active `joblib.parallel_config` that sends them elsewhere: its own `n_jobs`, or as many as there is room for.
    """
    if not elsewhere():
        return os.cpu_count() or 1
    return effective_n_jobs(get_active_backend()[1] or -1)


def end_with(parent: int) -> None:
    """End this process as soon as its parent of that number is gone, killed without a word included.

    A worker that waits for its next task would not notice: it would stay for minutes.
    """

    def watch() -> None:
        while has_parent(parent):
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


@contextmanager
def ending_with(parent: int) -> Iterator[None]:
    """While this lasts, the same without a thread, for a process that is going to fork: an alarm of the system looks.

    For the main thread of a process on Linux or macOS.
    """

    def look(number: int, frame: object) -> None:
        if not has_parent(parent):
            os._exit(1)

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def has_parent(parent: int) -> bool:
    """Whether the process that started this one has this number and lives."""
    return psutil.pid_exists(parent) if os.name == "nt" else os.getppid() == parent
