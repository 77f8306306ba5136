"""What stands below a figure: how to read it, and a sentence where it surprises, computed from the study."""

from __future__ import annotations

from collections.abc import Iterable

from simlib.experiments.samples import FEWEST_DRUGS, sample
from simlib.experiments.study import LEVEL, MAIN, Study
from simlib.see.colours import STATES
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import policy_name, state_name
from simlib.words.values import number


def below(name: str, study: Study, w: Words) -> str:
    """The explanation of one figure."""
    if name == "curves":
        return _curves(study, w)
    if name == "states":
        return w["states_read"] + _largest(study, w)
    return w[f"{name}_read"]


def _curves(study: Study, w: Words) -> str:
    drugs = sample(study)
    text = w.say(
        "curves_read", counted=number(drugs.counted, 0), measured=number(drugs.reach[24], 0), month=drugs.last_month,
        last=number(drugs.reach[drugs.last_month], 0), fewest=FEWEST_DRUGS,
    )  # fmt: skip
    pick = study.pick(MAIN)["mean"].dropna()
    if pick.empty or drugs.last_month < 24:
        return text
    region, policy = pick.idxmax()
    rows = study.curves[(study.curves["obedience"] == "default") & (study.curves["level"] == int(LEVEL[1]))]
    at = rows[(rows["region"] == region) & (rows["policy"] == policy) & (rows["month"] == 24)]["mean"].iloc[0]
    return text + w.say(
        "curves_example", policy=policy_name(policy, w, study.rulebooks.get(policy)), region=place_of(study, region, w),
        curve=number(100 * at), headline=number(100 * pick.max()),
    )  # fmt: skip


def _ends(values: Iterable[float], w: Words) -> str:
    """ "46 to 47", or "46" where both ends are the same."""
    ends = list(dict.fromkeys(number(f(values), 0) for f in (min, max)))
    return w.say("to", low=ends[0], high=ends[1]) if len(ends) > 1 else ends[0]


def _largest(study: Study, w: Words) -> str:
    """The largest slice before the reforms, where it is the same one in every place."""
    shares = {s: study.pick(f"state_{s}")["mean"] for s in STATES}
    top = []
    for region in study.regions:
        here = {s: p[region, study.baseline] for s, p in shares.items() if (region, study.baseline) in p.index}
        if here:
            state = max(here, key=here.__getitem__)
            top.append((state, 100 * here[state]))
    if not top or len({s for s, _ in top}) > 1:
        return ""
    state, share = top[0][0], _ends([x for _, x in top], w)
    text = w.say("largest_slice", state=state_name(state, w), share=share)
    if state != "not_asked":
        return text
    return text + w.say(
        "largest_not_asked", asked=_ends(100 * study.pick("asked").xs(study.baseline, level="policy")["mean"], w)
    )
