import pytest

from simlib.documents.content import handout
from simlib.documents.export import study_of
from tests.handed import batch_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A finished batch with made-up numbers."""
    place = tmp_path_factory.mktemp("outputs") / "own-rules"
    batch_folder(place)
    return place


@pytest.fixture(scope="session")
def study(folder):
    return study_of(folder)


@pytest.fixture(scope="session")
def handouts(study):
    return {n: handout(study, n) for n in ("en", "zh")}
