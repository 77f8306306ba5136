import os
import subprocess
import sys
import time

import psutil
import pytest
from joblib import delayed

from simlib.core.files import home
from simlib.core.processes import parallel

BUSY = """
import time
from joblib import delayed
from simlib.core.processes import parallel

if __name__ == "__main__":
    print(list(parallel(2)(delayed(abs)(-i) for i in range(4))), flush=True)
    time.sleep(100)
"""

LOADING = """
import os, signal, sys, time
from simlib.core.processes import LOOK, ending_with

with ending_with(os.getppid() + int(sys.argv[1])):
    time.sleep(1.5 * LOOK)
print(signal.getitimer(signal.ITIMER_REAL)[0], signal.getsignal(signal.SIGALRM) is signal.SIG_DFL)
"""


def test_tasks_come_back_in_order_and_a_single_worker_is_this_process():
    assert list(parallel(1)(delayed(os.getpid)() for _ in range(2))) == [os.getpid()] * 2


def lives(process: psutil.Process) -> bool:
    """It runs, and is no zombie; it may end while we look."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_workers_end_with_the_process_that_they_work_for_though_it_is_killed_without_a_word(tmp_path):
    (tmp_path / "busy.py").write_text(BUSY)
    environment = {**os.environ, "PYTHONPATH": str(home())}
    busy = subprocess.Popen(
        [sys.executable, str(tmp_path / "busy.py")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    assert busy.stdout.readline() == b"[0, 1, 2, 3]\n"
    workers = psutil.Process(busy.pid).children(recursive=True)
    assert len(workers) >= 2
    busy.kill()
    busy.wait()
    start = time.monotonic()
    while any(lives(w) for w in workers):
        assert time.monotonic() - start < 10
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="alarms are not known there")
@pytest.mark.parametrize(("off", "status", "said"), [(0, 0, b"0.0 True\n"), (1, 1, b"")])
def test_a_process_that_loads_before_it_forks_ends_as_soon_as_its_parent_is_another_and_else_goes_on(off, status, said):
    environment = {**os.environ, "PYTHONPATH": str(home())}
    words = [sys.executable, "-c", LOADING, str(off)]
    done = subprocess.run(words, stdout=subprocess.PIPE, env=environment, timeout=60)
    assert (done.returncode, done.stdout) == (status, said)
