"""What documentation reads is read anew when a file changes."""

from __future__ import annotations

import os
import shutil

from simlib.core.files import home
from simlib.documentation.facts import value_of


def test_a_number_that_changes_in_the_file_changes_in_the_documentation(tmp_path, monkeypatch):
    shutil.copytree(home() / "scenarios", tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    assert value_of("decision.rho") == "0.7"
    path = tmp_path / "scenarios" / "assumptions.yaml"
    old = path.stat().st_mtime_ns
    path.write_text(
        path.read_text(encoding="utf-8").replace("  rho:\n    value: 0.7", "  rho:\n    value: 0.5"), encoding="utf-8"
    )
    os.utime(path, ns=(old + 10**9, old + 10**9))
    assert value_of("decision.rho") == "0.5"
    monkeypatch.delenv("SIMLIB_HOME")
    assert value_of("decision.rho") == "0.7"
