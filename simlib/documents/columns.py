"""What the columns of the workbook mean that the data dictionary of indicators does not name, by their units."""

from __future__ import annotations

import pandas as pd

from simlib.core.phrases import Texts, side_by_side

UNITS = {  # of each column; "" for one without
    "month": "months", "path": "", "id": "", "reason_zh": "", "kind": "", "value": "", "value_en": "", "value_zh": "",
    **dict.fromkeys(("range_low", "range_high", "low_value", "high_value"), "as value"),
    **dict.fromkeys(("effect_base", "base_low", "base_high", "effect_low", "low_low", "low_high"), "part of 1"),
    **dict.fromkeys(("effect_high", "high_low", "high_high", "swing"), "part of 1"), "drugs": "", "hospitals": "",
}  # fmt: skip
_MEANINGS = Texts("documents", side_by_side)


def with_columns(dictionary: pd.DataFrame) -> pd.DataFrame:
    """The data dictionary, and below it the columns of the other sheets."""
    meant = {name: _MEANINGS[f"column_{name}"] for name in UNITS}
    rows = [("column", name, unit, *meant[name], meant[name][0], "") for name, unit in UNITS.items()]
    known = set(dictionary["name"])
    more = pd.DataFrame([r for r in rows if r[1] not in known], columns=list(dictionary.columns))
    return pd.concat([dictionary, more], ignore_index=True)
