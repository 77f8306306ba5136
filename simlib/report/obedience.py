"""How much hangs on hospitals obeying: what a rulebook gains at each degree, and what is lost without obedience."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from simlib.experiments.run import interval
from simlib.experiments.study import LEVEL, MAIN, Study
from simlib.policy.vocabulary.words import value_words
from simlib.report.answer import best_by_region, difference
from simlib.scenario.experiment_files import SIDES
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, policy_name
from simlib.words.values import number

Triple = tuple[float, float, float]
PAIRS = 8  # of rulebooks that change places, named one by one


@dataclass(frozen=True)
class Hang:
    """A rulebook's gain by degree of obedience, each with interval; lost: of the default gain, gone without obedience."""

    region: str
    policy: str
    gains: dict[str, Triple]
    lost: Triple

    @property
    def part(self) -> float:
        """The lost part of the default gain, in per cent."""
        return 100 * self.lost[0] / self.gains["default"][0]


def hangs(study: Study) -> list[Hang]:
    """The leading rulebooks that gain for certain, the largest gain first; none unless all three degrees ran."""
    found = []
    for best in best_by_region(study):
        hang = _hang(study, best.region, best.policy)
        if hang and study.baseline not in (best.policy, *best.ties):
            found.append(hang)
    return sorted(found, key=lambda h: -h.gains["default"][0])


def _hang(study: Study, region: str, policy: str) -> Hang | None:
    gains, by_run = {}, {}
    for degree in SIDES:
        cell = study.cell(region, policy, degree)
        effect = study.paired(cell.name, cell.baseline) if cell else None
        if effect is None:
            return None
        gains[degree] = difference(effect, MAIN)
        key = (MAIN, *LEVEL)
        by_run[degree] = effect.result.values.loc[key] - effect.baseline.values.loc[key]
    return Hang(region, policy, gains, interval((by_run["default"] - by_run["none"]).to_numpy(float)))


def sentence(study: Study, w: Words) -> str:
    """The answer's line on obeying; "" where the three degrees did not run or nothing gains for certain."""
    found = hangs(study)
    if not found:
        return ""
    first, rest = found[0], [h.part for h in found[1:]]
    ends = list(dict.fromkeys(number(f(rest), 0) for f in (min, max))) if rest else []
    parts = w.say("to", low=ends[0], high=ends[-1]) if len(ends) > 1 else "".join(ends)
    others = w.say("hangs_others", parts=parts) if rest else ""
    blanks = {d: _points(first.gains[d], w) for d in SIDES}
    return w.say(
        "hangs", policy=_name(study, first.policy, w), region=place_of(study, first.region, w), **blanks,
        lost=_points(first.lost, w), part=number(first.part, 0), others=others, baseline=baseline_name(study, w),
    )  # fmt: skip


def _points(triple: Triple, w: Words) -> str:
    """ "22.2 (21.3 to 23.1)"."""
    mean, low, high = (number(100 * x) for x in triple)
    return mean if low == "–" else w.say("points_interval", mean=mean, low=low, high=high)


def conclusion(study: Study, w: Words) -> str:
    """The widest distance between full and default obedience, and whether rulebooks change places between them."""
    gaps = []
    for cell in study.cells:
        if cell.obedience != "full" or cell.policy == study.baseline:
            continue
        other = study.cell(cell.region, cell.policy)
        effect = study.paired(cell.name, other.name) if other else None
        if effect:
            gaps.append((difference(effect, MAIN), cell))
    if not gaps:
        return ""
    gap, cell = max(gaps, key=lambda g: g[0][0])
    pairs = turns(study)
    turned = [
        w.say("turned", region=place_of(study, r, w), a=_name(study, a, w), b=_name(study, b, w))
        for r, a, b in pairs[:PAIRS]
    ]
    if len(pairs) > PAIRS:
        turned.append(w.say("turned_more", count=len(pairs) - PAIRS))
    order = w.say("order_turns", pairs=w["semicolon"].join(turned)) if turned else w["order_same"]
    return w.say(
        "obedience_conclusion", policy=_name(study, cell.policy, w), region=place_of(study, cell.region, w),
        gap=_points(gap, w), order=order,
    )  # fmt: skip


def turns(study: Study) -> list[tuple[str, str, str]]:
    """(region, a, b): a is ahead of b for certain at default obedience, and behind it for certain at full.

    Only the main indicator is compared: whole comparisons of all pairs of two hundred rulebooks would fill the memory.
    """
    found = []
    for region in study.regions:
        by_degree = [_main_by_policy(study, region, degree) for degree in ("default", "full")]
        for a, b in combinations(study.policies_in(region), 2):
            signs = [surely_ahead(values.get(a), values.get(b)) for values in by_degree]
            if signs[0] * signs[1] < 0:
                found.append((region, a, b) if signs[0] > 0 else (region, b, a))
    return found


def _main_by_policy(study: Study, region: str, degree: str) -> dict[str, pd.Series]:
    """The main indicator by replication of each rulebook that ran."""
    cells = [c for p in study.policies_in(region, degree) if (c := study.cell(region, p, degree))]
    return {c.policy: study.results[c.name].values.loc[(MAIN, *LEVEL)] for c in cells}


def surely_ahead(a: pd.Series | None, b: pd.Series | None) -> int:
    """1 where a is ahead of b for certain, -1 where it is behind, 0 where no order is claimed."""
    if a is None or b is None or not a.index.equals(b.index):
        return 0
    _, low, high = interval(a.to_numpy(float) - b.to_numpy(float))
    return 1 if low > 0 else -1 if high < 0 else 0


def held_anyway(study: Study, w: Words) -> str:
    """Limits that a "must" abolishes for everybody, so that they are gone at no obedience too; "" where there are none."""
    found = []
    for policy in study.policies:
        layer = study.rulebooks[policy].layers[-1]
        for r in layer.rules:
            if r.lever == "committee.caps_lifted" and r.strength == "must":
                limit = value_words(r, language=w.language)
                found.append(w.say("held_limit", limit=limit, policy=_name(study, policy, w), clause=r.clause))
    return w.say("held_anyway", limits=w["semicolon"].join(found)) if found else ""


def _name(study: Study, policy: str, w: Words) -> str:
    return policy_name(policy, w, study.rulebooks.get(policy))
