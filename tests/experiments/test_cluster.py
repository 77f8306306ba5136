"""Simulations on a Dask cluster: they go there, come back the same, and whatever is wrong with it is one line."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster
from joblib import delayed

import simlib
from simlib.cli import main
from simlib.core.errors import InputError
from simlib.core.files import home
from simlib.core.processes import cores, parallel
from simlib.experiments import cluster as of
from simlib.experiments.attribution.coalitions import Coalitions
from simlib.experiments.cluster import cluster
from simlib.experiments.recipes import recipe_of
from simlib.experiments.replay import seal_effect
from simlib.experiments.replications import one
from simlib.experiments.run import compare, simulate
from simlib.experiments.seals import Asked, write_seal
from simlib.see import passage

KILLS = 20
SHORT = 8  # seconds that are few for a command which says that nobody answers


def standing(workers: int) -> LocalCluster:
    """A scheduler whose workers are threads of this process."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp://", host="127.0.0.1",
        dashboard_address=None, scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler with two workers, which are threads of this process."""
    with standing(2) as own:
        yield own.scheduler_address


@pytest.fixture(scope="module")
def first():
    return simlib.load_scenario("first")


def thread() -> str:
    return threading.current_thread().name


def slowly(scenario, replication):
    time.sleep(0.2)
    return one(scenario, replication)


def dies(scenario, replication):
    os._exit(1)


def said(capfd) -> list[str]:
    return capfd.readouterr().err.splitlines()


# ---- everything goes there


def test_a_run_however_short_is_done_by_the_workers_and_is_the_same_to_the_last_byte(scheduler, first, capfd):
    here = simulate(first, 3, workers=1, progress=False)
    with cluster(scheduler) as at:
        there = simulate(first, 3, progress=False)
        assert at.tasks == 3
        simulate(first, 1, workers=1, progress=False)
    assert there.values.to_csv() == here.values.to_csv() and there.curves.tobytes() == here.curves.tobytes()
    assert said(capfd) == [
        f"simlib: cluster {scheduler}: 2 workers, 2 threads",
        f"simlib: cluster {scheduler}: 4 tasks done by its workers",
    ]


def test_no_task_is_done_in_this_process_even_if_one_alone_may_be_under_way(scheduler):
    with cluster(scheduler, workers=1) as at:
        assert cores() == 1
        assert thread() not in set(parallel(1)(delayed(thread)() for _ in range(3)))
    assert at.tasks == 3


def test_as_many_tasks_are_under_way_at_once_as_there_are_to_be_workers(scheduler):
    most, now, lock = [0], [0], threading.Lock()

    def counted():
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.05)
        with lock:
            now[0] -= 1

    COUNTED["it"] = counted
    for workers, expected in ((1, 1), (None, 2)):
        most[0] = 0
        with cluster(scheduler, workers):
            list(parallel(cores())(delayed(call_counted)() for _ in range(6)))
        assert most[0] == expected


COUNTED: dict = {}


def call_counted():
    """The workers are threads of this process, and find the function that cannot be pickled."""
    COUNTED["it"]()


def test_what_has_a_shortcut_for_little_work_takes_none(scheduler, first):
    class Game:
        def in_world(self, coalitions, replication):
            return [first] * len(coalitions)

    with cluster(scheduler) as at:
        passage(first, 1)
        assert at.tasks == 1
        runs = Coalitions.__new__(Coalitions)
        runs.game, runs.each = Game(), of_one
        assert len(list(runs._done([(0, [1, 2])], 1))) == 1
        assert at.tasks == 2


def of_one(scenario, replication):
    return one(scenario, replication)[0]


def test_a_task_that_raises_its_own_error_shows_that_error(scheduler):
    with cluster(scheduler), pytest.raises(ZeroDivisionError):
        list(parallel(2)(delayed(divmod)(1, 0) for _ in range(2)))


def test_after_the_block_tasks_are_done_here_again(scheduler, first):
    with cluster(scheduler) as at:
        pass
    simulate(first, 2, workers=1, progress=False)
    assert at.tasks == 0 and cores() == os.cpu_count()
    assert list(parallel(1)(delayed(thread)() for _ in range(1))) == [thread()]


# ---- what is wrong is one line


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "lokal", ""])
def test_an_address_that_is_none_is_refused_with_what_it_should_be(address):
    with pytest.raises(InputError, match="expected tcp://HOST:PORT or tls://HOST:PORT"), cluster(address):
        pass


def test_a_scheduler_that_is_not_there_is_told_in_one_line_within_seconds(capfd):
    start = time.monotonic()
    assert main(["run", "first", "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert time.monotonic() - start < SHORT + of.CONNECT
    (line,) = said(capfd)
    assert line.startswith(
        "simlib: cluster tcp://127.0.0.1:9: no scheduler answers there within 5 seconds; start one with"
    )


def test_a_scheduler_without_a_worker_is_told_with_the_command_that_starts_one(monkeypatch):
    monkeypatch.setattr(of, "JOIN", 0.2)
    with standing(0) as own:
        address = own.scheduler_address
        with pytest.raises(InputError, match=f"no worker; start some with dask worker {address}"), cluster(address):
            pass


@pytest.mark.parametrize("what", ["simlib", "Python", "numba", "distributed", "simlib's sources", "scenarios/"])
def test_a_worker_of_another_version_is_refused_by_name_with_both_versions_and_the_remedy(scheduler, what, monkeypatch):
    other = {"tcp://10.0.0.7:4000": of.versions() | {what: "0.0.1"}, "tcp://10.0.0.6:4000": of.versions()}
    monkeypatch.setattr(Client, "run", lambda self, function, **given: other)
    with pytest.raises(InputError) as e, cluster(scheduler):
        pass
    mine = of.versions()[what]
    assert f"worker tcp://10.0.0.7:4000 has {what} 0.0.1, here it is {mine}; install the same simlib" in str(e.value)
    assert "\n" not in str(e.value)


def test_a_worker_that_comes_later_with_other_sources_is_refused_too(scheduler, first, monkeypatch):
    with pytest.raises(InputError, match="worker tcp.* has simlib's sources elsewhere, here it is"), cluster(scheduler):
        simulate(first, 1, progress=False)
        other = of.versions() | {"simlib's sources": "elsewhere"}
        monkeypatch.setattr(of, "versions", lambda: other)
        simulate(first, 1, progress=False)


def test_a_worker_without_simlib_is_told(scheduler, monkeypatch):
    monkeypatch.setattr(
        Client, "run", lambda *a, **k: {"tcp://10.0.0.7:4000": ModuleNotFoundError("No module named 'simlib'")}
    )
    with (
        pytest.raises(InputError, match="cannot load simlib .*No module named 'simlib'.*install the same"),
        cluster(scheduler),
    ):
        pass


def test_a_scheduler_that_ends_in_the_middle_is_told_and_nothing_waits_for_it(first):
    own = standing(1)
    threading.Timer(1.0, own.close).start()
    with pytest.raises(InputError, match="its scheduler is gone"), cluster(own.scheduler_address):
        simulate(first, 1000, progress=False, each=slowly)


def test_workers_that_all_go_in_the_middle_are_told_and_nothing_waits_for_them_for_ever(first, monkeypatch):
    monkeypatch.setattr(of, "GONE", 0.5)
    with standing(1) as own:
        threading.Timer(1.0, own.scale, [0]).start()
        remedy = f"has had no worker for 0.5 seconds; start some with dask worker {own.scheduler_address}"
        with pytest.raises(InputError, match=remedy), cluster(own.scheduler_address):
            simulate(first, 1000, progress=False, each=slowly)


# ---- every command


LINES = (
    "run first", "run first --world assumed", "run first --within 5", "compare first first", "rank first chain",
    "attribute guangzhou-guangzhou-default guangzhou-before-reform-default", "hinge small-world", "worth small-world first",
    "bottleneck first", "budget guangzhou-guangzhou-default", "obedience guangzhou-guangzhou-default", "calibrate",
    "predict --freeze", "worlds small-world", "screen small-world", "draw map first x.svg", "draw curves first x.svg",
    "elicit run FILE", "overlay first seen.xlsx x.svg", "replay --from SEAL",
    "fails guangzhou-guangzhou-default", "search guangzhou-guangzhou-default guangzhou-before-reform-default",
)  # fmt: skip


class Named(Exception):
    """Somebody asked for a cluster."""


def sealed(folder):
    """The seal of a comparison, in a file."""
    recipes = [recipe_of("first", {"policy": "national", "name": "ours"}), recipe_of("first", {})]
    told = {"scenario": recipes[0], "baseline": recipes[1], "indicator": ["stock_days_survivors", "all", "all"]}
    effect = compare(*(simulate(r.scenario(), 2, 1, False) for r in recipes))
    return write_seal(seal_effect(effect, Asked(what="difference", replications=2, world="middle", **told)), folder)


@pytest.mark.parametrize("line", LINES)
def test_every_command_that_simulates_goes_to_the_cluster_that_is_named(line, monkeypatch, tmp_path):
    def named(address, workers):
        raise Named(address, workers)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(of, "cluster", named)
    if "seen.xlsx" in line:
        from tests.filled import fill_in

        assert main(["template", "observed", "seen.xlsx"]) == 0
        fill_in(tmp_path / "seen.xlsx")
    if "FILE" in line:
        from tests.filled import answer

        assert main(["elicit", "sheet", "asked.xlsx"]) == 0
        answer(tmp_path / "asked.xlsx", ("wang", "li"))
        line = line.replace("FILE", "wang.xlsx")
    if "SEAL" in line:
        line = line.replace("SEAL", str(sealed(tmp_path)))
    with pytest.raises(Named) as e:
        main([*line.split(), "--cluster", "tcp://a:1", "--workers", "3"])
    assert e.value.args == ("tcp://a:1", 3)


def test_whoever_takes_workers_takes_a_cluster_and_is_tried_above():
    import click

    from simlib.cli.application import application
    from simlib.cli.commands import COMMANDS

    taken = {}
    for name in COMMANDS:
        command = application.get_command(click.Context(application), name)
        taken[name] = {o for p in command.params for o in p.opts}
    with_workers = {name for name, options in taken.items() if "--workers" in options} - {"batch"}  # of notebooks
    assert {name for name, options in taken.items() if "--cluster" in options} == with_workers
    assert {line.split()[0] for line in LINES} == with_workers


def test_a_command_that_is_to_simulate_nothing_refuses_a_cluster(capfd):
    assert main(["predict", "--cluster", "local"]) == 2
    assert said(capfd) == ["simlib: --cluster: only with --freeze, for nothing else is simulated; leave it out"]


def test_a_command_says_at_its_end_how_many_tasks_the_cluster_has_done(scheduler, capfd, tmp_path):
    for more in ([], ["--cluster", scheduler]):
        name = str(tmp_path / f"{len(more)}.csv")
        assert main(["compare", "first", "chain", "--replications", "4", "--out", name, *more]) in (0, 2)
    assert said(capfd)[-1] == f"simlib: cluster {scheduler}: 8 tasks done by its workers"
    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


# ---- processes


LOCAL = """
import time
from tests.experiments.test_cluster import thread
from joblib import delayed
from simlib.core.processes import parallel
from simlib.experiments.cluster import cluster

if __name__ == "__main__":
    with cluster("local", 2) as at:
        list(parallel(2)(delayed(thread)() for _ in range(4)))
        print(at.workers, at.threads, at.tasks, flush=True)
        time.sleep(100)
"""


def of_this(process: int) -> list[psutil.Process]:
    """The workers among the processes that one has started."""
    return [p for p in psutil.Process(process).children(recursive=True) if "--multiprocessing-fork" in p.cmdline()]


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.slow
def test_workers_of_this_machine_listen_to_it_alone_and_end_with_their_process_though_it_is_killed(tmp_path):
    (tmp_path / "local.py").write_text(LOCAL)
    environment = {**os.environ, "PYTHONPATH": str(home())}
    words = [sys.executable, str(tmp_path / "local.py")]
    own = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    assert own.stdout.readline() == b"2 2 4\n"
    workers = of_this(own.pid)
    assert len(workers) == 2
    open_ = [
        c.laddr.ip for p in (psutil.Process(own.pid), *workers) for c in p.net_connections() if c.status == "LISTEN"
    ]
    assert set(open_) == {"127.0.0.1"}
    own.kill()
    own.wait()
    start = time.monotonic()
    while any(lives(w) for w in workers):
        assert time.monotonic() - start < 10
        time.sleep(0.1)


def kills(seed: int, at: of.Cluster, killed: list[int], stop: threading.Event) -> None:
    """Kill one of this process's workers KILLS times, which and when drawn from a seed, each time after some more is done."""
    rng = random.Random(seed)
    while len(killed) < KILLS and not stop.wait(rng.uniform(0.0, 1.0)):
        done = at.tasks
        with suppress(psutil.NoSuchProcess, IndexError):  # both are just being started again
            worker = rng.choice(of_this(os.getpid()))
            worker.kill()
            killed.append(worker.pid)
        while at.tasks == done and not stop.wait(0.05):
            pass


@pytest.mark.slow
def test_tables_are_the_same_to_the_last_byte_though_workers_are_killed_twenty_times(first):
    other, n = simlib.load_scenario("chain"), 40
    here = [simulate(s, n, workers=1, progress=False) for s in (first, other)]
    killed, stop, runs = [], threading.Event(), 0
    with cluster("local", 2) as at:
        killer = threading.Thread(target=kills, args=(20241130, at, killed, stop))
        killer.start()
        try:
            while killer.is_alive() or not runs:
                there = [simulate(s, n, progress=False, each=slowly) for s in (first, other)]
                runs += 1
                for a, b in zip(here, there, strict=True):
                    assert a.values.to_csv() == b.values.to_csv() and a.curves.tobytes() == b.curves.tobytes()
                assert compare(*there).table().to_csv() == compare(*here).table().to_csv()
        finally:
            stop.set()
            killer.join()
        assert at.tasks == 2 * n * runs
    assert len(killed) == KILLS


def kills_while(seconds: float) -> None:
    """Kill this process's workers for a while, each as soon as it is there."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        with suppress(psutil.NoSuchProcess):
            for worker in of_this(os.getpid()):
                worker.kill()
        time.sleep(0.5)


@pytest.mark.slow
def test_workers_of_this_machine_that_are_not_back_within_the_fifteen_seconds_of_dask_are_back_later(first):
    here = simulate(first, 3, workers=1, progress=False)
    with cluster("local", 2) as at:
        killer = threading.Thread(target=kills_while, args=(18,))
        killer.start()
        there = simulate(first, 3, progress=False, each=slowly)
        killer.join()
        assert there.values.to_csv() == here.values.to_csv()
        at.backend.client.wait_for_workers(at.workers, timeout=60)


@pytest.mark.slow
def test_a_task_that_kills_every_worker_is_given_up_and_told_in_one_line(first, monkeypatch):
    monkeypatch.setitem(of.OWN, "distributed.scheduler.allowed-failures", 1)
    with (
        pytest.raises(InputError, match="2 workers died with the same task, the last of them tcp"),
        cluster("local", 1),
    ):
        simulate(first, 2, progress=False, each=dies)


@pytest.fixture
def dask(tmp_path):
    """Starts a program of Dask's in a folder, as the guide says; all end with the test."""
    started: list[subprocess.Popen] = []

    def start(folder: Path, *words: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        started.append(subprocess.Popen([sys.executable, "-m", "dask", *words], cwd=folder, env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))  # fmt: skip

    yield start
    for process in started:
        process.terminate()
        process.wait(30)


@pytest.mark.slow
def test_programs_started_as_the_guide_says_do_the_work_and_one_with_other_sources_is_refused(dask, tmp_path, first):
    dask(
        home(),
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        f"{tmp_path}/at",
    )
    address = _told(tmp_path / "at")
    dask(home(), "worker", address, "--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
    here = simulate(first, 20, workers=1, progress=False)
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    with cluster(address) as at:
        assert (at.workers, at.threads) == (2, 2)
        assert simulate(first, 20, progress=False).values.to_csv() == here.values.to_csv()
        assert at.tasks == 20
    other = tmp_path / "other"
    shutil.copytree(home() / "simlib", other / "simlib", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "scenarios").symlink_to(home() / "scenarios")
    with (other / "simlib/model/model.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    dask(other, "worker", address, "--host", "127.0.0.1", "--nworkers", "1", "--nthreads", "1", "--no-dashboard")
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
    with (
        pytest.raises(InputError, match="has simlib's sources [0-9a-f]+, here it is [0-9a-f]+; install"),
        cluster(address),
    ):
        pass


def _told(file: Path) -> str:
    """The address that a scheduler wrote down."""
    start = time.monotonic()
    while not file.is_file() or not file.read_text():
        assert time.monotonic() - start < 60
        time.sleep(0.1)
    return json.loads(file.read_text())["address"]
