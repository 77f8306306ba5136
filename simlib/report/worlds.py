"""A world table and a screening as text: what indicators do over worlds, and which numbers move them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from simlib.core.files import shown
from simlib.experiments.sensitivity import candidates
from simlib.experiments.study import LEVEL, MAIN, SHORT_KEYS
from simlib.experiments.worlds import Worlds
from simlib.outcomes.dictionary import INDICATORS
from simlib.report.lines import columns
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name
from simlib.words.values import digits, number, scaled, unit_name, with_interval
from simlib.words.wrap import wrapped

if TYPE_CHECKING:  # SALib takes long to load
    from simlib.experiments.screening import Screening

TOP = 15  # numbers that are shown of one indicator


def spread(table: Worlds) -> pd.DataFrame:
    """The headline indicators over worlds: indicator, by, group, mean, percentiles (p5, p95), and the luck in their variance."""
    keys = [k for k in SHORT_KEYS if k in table.values.index]
    values = table.values.loc[keys] if keys else table.values
    found = pd.DataFrame({"mean": values.mean(axis=1), "p5": values.quantile(0.05, axis=1)})
    found["p95"] = values.quantile(0.95, axis=1)
    found["luck"] = table.noise().reindex(values.index) if len(table.again.columns) else float("nan")
    return found.rename_axis(["indicator", "by", "group"]).reset_index()


def worlds_text(table: Worlds, made: int, folder: Path, language: str = "en") -> str:
    """What was drawn and run, the headline indicators over it, and how to read them."""
    w, again = words(language), len(table.again.columns)
    drawn = {"worlds": len(table.numbers), "numbers": len(table.numbers.columns), "again": again}
    lines = [w.say("worlds_title", scenario=table.scenario.name, **drawn)]
    lines += [w.say("worlds_kept", made=made, found=table.found, folder=shown(folder)), ""]
    rows = [[w[f"col_{c}"] for c in ("indicator", "group", "mean_and_percentiles", "of_luck", "unit")]]
    for r in spread(table).to_dict("records"):
        cells = [with_interval(r["indicator"], (r["mean"], r["p5"], r["p95"]), w), _share(r["luck"])]
        rows.append([r["indicator"], group_name(r["by"], r["group"], w), *cells, unit_name(r["indicator"], w)])
    return "\n".join([*lines, *columns(rows), "", *wrapped(w["worlds_read"], language)])


def _share(x: float) -> str:
    return number(100 * x, 0) + "%" if x == x else number(x)


def screening_text(found: Screening, language: str = "en", everything: bool = False) -> str:
    """The numbers that move the headline most, or each headline indicator, and how to read mu*, mu and sigma."""
    w = words(language)
    what = found.scenario.name
    if found.baseline:
        what = w.say("screening_difference", scenario=what, baseline=found.baseline.name)
    numbers = found.table["path"].nunique()
    lines = [w.say("screening_title", what=what, numbers=numbers, trajectories=found.trajectories, runs=found.runs)]
    main = (MAIN, *LEVEL)
    for key in SHORT_KEYS if everything or found.of(main).empty else [main]:
        if len(table := found.of(key)):
            lines += ["", *_ranked(found, table, key, w)]
    if left_out := [k[1:] for k in found.left_out if k[0] == found.what]:
        names = w["comma"].join(f"{i} ({group_name(by, g, w)})" for i, by, g in left_out)
        lines += ["", *wrapped(w.say("screening_left_out", names=names), language)]
    return "\n".join([*lines, "", *wrapped(w["screening_read"], language)])


def _ranked(found: Screening, table: pd.DataFrame, key: tuple[str, str, str], w: Words) -> list[str]:
    """The first numbers for one indicator, and how many have no effect on it."""
    indicator, by, group = key
    known = {a.path: a for a in candidates(found.scenario)}
    unit = w["point_short"] if INDICATORS[indicator].is_share else unit_name(indicator, w)
    title = w.say("screening_of", name=indicator_name(indicator, w.language), group=group_name(by, group, w), unit=unit)
    rows = [["", "mu*", w["col_interval"], "mu", "sigma", w["col_key"], w["col_name"]]]
    for r in table[table["mu_star"] > 0].head(TOP).to_dict("records"):
        low, high = (_value(indicator, r[c], w) for c in ("mu_star_low", "mu_star_high"))
        cells = [_value(indicator, r["mu_star"], w), w.say("to", low=low, high=high)]
        cells += [_value(indicator, r["mu"], w, sign=True), _value(indicator, r["sigma"], w)]
        rows.append([str(r["rank"]), *cells, r["path"], getattr(known[r["path"]].name, w.language)])
    none = int((table["mu_star"] == 0).sum())
    return [*wrapped(title, w.language), *columns(rows), w.say("screening_none", n=none)]


def _value(indicator: str, x: float, w: Words, sign: bool = False) -> str:
    return number(scaled(indicator, x, w), digits(indicator, w), sign)
