"""The answer in two sentences, computed from the runs: which rulebook does best where, how sure, and on what it hinges.

Within a place two rulebooks are compared pair by pair on the same random numbers; where the interval of that
difference holds zero, no order is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simlib.core.numerals import grouped
from simlib.experiments.plausible import PARTS, parts
from simlib.experiments.study import LEVEL, MAIN, PROVIDED, Study, bounds, gain
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, policy_name
from simlib.words.values import number
from simlib.world.assumptions import assumption

STILL = 1e-9  # a swing up to this is none


@dataclass(frozen=True)
class Best:
    """The leading rulebook of a place. ties: rulebooks from which it cannot be told apart (the baseline too)."""

    region: str
    policy: str
    name: str  # of the scenario
    value: tuple[float, float, float]
    gain: tuple[float, float, float]
    second: str | None
    ahead: tuple[float, float, float]
    ties: tuple[str, ...]


def best_by_region(study: Study, indicator: str = MAIN) -> list[Best]:
    """The leader of each place at default obedience, by the mean of an indicator of which more is better."""
    pick = study.pick(indicator)
    found = []
    for region in study.regions:
        if region not in pick.index.get_level_values(0):
            continue
        here = pick.loc[region].dropna(subset=["mean"]).sort_values("mean", ascending=False, kind="stable")
        if len(here):
            found.append(_best(study, region, here, indicator))
    return found


def _best(study: Study, region: str, here: pd.DataFrame, indicator: str) -> Best:
    first = here.iloc[0]
    ahead, ties = [], []
    for policy, row in here.iloc[1:].iterrows():
        effect = study.paired(first["scenario"], row["scenario"])
        d = difference(effect, indicator) if effect else (np.nan,) * 3
        ahead.append(d)
        if not d[1] > 0:  # zero inside, or unknown
            ties.append(policy)
    second = here.index[1] if len(here) > 1 else None
    return Best(
        region, here.index[0], first["scenario"], bounds(first), gain(first), second,
        ahead[0] if ahead else (np.nan,) * 3, tuple(ties),
    )  # fmt: skip


def difference(effect, indicator: str, by: str = LEVEL[0], group: str = LEVEL[1]) -> tuple[float, float, float]:
    """(mean, low, high) of a paired difference."""
    row = effect.value(indicator, by, group)
    return float(row["difference"]), float(row["low"]), float(row["high"])


def sentences(study: Study, w: Words) -> tuple[str, str]:
    """The two sentences of the answer."""
    return _which(study, w), _how_sure(study, w)


def _which(study: Study, w: Words) -> str:
    groups: dict[str, list[Best]] = {}
    for best in best_by_region(study):
        if study.baseline not in (best.policy, *best.ties):
            groups.setdefault(best.policy, []).append(best)
    if not groups:
        return w.say("answer_none", baseline=baseline_name(study, w))
    parts = []
    for policy, bests in groups.items():
        here = [_place_words(study, b, w) for b in bests]
        name = policy_name(policy, w, study.rulebooks.get(policy))
        parts.append(w.say("answer_group", policy=name, places=w.both(here)))
    undecided = [b.region for b in best_by_region(study) if study.baseline in (b.policy, *b.ties)]
    if undecided:
        places = w.both([place_of(study, r, w) for r in undecided])
        parts.append(w.say("answer_undecided", places=places, baseline=baseline_name(study, w)))
    return w.say("answer_best", groups=w["semicolon"].join(parts))


def _place_words(study: Study, best: Best, w: Words) -> str:
    others = w.both([policy_name(p, w, study.rulebooks.get(p)) for p in best.ties])
    tie = w.say("answer_tie", others=others) if best.ties else ""
    change, low, high = (100 * x for x in best.gain)
    provided = study.pick(PROVIDED)["mean"][best.region, best.policy]
    return w.say(
        "answer_place", region=place_of(study, best.region, w), mean=number(100 * best.value[0]), tie=tie,
        provided=number(100 * provided),
        gain=_signed(change, w), low=_signed(low, w), high=_signed(high, w), baseline=baseline_name(study, w),
    )  # fmt: skip


def _signed(x: float, w: Words) -> str:
    """A gain with its sign; in Chinese, where the sentence says "higher by", without a plus."""
    return number(x, sign=w.language != "zh")


def _how_sure(study: Study, w: Words) -> str:
    name = hinge(study)
    worlds = worlds_sentence(study, w)
    if worlds:
        return worlds + _moved_most(study, name, w)
    if name is None:
        return w.say("answer_no_sensitivity", luck=w["answer_luck"])
    table, cell = moving(study.sensitivity[name]), study.experiment.cell(name)
    low, high = envelope(table)
    main = gain(study.pick(MAIN, obedience=cell.obedience).loc[(cell.region, cell.policy)])[0]
    return w.say(
        "answer_hinge", luck=w["answer_luck"], policy=policy_name(cell.policy, w, study.rulebooks.get(cell.policy)),
        region=place_of(study, cell.region, w), base=number(100 * table["effect_base"].iloc[0], sign=True),
        main=number(100 * main, sign=True),
        low=number(100 * low, sign=True), high=number(100 * high, sign=True), n=table["replications"].iloc[0],
        first=_assumption(table.iloc[0], w), second=_assumption(table.iloc[1], w),
    )  # fmt: skip


def _moved_most(study: Study, name: str | None, w: Words) -> str:
    """Which two assumed numbers move the largest gain most, each moved alone."""
    if name is None:
        return ""
    table, cell = moving(study.sensitivity[name]), study.experiment.cell(name)
    return w.say(
        "answer_moved", policy=policy_name(cell.policy, w, study.rulebooks.get(cell.policy)),
        region=place_of(study, cell.region, w), first=_assumption(table.iloc[0], w), second=_assumption(table.iloc[1], w),
    )  # fmt: skip


def worlds_sentence(study: Study, w: Words) -> str:
    """How far what the figures leave open carries the leading gains, and in how many worlds they hold; "" in the middle."""
    places, lucky, answers = [], [], []
    for best in best_by_region(study):
        found = worlds_of(study, best)
        if found is None or study.baseline in (best.policy, *best.ties):
            continue
        answers.append(study.plausible(best.name, study.cell(best.region, study.baseline).name))
        n = int(found["replications"])
        total = found["luck_sd"] ** 2 + found["worlds_sd"] ** 2
        lucky.append(found["luck_sd"] ** 2 / total if total > 0 else 1.0)
        if not found["worlds_sd"] > 0:
            mean = _signed(100 * found["mean"], w)
            places.append(w.say("answer_world_luck", region=place_of(study, best.region, w), mean=mean))
            continue
        low, high = (_signed(100 * found[k], w) for k in ("worlds_low", "worlds_high"))
        places.append(
            w.say(
                "answer_world", region=place_of(study, best.region, w), low=low, high=high,
                count=round(n * found["positive"]), n=n,
            )
        )  # fmt: skip
    if not places:
        return w[f"answer_drawn_{study.world}"] if study.world != "middle" else ""
    said = w.say("answer_worlds", drawn=w[f"answer_drawn_{study.world}"], places=w["semicolon"].join(places))
    shares = parts(answers, MAIN, *LEVEL)
    if shares.empty:
        return said + w.say("answer_luck_part", low=number(100 * min(lucky), 0), high=number(100 * max(lucky), 0))
    split = sum(a.others is not None and len(a.others.columns) > 0 for a in answers)
    return said + w.say("answer_parts", n=split, **{part: shown_part(shares.loc[part], w) for part in PARTS})


def shown_part(row: pd.Series, w: Words) -> str:
    """A part of a spread with its interval."""
    share, low, high = (number(100 * row[k], 0) for k in ("share", "low", "high"))
    return w.say("part_of_spread", share=share, low=low, high=high)


def worlds_of(study: Study, best: Best) -> pd.Series | None:
    """The row of `Plausible.table` of a leader's gain over the baseline; None where numbers were not drawn."""
    cell = study.cell(best.region, study.baseline)
    found = study.plausible(best.name, cell.name) if cell and cell.name != best.name else None
    return None if found is None else found.row(MAIN, *LEVEL)


def ahead_in(study: Study, best: Best, indicator: str = MAIN) -> tuple[int, int] | None:
    """(worlds in which a leader is ahead of the next, all worlds); None where that is not known."""
    cell = study.cell(best.region, best.second) if best.second else None
    found = study.plausible(best.name, cell.name) if cell else None
    if found is None:
        return None
    row = found.row(indicator, *LEVEL)
    n = int(row["replications"])
    return round(n * row["positive"]), n


def _assumption(row: pd.Series, w: Words) -> str:
    low, high = (grouped(f"{row[k]:g}") for k in ("low_value", "high_value"))
    found = assumption(row["path"])
    return w.say("answer_assumption", name=found.title(w.language), low=low, high=high, id=found.id)


def hinge(study: Study) -> str | None:
    """The scenario whose sensitivity the answer quotes: of those that were run, the one with the largest gain."""
    ran = [n for n, t in study.sensitivity.items() if len(moving(t)) > 1]
    return max(ran, key=lambda n: (study.sensitivity[n]["effect_base"].iloc[0], n)) if ran else None


def moving(table: pd.DataFrame) -> pd.DataFrame:
    """The assumptions that move the gain at all."""
    return table[table["swing"] > STILL].reset_index(drop=True)


def envelope(table: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest gain over all one-at-a-time moves, the assumed values among them."""
    ends = table[["effect_base", "effect_low", "effect_high"]].to_numpy(float)
    return float(np.nanmin(ends)), float(np.nanmax(ends))
