"""The notebook of explore holds a call and nothing else."""

import json

from simlib.core.files import home


def test_the_notebook_calls_explore_with_its_parameters_and_nothing_else():
    cells = json.loads((home() / "notebooks/explore.ipynb").read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["source"]).endswith("simlib.explore(language, region, policy, replications)")
    assert [c["id"] for c in cells] == ["about", "parameters", "explore"]
