"""`simlib draw`, as a user meets it."""

import json
import subprocess
import sys

import pytest

from simlib.cli import main


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    "words",
    [
        ["map", "chain", "FILE.svg", "--replications", "2", "--workers", "1"],
        ["curves", "chain", "FILE.png", "--replications", "2", "--workers", "1", "--language", "zh"],
        [
            "obedience",
            "chain",
            "FILE.svg",
            "--baseline",
            "chain",
            "--replications",
            "2",
            "--workers",
            "1",
            "--language",
            "zh",
        ],
        ["strip", "chain", "drug-1", "h-7", "FILE.pdf", "--replication", "3"],
        ["strip", "chain", "drug-1", "FILE.png", "--language", "zh"],
        ["tiles", "chain", "FILE.html", "--measure", "share"],
        ["tiles", "chain", "FILE.gif", "--language", "zh", "--set", "horizon_days=400"],
    ],
)
def test_a_picture_is_written_and_said(capsys, tmp_path, words):
    words = [w.replace("FILE", str(tmp_path / "a")) for w in words]
    status, out, err = run(capsys, "draw", *words)
    assert (status, err) == (0, "") and f"{words[0]} of chain" in out
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size > 3000


def test_for_machines_it_says_what_was_drawn(capsys, tmp_path):
    out = run(capsys, "draw", "tiles", "chain", str(tmp_path / "a.svg"), "--json")[1]
    assert json.loads(out)["kind"] == "tiles" and json.loads(out)["file"].endswith("a.svg")


@pytest.mark.parametrize(
    "words",
    [
        ["mapp", "chain", "a.svg"],
        ["map", "chian", "a.svg"],
        ["map", "chain", "a.doc"],
        ["map", "chain", "a.gif"],
        ["map", "chain", "/no/such/folder/a.svg"],
        ["map", "chain", "drug-1", "a.svg"],
        ["map", "chain", "a.svg", "--level", "4"],
        ["map", "chain", "a.svg", "--measure", "share"],
        ["tiles", "chain", "a.gif", "--measure", "weight"],
        ["strip", "chain", "a.svg"],
        ["strip", "chain", "drug-11", "h-7", "a.svg"],
        ["strip", "chain", "drug-1", "h-7", "a.svg", "--baseline", "chain"],
        ["curves", "chain", "a.svg", "--baseline", "chian"],
        ["map", "chain"],
    ],
)
def test_whatever_is_wrong_is_one_line_and_status_2_and_nothing_is_written(capsys, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "draw", *words)
    assert (status, out) == (2, "") and len(err.strip().splitlines()) == 1 and err.startswith("simlib: ")
    assert list(tmp_path.iterdir()) == []


def test_the_nearest_kind_is_offered(capsys):
    assert "did you mean 'map'?" in run(capsys, "draw", "mapp", "chain", "a.svg")[2]


def test_what_does_not_draw_does_not_load_the_pictures():
    code = "import simlib, sys; print('matplotlib' in sys.modules, 'simlib.see' in sys.modules, callable(simlib.process_map))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False", "True"]
