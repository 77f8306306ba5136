"""Processes that work for this one, and that never outlive it."""

from __future__ import annotations

import os
import threading
import time

import psutil
from joblib import Parallel

LOOK = 0.5  # seconds between two looks at the process that is worked for


def parallel(workers: int) -> Parallel:
    """Hand tasks to so many processes, which end with this one however it ends; what is done comes in order, as a generator."""
    return Parallel(
        n_jobs=workers, return_as="generator", backend="loky", initializer=end_with, initargs=(os.getpid(),)
    )


def end_with(parent: int) -> None:
    """End this process as soon as its parent of that number is gone, killed without a word included.

    A worker that waits for its next task would not notice: it would stay for minutes.
    """

    def watch() -> None:
        while has_parent(parent):
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def has_parent(parent: int) -> bool:
    """Whether the process that started this one has this number and lives."""
    return psutil.pid_exists(parent) if os.name == "nt" else os.getppid() == parent
