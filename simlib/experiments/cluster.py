"""Simulations on other machines: every task of a `with` block goes to a Dask cluster, and what comes back is the same table.

Dask reruns what a worker was at when it died. A task carries all that it needs with it: what is only kept in some worker's
memory would be gone with that worker.
"""

from __future__ import annotations

import asyncio
import logging
import platform
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, get_worker
from joblib import parallel_config
from joblib._dask import Batch, DaskDistributedBackend

from simlib.core.errors import InputError
from simlib.core.processes import cores
from simlib.core.version import __version__
from simlib.experiments.records import code_sha, inputs_sha, key_of

LOCAL = "local"
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
CONNECT = 5  # seconds until a scheduler has to answer
JOIN = 10  # seconds until a scheduler has to have a worker
GONE = 120  # seconds without any worker until those are given up that were there
PACKAGES = ("distributed", "joblib", "numba", "numpy", "pandas", "scipy")  # those that may change a number, or carry it
READ = ("scenarios/assumptions.yaml", "scenarios/nothing.yaml", "scenarios/readings.yaml", "scenarios/fitted/")
DEATHS = 25  # how many dying workers of this machine's own cluster a task may have been on before it is given up
OWN = {  # settings of this machine's own cluster
    "distributed.scheduler.allowed-failures": DEATHS,
    # of a worker that is being started again: after the usual 15 seconds, too few on a busy machine, it would be dropped for good
    "distributed.deploy.lost-worker-timeout": "1 day",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
REMEDY = "install the same simlib from the same requirements.lock on every machine, and start its workers again"


class Cluster:
    """What a `with simlib.cluster(...)` block works on.

    Attributes
    ----------
    address : str
        As it was named.
    workers, threads : int
        How many workers the cluster had at first, and how many tasks those can do beside one another.
    """

    def __init__(self, address: str, client: Client) -> None:
        self.address = address
        threads = client.nthreads()
        self.workers, self.threads = len(threads), sum(threads.values())
        self.backend = _Backend(client, address)

    @property
    def tasks(self) -> int:
        """How many tasks workers have done so far, each counted once, when its result was there."""
        return self.backend.done

    def __repr__(self) -> str:
        return f"<Cluster {self.address}: {_many(self.workers, 'worker')}, {_many(self.tasks, 'task')} done>"


@contextmanager
def cluster(address: str, workers: int | None = None) -> Iterator[Cluster]:
    """Simulate on a Dask cluster: in the `with` block every run goes there, however short it is. Results are the same.

    Parameters
    ----------
    address : str
        Of a running scheduler, such as ``tcp://10.0.0.5:8786`` or ``tls://...``; or ``local``, which starts worker
        processes of this machine for the time of the block, reachable from this machine alone.
    workers : int, optional
        With ``local`` how many processes to start (all cores if left out); else how many tasks may be under way at once
        (as many as the cluster has room for if left out).

    Returns
    -------
    context manager
        Of a `Cluster`, which tells how many workers there are, and how many tasks they have done.

    Raises
    ------
    InputError
        If the address is none, no scheduler answers there, it has no worker, a worker has another version of simlib, Python
        or a package that counts, or workers die or the scheduler ends while they are needed.

    Notes
    -----
    How many workers were found, and how many tasks they did, is said on stderr. A script that uses ``local`` has its own
    lines under ``if __name__ == "__main__":``, as every script that starts processes.
    """
    if address != LOCAL and not ADDRESS.fullmatch(address):
        raise InputError(
            f"cluster {address}: expected tcp://HOST:PORT or tls://HOST:PORT of a Dask scheduler, or {LOCAL}"
        )
    with _connected(address, workers) as client:
        _check(address, client)
        found = Cluster(address, client)
        _say(f"cluster {address}: {_many(found.workers, 'worker')}, {_many(found.threads, 'thread')}")
        try:
            with parallel_config(backend=found.backend, n_jobs=workers or -1):
                yield found
        finally:
            _say(f"cluster {address}: {_many(found.tasks, 'task')} done by its workers")


def _say(text: str) -> None:
    print(f"simlib: {text}", file=sys.stderr, flush=True)


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


# ---- to the scheduler


@contextmanager
def _connected(address: str, workers: int | None) -> Iterator[Client]:
    """A client that has a worker at least; closed at the end, with the cluster if it is this machine's own."""
    with _quiet():
        if address != LOCAL:
            with _client(address, address) as client:
                yield client
            return
        with dask.config.set(OWN), _own(workers or cores()) as own, _client(own.scheduler_address, address) as client:
            client.wait_for_workers(len(own.workers))
            yield client


def _own(workers: int) -> LocalCluster:
    """Worker processes of this machine, one thread each, which end with this process, and are started again if they die."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", silence_logs=logging.CRITICAL,
        dashboard_address=None, scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
    )  # fmt: skip


@contextmanager
def _client(at: str, address: str) -> Iterator[Client]:
    """A client of the scheduler at a place; InputError, with the address as the user knows it, where there is none."""
    try:
        client = Client(at, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as e:  # ValueError, TypeError: no certificates for tls
        why = "" if isinstance(e, OSError | TimeoutError) else f" ({' '.join(str(e).split())})"
        raise InputError(
            f"cluster {address}: no scheduler answers there within {CONNECT} seconds{why}; "
            f"start one with dask scheduler, and see that this machine may reach it"
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            raise InputError(
                f"cluster {address}: its scheduler has no worker; start some with dask worker {address} --nthreads 1"
            ) from None
        yield client
    finally:
        client.close(timeout=CONNECT)


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's log and its warnings are about its own insides; what a user has to know is said in one line of ours."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"distributed\b|dask\b")
            yield
    finally:
        log.setLevel(before)


# ---- the same everywhere


@cache
def versions() -> dict[str, str]:
    """What has to be the same on every machine, as it is on this one: name and version, or hash."""
    inputs = {name: sha for name, sha in inputs_sha().items() if name.startswith(READ)}
    found = {"simlib": __version__, "Python": platform.python_version()}
    found |= {name: _version(name) for name in PACKAGES}
    return found | {"simlib's sources": code_sha(), "scenarios/": key_of(**inputs)}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def unlike(worker: str, there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """In one line the first thing that a worker has in another version than this process; "" where there is none."""
    for name, mine in here.items():
        if (its := there.get(name, "missing")) != mine:
            return f"worker {worker} has {name} {its}, here it is {mine}; {REMEDY}"
    return ""


def _check(address: str, client: Client) -> None:
    """InputError for a worker that is not like this process."""
    here = versions()
    for worker, there in sorted(client.run(versions, on_error="return").items()):
        if isinstance(there, BaseException):
            raise InputError(f"cluster {address}: worker {worker} cannot load simlib {__version__} ({there}); {REMEDY}")
        if told := unlike(worker, there, here):
            raise InputError(f"cluster {address}: {told}")


# ---- joblib's way to Dask


class _Tasks(Batch):
    """Some tasks that a worker does in one go, if it is like the process that sent them: it may have come later than the check."""

    def __init__(self, tasks: list[Any], address: str, here: Mapping[str, str]) -> None:
        super().__init__(tasks)
        self.address, self.here = address, here

    def __call__(self, tasks: list[Any] | None = None) -> list[Any]:
        if told := unlike(get_worker().address, versions(), self.here):
            raise InputError(f"cluster {self.address}: {told}")
        return [function(*args, **named) for function, args, named in tasks or ()]


class _Failed:
    """In place of results: why there are none."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Backend(DaskDistributedBackend):
    """joblib's backend, which counts what is done, and hands the error on when a worker or the scheduler is lost."""

    def __init__(self, client: Client, address: str) -> None:
        super().__init__(client=client)
        self.done, self.address, self.here = 0, address, versions()

    def effective_n_jobs(self, n_jobs: int | None) -> int:
        """So many tasks at once, but no more than there is room for."""
        room = super().effective_n_jobs(n_jobs)
        return room if n_jobs is None or n_jobs < 0 else min(n_jobs, room)

    def configure(self, n_jobs: int = 1, parallel: Any = None, **given: Any) -> int:
        """Two at least: with one, joblib would do the tasks in this process."""
        return max(2, super().configure(n_jobs, parallel, **given))

    def start_call(self) -> None:
        """Collect what comes back, and see that there is somebody from whom it may come."""
        super().start_call()
        self.client.loop.add_callback(self._watch)

    async def _watch(self) -> None:
        """Give up what is under way when the cluster has had no worker for a while: Dask would wait for ever."""
        seen = time.monotonic()
        while self._continue:
            await asyncio.sleep(min(1.0, GONE / 5))
            with suppress(OSError, TimeoutError):  # of a scheduler that is gone, _collect tells
                if await self.client.scheduler.ncores():
                    seen = time.monotonic()
            if time.monotonic() - seen > GONE:
                own = "see that this machine has memory left, and ask again"
                start = own if self.address == LOCAL else f"start some with dask worker {self.address} --nthreads 1"
                self._give_up(f"has had no worker for {GONE:g} seconds; {start}")
                return

    def _give_up(self, why: str) -> None:
        """Hand an error on in place of everything that is under way."""
        for future in list(self._results):
            kept, callback = self._results.pop(future), self._callbacks.pop(future)
            out = _Failed(InputError(f"cluster {self.address}: {why}"))
            kept.set_result(out)
            callback(out)

    def terminate(self) -> None:
        """How many of these tasks fit into one batch tells nothing about the next."""
        self.reset_batch_stats()

    async def _to_func_args(self, func: Any) -> tuple[_Tasks, list[Any]]:
        """The tasks with what they need: nothing is scattered, for that would be gone with the worker that holds it."""
        tasks = [(function, list(args), named) for function, args, named in func.items]
        return _Tasks(tasks, self.address, self.here), tasks

    def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Any:
        """Hand some tasks over."""
        many = len(func)

        def told(out: Any) -> None:
            """Count them when they are done, and go on."""
            self.done += many * (not isinstance(out, _Failed))
            if callback:
                callback(out)

        return super().submit(func, told)

    async def _collect(self) -> None:
        """As joblib's, which would wait for ever after an error of Dask itself."""
        while self._continue:
            async for future, result in self.waiting_futures:
                if future not in self._results:  # given up
                    continue
                kept, callback = self._results.pop(future), self._callbacks.pop(future)
                there = future.status == "finished" or isinstance(result, list)  # then its worker may be lost again
                out = result if there else _Failed(self._complaint(future.status, result))
                kept.set_result(out)
                callback(out)
            await asyncio.sleep(0.01)

    def retrieve_result_callback(self, out: Any) -> Any:
        """Results, or their error raised."""
        if isinstance(out, _Failed):
            raise out.error
        return super().retrieve_result_callback(out)

    def _complaint(self, status: str, result: Any) -> BaseException:
        """What a user is told of tasks that Dask has given up."""
        error = result[1] if isinstance(result, tuple) else result
        at = f"cluster {self.address}"
        if isinstance(error, KilledWorker):
            return InputError(
                f"{at}: {_many(error.allowed_failures + 1, 'worker')} died with the same task, the last of them "
                f"{error.last_worker.address}; give workers more memory (dask worker --memory-limit), and see their logs"
            )
        if status in ("cancelled", "lost"):
            return InputError(f"{at}: its scheduler is gone, and with it what was under way; start it and ask again")
        return error if isinstance(error, BaseException) else RuntimeError(f"{at}: {status}")
