"""The stages of the model: the one list of their names, for switches, levers, results, reports and the drawn flow."""

from __future__ import annotations

from dataclasses import dataclass

from simlib.core.phrases import Texts, side_by_side

APPROVAL = "approval"  # the date at which the flow begins; `Stage.after` may name it beside stages


@dataclass(frozen=True)
class Stage:
    """One stage. number: its place in the flow, 0 for what stands beside it. built: whether this version has it.

    title: its name in English and Chinese; left out, that of `simlib/words/flow`.

    after: the stages that it follows (or APPROVAL), the one that gives it its place in the drawing first. back: earlier
    stages on which it works back. lane: 0 for the main line, below 0 left of it, above 0 right of it. shared: what
    drugs or hospitals compete for there, names of `SHARED`. states: states of a pair of drug and hospital
    (`simlib.model.pair_records.STATES`) in which it waits there. reads, writes: what it takes from others and leaves to them,
    names of `THINGS`.
    """

    name: str
    number: int
    built: bool = True
    after: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    lane: int = 0
    shared: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    title: tuple[str, ...] = ()

    @property
    def en(self) -> str:
        """Its name in English."""
        return (self.title or _TITLES[self.name])[0]

    @property
    def zh(self) -> str:
        """Its name in Chinese."""
        return (self.title or _TITLES[self.name])[1]


_TITLES = Texts("flow", side_by_side, "stage.")
_IN_ORDER = (
    Stage("readiness", 1, after=(APPROVAL, "catalogue"), states=("not_listed",),
          reads=("approval", "entered"), writes=("filed",)),
    Stage("listing", 2, after=("readiness",), shared=("reviewers",), states=("not_listed",),
          reads=("filed",), writes=("listed", "in_time")),
    Stage("catalogue", 3, after=(APPROVAL,), lane=-1,
          reads=("approval", "drug"), writes=("entered", "effective", "commercial", "list_entry")),
    Stage("awareness", 4, after=("listing",), states=("not_aware",),
          reads=("listed",), writes=("aware",)),
    Stage("asking", 5, after=("awareness", "catalogue"), states=("not_asked",),
          reads=("aware", "listed", "entered", "commercial", "list_entry", "stock", "removed", "decision", "drug", "hospital"),
          writes=("ask",)),
    Stage("committee", 6, after=("asking", "catalogue"), back=("asking",), shared=("agenda",), states=("waiting", "deferred", "refused"),
          reads=("ask", "aware", "entered", "commercial", "list_entry", "temporary", "designated", "indications", "spending",
                 "terms", "drug", "hospital"),
          writes=("meetings", "heard", "decision", "passed")),
    Stage("room", 6, after=("committee",), shared=("formulary",), states=("waiting_for_room",),
          reads=("passed", "removed", "hospital"), writes=("placed",)),
    Stage("temporary", 7, after=("committee",), back=("committee",), lane=1, states=("temporary",),
          reads=("approval", "listed", "ask", "decision", "stock", "drug", "hospital"), writes=("temporary",)),
    Stage("purchase", 8, after=("room",), back=("asking",), states=("being_bought", "stocked"),
          reads=("placed", "passed", "aware"), writes=("stock",)),
    Stage("dual_channel", 9, after=("catalogue",), back=("committee",), lane=-1,
          reads=("approval", "effective", "drug", "hospital"), writes=("designated",)),
    Stage("use", 10, after=("purchase", "temporary", "dual_channel"), back=("asking", "committee", "room"), states=("removed",),
          reads=("approval", "stock", "temporary", "designated", "indications", "terms", "budget", "drug", "hospital"),
          writes=("patients", "spending", "removed")),
    Stage("payment", 11, after=("use",), back=("committee", "use"), shared=("budgets", "review_places"),
          reads=("spending", "listed", "effective", "commercial", "drug", "hospital"),
          writes=("terms", "budget", "bills")),
    Stage("routes", 12, after=(APPROVAL,), lane=1,
          reads=("hospital",), writes=("products",)),
    Stage("preapproval", 13, shared=("service_places",),
          reads=("drug",), writes=("approval", "indications", "supplements")),
    Stage("obedience", 0, reads=("hospital",), writes=("obeys",)),
    Stage("validity", 0),
)  # fmt: skip
STAGES: dict[str, Stage] = {stage.name: stage for stage in _IN_ORDER}

LATE = ("dual_channel", "use", "payment")  # stages 9 to 11, which read what hospitals obey a month at a time

# what stages take from one another, and what the world gives them
THINGS = Texts("flow", side_by_side, "thing.")
GIVEN = ("approval", "drug", "hospital")  # by the world, before any stage acts

# what is shared, and so why there are queues
SHARED = Texts("flow", side_by_side, "shared.")
