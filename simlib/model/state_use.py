"""What stages 9 to 11 keep: one record a pair that may treat somebody, profiles of those who wait, counts by fate."""

from __future__ import annotations

import numpy as np

# a pair in use. since: regular stock. start: first moment at which somebody can be treated. part: patients a day who come
# home here. able, both, unable: waiting patients who can be treated here, here or at a pharmacy, not at all. therapy,
# pharmacy: patients on the drug. recorded_from, recorded_to: supply by recorded purchasing. alpha, v: traits as of the last month. begun: patients begun since the last check.
USE = np.dtype(
    [("h", "i4"), ("d", "i4"), ("case", "i4"), ("next", "i4"), ("check", "i4"), ("checks", "i4"), ("flags", "i4"),
     ("since", "f8"), ("removed", "f8"), ("recorded_from", "f8"), ("recorded_to", "f8"), ("start", "f8"), ("part", "f8"), ("able", "f8"), ("both", "f8"), ("unable", "f8"),
     ("therapy", "f8"), ("pharmacy", "f8"), ("alpha", "f8"), ("v", "f8"), ("begun", "f8"), ("prescribe", "f8")]
)  # fmt: skip
TRAINED, STUDIED, REFORMED, SHARE_FREE, BUDGET_FREE, LINKED, PRESCRIBING, HURRIED, ON_CONTRACT = (
    1 << i for i in range(9)
)

# a drug's patients for whom nothing is there yet, per patient a day, at the edges: waiting, and sums since approval
PROFILE = np.dtype([(n, "f8") for n in ("waiting", "exits", "able_exits", "arrivals", "unseen", "wait_days")])

# one closed interval of temporary supply of a case, and the one before it
SUPPLY = np.dtype([("start", "f8"), ("end", "f8"), ("before", "i4")])

# what is summed by drug and hospital group in `fates`: patients (home there), days
FATES = (
    "arrivals", "unseen", "hospital", "pharmacy", "temporary", "study", "travelled", "lost", "waiting",
    "wait_days", "therapy_days", "pharmacy_days", "pharmacy_24",
)  # fmt: skip
F_ARRIVALS = FATES.index("arrivals")
F_UNSEEN = FATES.index("unseen")
F_HOSPITAL = FATES.index("hospital")
F_PHARMACY = FATES.index("pharmacy")
F_TEMPORARY = FATES.index("temporary")
F_STUDY = FATES.index("study")
F_TRAVELLED = FATES.index("travelled")
F_LOST = FATES.index("lost")
F_WAITING = FATES.index("waiting")
F_WAIT_DAYS = FATES.index("wait_days")
F_THERAPY = FATES.index("therapy_days")
F_PHARMACY_DAYS = FATES.index("pharmacy_days")
F_PHARMACY_24 = FATES.index("pharmacy_24")

# what is summed by class, month and drug in `money`: patient-days at hospitals and pharmacies, days to payment times the former
M_HOSPITAL, M_PHARMACY, M_OWED = range(3)

USE_NUMBERS = (
    "use", "payment", "dual", "remove_share", "ramp_start", "ramp_months", "training", "prescribe", "evidence", "evidence_delay",
    "evaluation", "study_share", "study_days", "temporary_share", "city_travel", "capital_travel", "therapy", "share_factor",
    "loss_weight", "linked", "duty_share", "replaces", "b_loss", "b_slow", "loss_norm", "days_norm", "contract", "direct_days",
    "faster", "discount", "pool_years", "cases", "any_drug",
)  # fmt: skip
