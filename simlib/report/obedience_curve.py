"""That no obedience was ever measured, and what the answer is at other shares of hospitals that obey."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from simlib.experiments.obedience_curve import MUST, ObedienceCurve, default_share, drawn
from simlib.experiments.study import Study
from simlib.scenario.experiment_files import SIDES
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name
from simlib.words.nodes import Node, Picture, Text
from simlib.words.values import number
from simlib.world.assumptions import assumption


def unmeasured(study: Study, w: Words, see: bool = False) -> str:
    """That the default is an assumption; see: and where the curve stands, if there is one."""
    low, high = (number(100 * float(x), 0) for x in assumption(MUST).range)
    share = number(100 * default_share(study.scenario), 0)
    more = w.say("unmeasured_see", section=w["obedience_title"]) if see and drawn(study) else ""
    return w.say("unmeasured", share=share, low=low, high=high) + more


def needed(study: Study, w: Words) -> str:
    """Which share would give half of the largest gain, place by place, and where more obedience gains less; "" for no gain."""
    curves = drawn(study)
    shares = {r: c.needed() for r, c in curves.items() if len(c.points()) > len(SIDES)}  # three points tell too little
    parts = [
        w.say("needed_part", region=place_of(study, region, w), share=number(100 * x, 0))
        for region, x in shares.items()
        if x > 0
    ]
    free = [place_of(study, region, w) for region, x in shares.items() if x == 0]
    said = [w.say("needed", baseline=baseline_name(study, w), parts=w.both(parts))] if parts else []
    said += [w.say("needed_free", places=w.both(free))] if free else []
    said += [t for region, curve in curves.items() if (t := _turning(curve, place_of(study, region, w), w))]
    return ("" if w.language == "zh" else " ").join(said)


def _turning(curve: ObedienceCurve, place: str, w: Words) -> str:
    """Where a curve falls towards full obedience; "" where it does not."""
    share, gains = curve.turns(), curve.points()["difference"]
    if share is None:
        return ""
    most, full = (number(100 * gains[s]) for s in (share, 1.0))
    return w.say("obey_turns", region=place, share=number(100 * share, 0), most=most, full=full)


def curve_nodes(study: Study, w: Words, figures: Mapping[str, Figure]) -> list[Node]:
    """What was never measured, the share that half of the gain would take, and the curve."""
    nodes: list[Node] = [Text(t) for t in (unmeasured(study, w), needed(study, w)) if t]
    if drawn(study):
        caption = w.say("fig_obedience_curve", baseline=baseline_name(study, w))
        nodes.append(Picture(figures["obedience-curve"], caption, w["obedience_curve_read"]))
    return nodes
