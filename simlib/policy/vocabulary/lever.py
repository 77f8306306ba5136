"""What a lever is, and the words that several levers share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from simlib.core.phrases import Texts

Kind = Literal["flag", "limit", "count", "share", "number", "choice", "set", "schedule", "header"]
Strength = Literal["must", "declared", "encouraged", "explore"]
Direction = Literal["more", "less", "mixed"]
Read = Literal["any_time", "before_approval", "approval", "filing", "cut_off", "cut_off_too", "whatever_drug"]
Addressee = Literal[
    "hospital", "platform", "insurer", "firm", "city", "oversight", "world",
    "commercial_insurer", "customs", "drug_authority", "employer", "government", "patient", "pharmacy", "trial_site",
]  # fmt: skip

STRENGTHS: tuple[str, ...] = ("explore", "encouraged", "declared", "must")  # weakest first
ORDERS = ("declared", "must")  # what full obedience keeps: "may" and "encouraged" leave the choice to the hospital
TRIGGERS = ("listing", "catalogue", "application_list")
BARRIERS = (
    "drug_share",
    "cost_per_visit",
    "self_pay_ratio",
    "nrdl_membership",
    "two_specifications",
    "performance_monitoring",
    "total_budget",
    "formulary_size",
)
YEARS = (1990, 2100)  # calendar years that a schedule may name
_BOUNDS = {"count": (0.0, 366.0), "share": (0.0, 1.0)}
_BY_HOSPITAL = ("oversight", "payment", "settlement", "dual_channel")


class Bilingual(NamedTuple):
    """A text in both languages."""

    en: str
    zh: str


_SAID = Texts("levers", Bilingual)


@dataclass(frozen=True)
class Lever:
    """One kind of rule.

    kind: flag (true), limit (a duration), count, share, number, choice (ordered, best last), set (more is better),
    schedule (numbers by key, or by calendar year where `allowed` is empty), header (stands in a file's head).
    stage: the stage of `simlib.policy.flow.STAGES` that reads it. binds: who obeys; oversight binds nobody by itself but
    adds to obedience. low, high: bounds in `unit`, both inside; a limit may be written in another unit, so that only
    nothing is refused unless low is 0. favourable: which value helps access. moves: the indicator that it should
    move, of `simlib.outcomes.dictionary.INDICATORS`; up: whether a more favourable (if mixed: a larger) value raises it.
    packed: whether stages ask about it hospital by hospital, in compiled code: what hospitals obey, and what others
    decide about one hospital's hearing.
    acts_in: the stages in any of which it acts; left out, its own. needs: what has to be there besides, each a name of
    `simlib.policy.acting` (a stage, another lever, a fact of the scenario), or several of which one is enough ("a|b"); what
    only one word of a set needs stands after the word ("formulary_size:room"). read: when stages ask for it, or whatever drugs it names.
    """

    name: str
    kind: Kind
    stage: str
    binds: Addressee
    moves: str
    up: bool
    unit: str = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    favourable: Direction = "more"
    packed: bool = False
    acts_in: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    read: Read = "any_time"

    @property
    def title(self) -> Bilingual:
        """Its name for reading (`simlib/words/levers`)."""
        return _SAID[self.name]

    @property
    def says(self) -> Bilingual:
        """One sentence on what it does."""
        return _SAID[f"{self.name}.says"]

    @property
    def group(self) -> str:
        """The first part of the name."""
        return self.name.split(".")[0]

    @property
    def bounds(self) -> tuple[float, float]:
        """low and high; infinite where there is none."""
        return (-math.inf if self.low is None else self.low, math.inf if self.high is None else self.high)

    @property
    def smaller_is_better(self) -> bool:
        """Whether the smaller of two numbers or durations is the better one; a flag has no size."""
        return self.favourable == "less" and self.kind != "flag"

    @property
    def by_hospital(self) -> bool:
        """Whether a rule of this lever may name hospitals: those that a hospital obeys or meets in the committee."""
        return self.packed or self.binds == "oversight" or self.group in _BY_HOSPITAL


def lever(
    name: str,
    kind: Kind,
    stage: str,
    binds: Addressee,
    *allowed: str,
    raises: str = "",
    lowers: str = "",
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    favourable: Direction | None = None,
    packed: bool = False,
    acts_in: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    read: Read = "any_time",
) -> Lever:
    """A lever with what its kind implies; give the indicator that a better value `raises` or `lowers`.

    packed: give it where another than hospitals obeys and yet a hospital's hearing asks.
    """
    if bool(raises) == bool(lowers):
        raise ValueError(f"{name}: give one of raises, lowers")
    if kind in _BOUNDS and low is None:
        low, high = _BOUNDS[kind]
    return Lever(
        name=name,
        kind=kind,
        stage=stage,
        binds=binds,
        moves=raises or lowers,
        up=bool(raises),
        unit=unit or ("share" if kind == "share" else ""),
        allowed=allowed,
        low=low,
        high=high,
        favourable=favourable or ("less" if kind == "limit" else "more"),
        packed=packed or binds == "hospital",
        acts_in=acts_in or (stage,),
        needs=needs,
        read=read,
    )
