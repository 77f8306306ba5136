"""The page 'what this cannot say': sentences of the report, and gaps whose size is counted from the data."""

from __future__ import annotations

from simlib.documentation.blocks import paragraph, points
from simlib.documentation.facts import rows_of, stored, titled
from simlib.documentation.markdown import page
from simlib.documentation.words import Words
from simlib.policy.clauses import clauses
from simlib.policy.readings import readings
from simlib.words import words
from simlib.words.nodes import Heading

_ORDER = (  # heads are the report's, `cannot_..._head`
    "numbers", "obey", "fitted", "class", "before", "committee", "temporary", "listing", "payment", "fund", "health", "prices", "behaviour", "drugs", "hospitals", "texts", "calendar", "luck",
    "together", "order",
)  # fmt: skip
_OF_REPORT = {"obey": "limit_obey", "health": "limit_scope", "luck": "limit_interval", "together": "limit_one", "order": "limit_order"}  # fmt: skip
_OF_HANDOUT = (
    "class",
    "before",
    "committee",
    "temporary",
    "listing",
    "payment",
    "fund",
    "prices",
    "behaviour",
)  # whole sentences that hold for every run


def limits_markdown(w: Words) -> str:
    """The whole page."""
    more = words(w.language, "documents")
    blanks = counts() | {"cohort": w["limit_cohort"], "fitted": more["cannot_fitted"]}
    texts = {key: w.say(f"limits_{key}", **blanks) for key in _ORDER if f"limits_{key}" in w}
    texts |= {key: w[name] for key, name in _OF_REPORT.items()}
    texts |= {key: more[f"cannot_{key}"] for key in _OF_HANDOUT}
    texts["texts"] = " ".join(
        [texts["texts"], *(r[f"also_{w.language}"] for r in rows_of("documents.csv") if r["also_en"])]
    )
    said = points((more[f"cannot_{key}_head"], texts[key]) for key in _ORDER)
    return page([Heading(w["limits_title"], 1), paragraph(w["made_from"]), paragraph(w["limits_intro"]), said])


def counts() -> dict[str, int]:
    """How many numbers, hospitals, clauses and readings there are, and how many of them are assumed or not simulated."""
    kinds = [a.kind for a in stored().scenario.assumptions]
    table = clauses()
    drawn = [s["count"] for r in titled("regions") if r["name"] != "nation" for s in r["strata"] if not s.get("name")]
    return {
        "all": len(kinds) - kinds.count("switch"),
        "assumed": kinds.count("assumed"),
        "hospitals": sum(drawn),
        "clauses": len(table),
        "context": int((table["status"] == "context").sum()),
        "readings": len(readings()),
    }
