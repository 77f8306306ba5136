"""Scopes: the sets of drugs and of hospitals that a rule may name. `scopes.yaml` beside this file declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from simlib.core.files import read_yaml, validate
from simlib.core.strict import Strict
from simlib.policy.vocabulary.lever import Bilingual

_FILE = Path(__file__).with_name("scopes.yaml")


class Scope(Strict):
    """A set of drugs or of hospitals.

    name: as tables show it. says: what it means exactly. inside: since when a drug is inside: "always", as an
    attribute of the drug, or from the day on which a catalogue or the application list takes it.
    """

    name: Bilingual
    says: Bilingual
    inside: Literal["always", "catalogue", "application_list"] = "always"


def _scopes(of: str) -> dict[str, Scope]:
    document = read_yaml(_FILE)
    return {name: validate(Scope, document, entry, (of, name)) for name, entry in document.data[of].items()}


DRUG_SCOPES: dict[str, Scope] = _scopes("drugs")
HOSPITAL_SCOPES: dict[str, Scope] = _scopes("hospitals")
STATIC_SCOPES = tuple(name for name, scope in DRUG_SCOPES.items() if scope.inside == "always")
CATALOGUE_SCOPES = tuple(name for name, scope in DRUG_SCOPES.items() if scope.inside == "catalogue")
