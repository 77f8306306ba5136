"""All laws on patients, pharmacies and payment, by their sentences."""

from __future__ import annotations

from tests.behaviour.use_laws_patients import PATIENTS, PHARMACIES
from tests.behaviour.use_laws_payment import PAYMENT
from tests.behaviour.use_laws_sums import SUMS, TIME
from tests.behaviour.use_worlds import Law

LAWS: dict[str, Law] = {**PATIENTS, **PHARMACIES, **PAYMENT, **SUMS, **TIME}
