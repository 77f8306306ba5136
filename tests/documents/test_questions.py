"""The notebooks that ask one question each run as they stand, and answer."""

import nbformat
import papermill
import pytest

from simlib.core.files import home

FEW = {"workers": 1, "language": "en"}


def answered(tmp_path, name, **given):
    """(what a notebook prints, whether it shows a picture)."""
    made = tmp_path / "made.ipynb"
    papermill.execute_notebook(str(home() / f"notebooks/{name}.ipynb"), str(made), FEW | given, progress_bar=False)
    outputs = [o for c in nbformat.read(made, 4).cells if c.cell_type == "code" for o in c.outputs]
    pages = "".join(str(o.get("data", {}).get("text/html", "")) for o in outputs)
    return "".join(o.get("text", "") for o in outputs), "<svg" in pages or "data:image/svg" in pages


@pytest.mark.slow
def test_which_clause_answers_with_a_picture_and_a_table(tmp_path):
    text, picture = answered(tmp_path, "which-clause", worlds=4, most=4)
    assert "Guangzhou notice of 2026" in text and "removed last" in text and picture


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "given", "said", "drawn"),
    [
        ("in-how-many-worlds", {"worlds": 32}, "of 32 worlds (", False),
        ("which-survey", {"worlds": 32, "policies": ["guangzhou", "before-reform"]}, "best in", False),
        ("where-it-fails", {"worlds": 96, "above": 4.0}, "of 96 worlds (", True),
        ("best-few", {"by": "document", "most": 1, "generations": 1, "fresh": 8}, "The best set found has 1", True),
    ],
)
def test_each_other_question_is_answered(tmp_path, name, given, said, drawn):
    text, picture = answered(tmp_path, name, **given)
    assert said in text and picture == drawn
