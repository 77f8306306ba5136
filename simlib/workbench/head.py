"""What is picked: language, place, drugs, obedience, what it is compared with, and the rulebooks as one-click presets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as iw

from simlib.core.files import read_yaml, scenarios
from simlib.policy.load import names as policy_names
from simlib.policy.vocabulary.words import place_words
from simlib.scenario.experiment_files import OBEDIENCE
from simlib.words import LANGUAGES, Words
from simlib.words.names import policy_name
from simlib.workbench.places import SMALL, cohorts, regions
from simlib.workbench.session import NUMBERS, WRITTEN, Session

FLOW = (
    "before-2021",
    "before-reform",
    "national",
    "sichuan",
    "chongqing",
    "beijing",
    "guangzhou",
)  # the order of the figures
MOST = (4, 8, 16, 32, 64)


class Head:
    """The pickers; `show` sets them without telling.

    do: takes a step of the session. speak, sharpen: take another language or number of replications.
    """

    def __init__(
        self,
        session: Session,
        w: Words,
        most: int,
        do: Callable[[Callable[[], object]], bool],
        speak: Callable[[str], None],
        sharpen: Callable[[int], None],
    ) -> None:
        self.session, self.do, self.quiet = session, do, False
        c = session.choice
        self.language = iw.ToggleButtons(
            options=[(w[f"language_{n}"], n) for n in LANGUAGES], value=w.language, style={"button_width": "72px"}
        )
        self.language.add_class("simlib-language")
        self.language.observe(lambda e: speak(e["new"]), "value")
        places = [(w["place_small-world"] if r == SMALL else place_words(r, w.language), r) for r in regions()]
        self.picks = {
            "region": _pick("region", places, c.region, w, "330px"),
            "cohort": _pick("cohort", [(cohort_name(n, w), n) for n in cohorts()], c.cohort, w, "360px"),
            "obedience": _pick("obedience", [(w[f"obedience_{o}"], o) for o in OBEDIENCE], c.obedience, w, "190px"),
            "world": _pick("world", [(w[f"world_{n}"], n) for n in NUMBERS], c.world, w, "330px"),
            "baseline": _pick("baseline", _baselines(w), c.baseline, w, "330px"),
        }
        for name, widget in self.picks.items():
            widget.observe(lambda e, name=name: self._picked(**{name: e["new"]}), "value")
        self.most = _pick("most", [(str(n), n) for n in sorted({*MOST, most})], most, w, "190px")
        self.most.observe(lambda e: sharpen(e["new"]), "value")
        known = [p for p in FLOW if p in policy_names()] + [p for p in policy_names() if p not in FLOW]
        self.policy = iw.ToggleButtons(
            options=[(policy_name(p, w), p) for p in known], value=c.policy, tooltips=[w["hint_policy"]] * len(known),
            style={"button_width": "112px"},
        )  # fmt: skip
        self.policy.add_class("simlib-presets")
        self.policy.observe(lambda e: self._picked(policy=e["new"]), "value")
        self.undo = iw.Button(description=w["undo"], icon="undo", layout={"width": "110px"})
        self.undo.on_click(lambda _: do(session.undo))
        self.reset = iw.Button(
            description=w["reset"], icon="refresh", layout={"width": "130px"}, tooltip=w["hint_policy"]
        )
        self.reset.on_click(lambda _: do(session.reset))
        wrap = {"flex_flow": "row wrap", "align_items": "center"}
        self.box = iw.VBox([
            iw.HBox([self.language, self.picks["region"], self.picks["cohort"]], layout=wrap),
            iw.HBox([self.picks["obedience"], self.picks["world"], self.picks["baseline"], self.most], layout=wrap),
            iw.HBox([iw.HTML(f"<b>{w['policy']}</b>"), self.policy, self.undo, self.reset], layout={**wrap, "grid_gap": "8px"}),
        ])  # fmt: skip
        self.show()

    def _picked(self, **what: Any) -> None:
        if not self.quiet:
            self.do(lambda: self.session.pick(**what))

    def show(self) -> None:
        """Stand where the session says."""
        self.quiet = True
        try:
            for name, widget in self.picks.items():
                widget.value = getattr(self.session.choice, name)
            self.policy.value = self.session.choice.policy
            self.undo.disabled, self.reset.disabled = not self.session.past, not self.session.changes
        finally:
            self.quiet = False


def _pick(name: str, options: list, value: Any, w: Words, width: str) -> iw.Dropdown:
    widget = iw.Dropdown(
        options=options, value=value, description=w[name], tooltip=w[f"hint_{name}"], layout={"width": width},
        style={"description_width": "initial"},
    )  # fmt: skip
    widget.add_class(f"simlib-{name}")
    return widget


def _baselines(w: Words) -> list[tuple[str, str]]:
    return [(w["baseline_as-written"], WRITTEN), *((policy_name(p, w), p) for p in FLOW if p in policy_names())]


def cohort_name(name: str, w: Words) -> str:
    """Title of a cohort."""
    title = read_yaml(scenarios() / "cohorts" / f"{name}.yaml").data.get("title", {})
    return title.get(w.language, name)
