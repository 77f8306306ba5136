"""Whole patients and whole fen: counts sampled about their expectations, bills that add up exactly.

Given the dates of availability patients are Poisson and go their ways independently, so that the number of each fate is
Poisson too, and arrivals are the sum (`docs/semantics-use.md`, section 10). Nothing sampled feeds back.
"""

from __future__ import annotations

import numpy as np

from simlib.core.streams import Q_COUNT, uniforms
from simlib.model.record import Record
from simlib.model.use_records import Fates
from simlib.outcomes.money import PAYERS, bills

_NAMES = Fates.names()
_FIRST = _NAMES.index("unseen")
FATE_NAMES = _NAMES[_FIRST : _NAMES.index("waiting") + 1]


def sample_counts(record: Record) -> dict[str, np.ndarray]:
    """Patients by fate, sampled: int64 (D, G) by name of fate, and `arrivals`, their sum.

    One uniform number a drug, hospital group and fate (keyed), through the inverse of the Poisson distribution.
    """
    from scipy import stats  # takes half a second to load, which nothing else of a run needs

    out = {}
    ids = record.world.drugs.ids
    for f, name in enumerate(FATE_NAMES, _FIRST):
        mean = np.maximum(record.fates[:, :, f], 0.0)
        u = np.stack(
            [uniforms(record.world.key, Q_COUNT, drugs=ids, attempt=f * 10_000 + g) for g in range(mean.shape[1])],
            axis=1,
        )
        out[name] = stats.poisson.ppf(u, mean).astype(np.int64)
    out["arrivals"] = sum(out.values())
    return out


def bills_in_fen(record: Record) -> dict[str, np.ndarray]:
    """Spending by payer in whole fen (int64, (J, D)); the payers' parts add up to `total` to the fen.

    Every payer but the patient pays whole fen, rounded down; the patient pays the rest.
    """
    spent = bills(record)
    total = np.rint(100.0 * spent["total"]).astype(np.int64)
    out = {name: np.floor(100.0 * spent[name]).astype(np.int64) for name in PAYERS[:-1]}
    out["patient"] = total - sum(out.values())
    out["total"] = total
    return out
