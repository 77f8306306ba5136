"""The schemas that editors use are those of the definitions, and every stored file fits its own."""

import json

import jsonschema
import pytest

from simlib.core.files import read_yaml, scenarios
from simlib.scenario.schema import FOLDERS, as_text, schemas

MADE = schemas()
FILES = [(kind, p) for kind, folder in FOLDERS.items() for p in sorted((scenarios() / folder).glob("*.yaml"))]
FILES += [
    ("scenario", p)
    for folder in ("single", "toys", "lessons", "proofs")
    for p in sorted((scenarios() / folder).glob("*.yaml"))
    if p.stem != "proofs"
]
FILES.append(("readings", scenarios() / "readings.yaml"))


@pytest.mark.parametrize("kind", MADE)
def test_the_stored_schema_is_the_one_that_the_definitions_make(kind):
    stored = (scenarios() / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert stored == as_text(MADE[kind]), "run python -m simlib.scenario.schema"


@pytest.mark.parametrize(("kind", "path"), FILES, ids=lambda x: getattr(x, "stem", x))
def test_every_file_fits_its_schema_and_names_it_in_its_first_line(kind, path):
    data = json.loads(json.dumps(read_yaml(path).data, default=str))
    jsonschema.validate(data, MADE[kind])
    first = path.read_text(encoding="utf-8").splitlines()[0]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert target != first and (path.parent / target).resolve() == (scenarios() / "schema" / f"{kind}.json").resolve()


def test_a_misspelt_lever_does_not_fit():
    data = json.loads(json.dumps(read_yaml(scenarios() / "policies" / "sichuan.yaml").data, default=str))
    data["rules"]["listing.reviw_limit"] = data["rules"].pop("listing.review_limit")
    with pytest.raises(jsonschema.ValidationError, match="reviw_limit"):
        jsonschema.validate(data, MADE["policy"])
