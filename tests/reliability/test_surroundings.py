"""R22, R24, R25: the same numbers whatever the time zone, the locale, the hash seed, the home folder and the folder's name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simlib.core.files import home

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="its environment is set in other ways"),
]

RUN = ["run", "small-world", "--replications", "2", "--workers", "1", "--json"]
PLACES: dict[str, dict[str, str | None]] = {
    "hash seed 1, Shanghai": {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"},
    "hash seed 77, New York, plain C": {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "no home": {"HOME": None, "XDG_CACHE_HOME": None, "PYTHONUTF8": "0"},
    "GBK": {"LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0", "PYTHONIOENCODING": None},
}  # fmt: skip


def said(words: list[str], folder: Path, changes: dict[str, str | None]) -> tuple[int, bytes, bytes]:
    environment = {**os.environ, "PYTHONPATH": str(home()), "SIMLIB_HOME": str(home()), **changes}
    done = subprocess.run(
        [sys.executable, "-m", "simlib", *words], cwd=folder, capture_output=True,
        env={k: v for k, v in environment.items() if v is not None},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory):
    code, out, _ = said(RUN, tmp_path_factory.mktemp("ordinary"), {"PYTHONHASHSEED": "0", "TZ": "UTC"})
    assert code == 0 and len(out) > 5000
    return _numbers(out)


def _numbers(out: bytes) -> list[bytes]:
    """What was printed, without the seconds that it took."""
    return [line for line in out.splitlines() if b'"seconds"' not in line]


@pytest.mark.parametrize("place", PLACES)
def test_the_same_numbers_come_out_in_any_surroundings(place, ordinary, tmp_path):
    changes = dict(PLACES[place])
    if place == "GBK":
        if shutil.which("localedef") is None:
            pytest.skip("localedef, which makes locales, is not installed")
        made = subprocess.run(
            ["localedef", "--no-archive", "-i", "zh_CN", "-f", "GBK", str(tmp_path / "zh_CN.GBK")], capture_output=True
        )  # fmt: skip
        if not (tmp_path / "zh_CN.GBK").is_dir():
            pytest.skip(f"this locale cannot be made here: {made.stderr.decode(errors='replace')[-200:]}")
        changes["LOCPATH"] = str(tmp_path)
    folder = tmp_path / "新药 进院"
    folder.mkdir()
    code, out, errors = said(RUN, folder, changes)
    assert code == 0, errors.decode(errors="replace")
    assert _numbers(out) == ordinary


def test_a_file_of_the_users_with_a_chinese_name_and_blanks_is_checked_and_run_from_its_folder(tmp_path):
    folder = tmp_path / "我的 研究"
    folder.mkdir()
    text = (home() / "scenarios/single/small-world.yaml").read_text(encoding="utf-8")
    (folder / "情景 一.yaml").write_text(text, encoding="utf-8")
    code, out, errors = said(["check", "情景 一.yaml"], folder, {"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert code == 0, errors.decode()
    assert "情景 一.yaml: scenario, good" in out.decode("utf-8")
    code, _, errors = said(["run", "情景 二.yaml"], folder, {"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert code == 2 and errors.decode("utf-8").count("\n") == 1
    assert "情景 二.yaml: no such file" in errors.decode("utf-8")
