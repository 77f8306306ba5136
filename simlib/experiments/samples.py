"""What a comparison rests on: how many hospitals, drugs and replications."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.experiments.run import Result
from simlib.experiments.study import Study
from simlib.model.vectors import add_each
from simlib.outcomes.indicators import MONTHS
from simlib.world.cohort import Drugs, build_drugs

FEWEST_DRUGS = 5  # a curve is drawn as far as so many counted drugs can reach


@dataclass(frozen=True)
class Sample:
    """Counted drugs, as means over replications. reach: float64 (MONTHS,), how many are seen so many months."""

    real: float
    synthetic: float
    reach: np.ndarray

    @property
    def counted(self) -> float:
        """All counted drugs."""
        return self.real + self.synthetic

    @property
    def last_month(self) -> int:
        """The last month that enough drugs can reach; where they are few throughout, the last that any can."""
        enough = np.flatnonzero(self.reach >= FEWEST_DRUGS)
        if len(enough) and enough[-1] > 0:
            return int(enough[-1])
        some = np.flatnonzero(self.reach > 0)
        return int(some[-1]) if len(some) and some[-1] > 0 else MONTHS - 1


_known: dict[tuple[str, tuple], Sample] = {}


def drugs_counted(result: Result) -> Sample:
    """The drugs that a run counts; they are drawn again, which is cheap, since results do not hold them."""
    s = result.scenario
    key = (s.digest(), tuple(result.values.columns))
    if key not in _known:
        found = []
        for replication in result.values.columns:
            drugs = build_drugs(s.cohort, s.calendar, s.horizon, s.parameters, (s.seed, int(replication)))
            counted = (drugs.approval >= s.policy_from) & (drugs.approval < s.count_until)
            found.append((*_kinds(drugs, counted), *_reach(result, drugs.approval[counted])))
        real, synthetic, *reach = np.mean(found, axis=0)
        _known[key] = Sample(float(real), float(synthetic), np.array(reach))
    return _known[key]


def _kinds(drugs: Drugs, counted: np.ndarray) -> tuple[int, int]:
    synthetic = int((drugs.synthetic & counted).sum())
    return int(counted.sum()) - synthetic, synthetic


def _reach(result: Result, approval: np.ndarray) -> list[int]:
    s = result.scenario
    ends = (add_each(s.calendar.table, approval, np.full(len(approval), float(m)), "months") for m in range(MONTHS))
    return [int((end < s.horizon).sum()) for end in ends]


def sample(study: Study) -> Sample:
    """The counted drugs of a study, whose scenarios share them."""
    return drugs_counted(study.results[study.cells[0].name])


def hospitals(study: Study, region: str) -> dict[int, int]:
    """Number of hospitals of a place by level."""
    from simlib.world.region import build_hospitals

    s = study.results[next(c.name for c in study.cells if c.region == region)].scenario
    if s.region is None:
        return {}
    levels = build_hospitals(s.region, s.seed, 0.0, 0.0).level
    return {level: int((levels == level).sum()) for level in (3, 2, 1)}
