"""Areas of disease: what a drug is for, and what a hospital treats."""

from __future__ import annotations

from typing import Literal, get_args

Area = Literal[
    "oncology", "haematology", "metabolic", "cardiovascular", "infection", "autoimmune", "neurology_psychiatry",
    "dermatology", "gastro", "ophthalmology", "rare", "urology_nephrology", "anaesthesia", "other",
]  # fmt: skip
AREAS = get_args(Area)
