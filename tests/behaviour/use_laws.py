"""All laws on patients, pharmacies and payment, by their sentences."""

from __future__ import annotations

from use_laws_patients import PATIENTS, PHARMACIES
from use_laws_payment import PAYMENT
from use_laws_sums import SUMS, TIME
from use_worlds import Law

LAWS: dict[str, Law] = {**PATIENTS, **PHARMACIES, **PAYMENT, **SUMS, **TIME}
