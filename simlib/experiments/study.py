"""An experiment with its finished runs, as the tidy tables that figures, tables and sentences are made from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.experiments.plausible import Plausible, difference, turn
from simlib.experiments.records import MANIFEST, read_json
from simlib.experiments.run import Effect, Result, compare
from simlib.experiments.seals import LEDGERS, Seal, read_seal
from simlib.experiments.store import read_result, read_sensitivity
from simlib.outcomes.groups import Key
from simlib.policy.load import load_policy
from simlib.policy.rules import Policy
from simlib.scenario.drawn import AGAIN, OTHERS
from simlib.scenario.experiment_files import OBEDIENCE, SIDES, Cell, Experiment, load_experiment, short_name
from simlib.scenario.scenario import Scenario, load_cell

KEY = ["indicator", "by", "group"]
MAIN = "stocked_24m"  # the headline of the answer
PROVIDED = "provided_24m"  # what stands beside it: pharmacies and temporary purchase count, too
HEADLINES = ("stocked_24m", "stocked_12m_catalogue")
SHORT = (
    MAIN, PROVIDED, "stocked_12m_catalogue", "stocked_12m", "months_without_24m", "listed_days", "listed_days_median",
    "listed_first_days", "hospital_days",
)  # what a short table shows, in order  # fmt: skip
LEVEL = ("level", "3")
SHORT_GROUPS = (("all", "all"), LEVEL, ("level", "2"), ("level", "1"))
SHORT_KEYS: tuple[Key, ...] = tuple((name, *group) for name in SHORT for group in SHORT_GROUPS)
GATE_REGION = "nation"


@dataclass(frozen=True, eq=False)
class Study:
    """The runs of an experiment that are there. failed: names of the others, with the reason."""

    experiment: Experiment
    results: Mapping[str, Result]
    failed: Mapping[str, str] = field(default_factory=dict)
    sensitivity: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # by scenario name
    unfit: Mapping[str, str] = field(default_factory=dict)  # such tables that are not of these runs, with the reason
    obeyed: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # by scenario name, as `ObedienceCurve.by_run`
    again: Mapping[str, Result] = field(default_factory=dict)  # by scenario name: worlds run twice and three times
    ledgers: Mapping[str, Seal] = field(default_factory=dict)  # by scenario name: which clause made its gain
    manifest: Mapping[str, Any] = field(default_factory=dict)  # of the batch, as far as it was then

    @property
    def baseline(self) -> str:
        """Name of the policy that the others are compared with."""
        return short_name(self.experiment.file.baseline)

    @property
    def world(self) -> str:
        """Whether assumed numbers were in the middle of their ranges, drawn from all of them, or as they were fitted."""
        return self.experiment.file.world

    @cached_property
    def cells(self) -> list[Cell]:
        """Scenarios that ran with every text read by default, in the experiment's order."""
        return [c for c in self.experiment.cells if c.name in self.results and not c.reading]

    @cached_property
    def read_otherwise(self) -> list[Cell]:
        """Scenarios that ran with a text read in another way than by default, in the experiment's order."""
        return [c for c in self.experiment.cells if c.name in self.results and c.reading]

    @cached_property
    def regions(self) -> list[str]:
        """Regions that ran, in the experiment's order."""
        return list(dict.fromkeys(c.region for c in self.cells))

    @cached_property
    def policies(self) -> list[str]:
        """Policies that ran, in the experiment's order."""
        return list(dict.fromkeys(c.policy for c in self.cells))

    @cached_property
    def rulebooks(self) -> dict[str, Policy]:
        """The policies with their rules."""
        return {name: load_policy(name) for name in self.policies}

    @cached_property
    def obediences(self) -> list[str]:
        """Degrees of obedience that ran, the fullest first."""
        ran = {c.obedience for c in self.cells}
        return [o for o in OBEDIENCE if o in ran]

    @property
    def all_sides(self) -> bool:
        """Whether full, default and no obedience all ran, so that they can be laid side by side."""
        return set(SIDES) <= set(self.obediences)

    @property
    def scenario(self) -> Scenario:
        """The first scenario that ran, for what all of them share: dates, drugs, assumed numbers."""
        return self.results[self.cells[0].name].scenario

    @property
    def replications(self) -> str:
        """How many replications each scenario has, or from how few to how many."""
        n = sorted({len(self.results[c.name].values.columns) for c in self.cells})
        return str(n[0]) if len(n) == 1 else f"{n[0]}–{n[-1]}"

    def policies_in(self, region: str, obedience: str = "default") -> list[str]:
        """Policies that ran in a region."""
        return [c.policy for c in self.cells if c.region == region and c.obedience == obedience]

    def cell(self, region: str, policy: str, obedience: str = "default") -> Cell | None:
        """The scenario of a region, policy and obedience, if it ran."""
        return self._cells.get((region, policy, obedience))

    @cached_property
    def _cells(self) -> dict[tuple[str, str, str], Cell]:
        return {(c.region, c.policy, c.obedience): c for c in reversed(self.cells)}

    def paired(self, name: str, other: str) -> Effect | None:
        """Two runs, replication by replication; None where one is missing or they cannot be paired."""
        if name not in self.results or other not in self.results:
            return None
        if (name, other) not in self._effects:
            try:
                self._effects[name, other] = compare(self.results[name], self.results[other])
            except ValueError:
                self._effects[name, other] = None
        return self._effects[name, other]

    def plausible(self, name: str, other: str) -> Plausible | None:
        """Their difference over the worlds, luck taken out; None where numbers were not drawn or no world ran twice."""
        effect, twice = self.paired(name, other), [self.again.get(n) for n in (name, other)]
        if self.world == "middle" or effect is None or None in twice:
            return None
        results = (effect.result, effect.baseline)
        return Plausible(results, difference(results), turn(twice, AGAIN), turn(twice, OTHERS))

    @cached_property
    def _effects(self) -> dict[tuple[str, str], Effect | None]:
        """The pairs that were asked for, with the tables that they have worked out."""
        return {}

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every indicator of every scenario: mean and interval, and the paired difference to the baseline policy."""
        return pd.concat([self._rows(c) for c in self.cells], ignore_index=True)

    @cached_property
    def table_otherwise(self) -> pd.DataFrame:
        """As `table`, of the scenarios that were read otherwise; their baselines are read so, too."""
        parts = [self._rows(c) for c in self.read_otherwise]
        return pd.concat(parts, ignore_index=True) if parts else self.table.iloc[:0]

    def row(self, cell: Cell, indicator: str, by: str, group: str) -> pd.Series:
        """One indicator of one scenario as in `table`, of one that was read otherwise, too."""
        t = self.table_otherwise if cell.reading else self.table
        return t[
            (t["scenario"] == cell.name) & (t["indicator"] == indicator) & (t["by"] == by) & (t["group"] == group)
        ].iloc[0]

    def _rows(self, cell: Cell) -> pd.DataFrame:
        rows = self.results[cell.name].table()
        effect = self.paired(cell.name, cell.baseline)
        if effect is not None:
            d = effect.table()[[*KEY, "difference", "low", "high", "sd", "baseline"]]
            d = d.rename(columns={"low": "difference_low", "high": "difference_high", "sd": "difference_sd"})
            rows = rows.merge(d, on=KEY, how="left")
        for i, (name, value) in enumerate(_labels(cell).items()):
            rows.insert(i, name, value)
        return rows

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Availability curves of every scenario by level and month."""
        tables = []
        for cell in self.cells:
            t = self.results[cell.name].curve_table()
            for i, (name, value) in enumerate(_labels(cell).items()):
                t.insert(i, name, value)
            tables.append(t)
        return pd.concat(tables, ignore_index=True)

    def pick(
        self, indicator: str, by: str = LEVEL[0], group: str = LEVEL[1], obedience: str = "default"
    ) -> pd.DataFrame:
        """One indicator of all regions and policies, indexed by (region, policy)."""
        t = self._by_key.get((indicator, by, group))
        if t is None:
            return self.table.iloc[:0].set_index(["region", "policy"])
        return t[t["obedience"] == obedience].set_index(["region", "policy"])

    @cached_property
    def _by_key(self) -> dict[tuple, pd.DataFrame]:
        return dict(iter(self.table.groupby(KEY)))

    @property
    def provisional(self) -> bool:
        """Whether any run reaches past the last published holiday calendar."""
        return "provisional" in {calendar_status(r) for r in self.results.values()}


def calendar_status(result: Result) -> str:
    """ "published", "provisional" or "every_day"."""
    return result.scenario.calendar.status(result.scenario.horizon)


def _labels(cell: Cell) -> dict[str, object]:
    return {
        "scenario": cell.name,
        "region": cell.region,
        "policy": cell.policy,
        "obedience": cell.obedience,
        "reading": cell.reading,
        "own_rules": cell.own,
    }


def load_study(name: str, folder: Path) -> Study:
    """Gather what a batch left in a folder. A run that is missing or does not fit is listed as failed, not raised."""
    experiment = load_experiment(name)
    results, failed = {}, {}
    for cell in experiment.cells:
        path = folder / "scenarios" / f"{cell.name}.parquet"
        said = read_json(path.with_suffix(".json"))  # a result counts only with the record that was written after it
        if said.get("failed") or not said.get("files"):
            failed[cell.name] = said.get("failed", "not run to its end")
            continue
        try:
            results[cell.name] = read_result(path, load_cell(cell))
        except InputError as e:
            failed[cell.name] = str(e)
    if not results:
        raise InputError(f"{folder.name}: no finished scenario of {name}; run `simlib batch {name}` first")
    manifest = read_json(folder / MANIFEST)
    moved, obeyed = (_paired_tables(experiment, results, folder / part) for part in ("sensitivity", "obedience"))
    between = {name: of_table(table) for name, table in obeyed[0].items()}
    twice = _again(results, folder / "again")
    told = _ledgers(results, folder / LEDGERS)
    return Study(experiment, results, failed, moved[0], moved[1] | obeyed[1], between, twice, told, manifest)


def _ledgers(results: Mapping[str, Result], folder: Path) -> dict[str, Seal]:
    """The finished ledgers that the batch took over."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        if path.stem in results:
            with suppress(InputError):  # damaged: the next batch takes it over anew
                found[path.stem] = read_seal(path)
    return found


def _again(results: Mapping[str, Result], folder: Path) -> dict[str, Result]:
    """The runs of some worlds with other luck that belong to these results."""
    found = {}
    for name, result in results.items():
        with suppress(InputError):  # of other inputs: then luck is not told from the rest
            if (folder / f"{name}.json").is_file():
                found[name] = read_result(folder / f"{name}.parquet", result.scenario)
    return found


def of_table(table: pd.DataFrame) -> pd.DataFrame:
    """Differences by obedience as they are kept (`simlib.experiments.obedience_curve.as_table`), with their index again."""
    found = table.set_index(["share", *KEY]).astype(float)
    return found.set_axis([int(c) for c in found.columns], axis=1)


def _paired_tables(
    experiment: Experiment, results: Mapping[str, Result], folder: Path
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """The tables about a scenario and its baseline in a folder that fit the runs, and of the others why they are left out."""
    tables, unfit = {}, {}
    for path in sorted(folder.glob("*.parquet")):
        if path.stem not in results:
            continue
        other = experiment.cell(path.stem).baseline
        try:
            if other not in results:
                raise InputError(f"{path.name}: its baseline {other} has no result")
            tables[path.stem] = read_sensitivity(path, [results[n].scenario for n in (path.stem, other)])
        except InputError as e:
            unfit[path.stem] = str(e)
    return tables, unfit


def bounds(row: pd.Series) -> tuple[float, float, float]:
    """(mean, low, high) of one row."""
    return float(row["mean"]), float(row["low"]), float(row["high"])


def gain(row: pd.Series) -> tuple[float, float, float]:
    """(difference to the baseline, low, high) of one row; NaN where there is no baseline."""
    if "difference" not in row:
        return (np.nan,) * 3
    return float(row["difference"]), float(row["difference_low"]), float(row["difference_high"])
