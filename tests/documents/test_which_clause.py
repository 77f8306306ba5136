"""The notebook that asks which clause did it runs as it stands, and answers."""

import nbformat
import papermill
import pytest

from simlib.core.files import home


@pytest.mark.slow
def test_the_notebook_which_clause_answers_with_a_picture_and_a_table(tmp_path):
    made = tmp_path / "made.ipynb"
    given = {"worlds": 4, "most": 4, "workers": 1, "language": "en"}
    papermill.execute_notebook(str(home() / "notebooks/which-clause.ipynb"), str(made), given, progress_bar=False)
    outputs = [o for c in nbformat.read(made, 4).cells if c.cell_type == "code" for o in c.outputs]
    text = "".join(o.get("text", "") for o in outputs)
    assert "Guangzhou notice of 2026" in text and "removed last" in text
    assert any(
        "<svg" in str(o.get("data", {}).get("text/html", "")) or "data:image/svg" in str(o.get("data", {}))
        for o in outputs
    )
