"""The keys of a page's headlines; and for a terminal what a seal says, what is not here as it was sealed, and whether the digits came out the same."""

from __future__ import annotations

from collections.abc import Sequence

from simlib.core.files import InputError
from simlib.experiments.seals import Digits, Seal
from simlib.experiments.study import MAIN, Study
from simlib.report.answer import best_by_region
from simlib.report.lines import columns
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, group_name, indicator_name, policy_name
from simlib.words.nodes import Code, Node, Text, table
from simlib.words.values import DASH, with_interval
from simlib.words.wrap import wrapped

SHOWN = 6  # files of one kind that are named
KINDS = ("inputs", "sources", "packages")
LONG = 120  # seconds from which a duration is told in minutes

Differing = Sequence[tuple[str, str, str, str]]  # as `simlib.experiments.seals.differing` gives them


def seal_nodes(study: Study, w: Words) -> list[Node]:
    """A row a headline, with its key; nothing where the batch sealed none."""
    keys = study.manifest.get("seals") or {}
    rows = [
        (
            place_of(study, b.region, w), policy_name(b.policy, w, study.rulebooks.get(b.policy)),
            with_interval(MAIN, b.gain, w, True), Code(str(keys[b.name])),
        )
        for b in best_by_region(study) if b.name in keys
    ]  # fmt: skip
    if not rows:
        return []
    gain = w.say("col_gain", baseline=baseline_name(study, w))
    head = (w["col_region"], w["col_policy"], f"{gain}: {w['col_interval']}", w["col_seal"])
    return [Text(w["seal_text"]), table(head, rows, w["seal_caption"], "small")]


def key_text(sealed: Seal | InputError, w: Words) -> str:
    """Under a ledger: its key, and that of its first line; or why it has none."""
    if isinstance(sealed, InputError):
        told = w.say("seal_none", why=str(sealed))
    else:
        told = w.say("seal_key", seal=sealed.key, line=list(sealed.digits)[1])
    return "\n".join(wrapped(told, w.language))


def about(found: Seal, w: Words) -> list[str]:
    """What was sealed, and how long it took."""
    asked, made = found.asked, found.made
    shares = len(found.digits) - 1
    blanks = {
        "seal": found.key, "scenario": asked.scenario.name, "baseline": asked.baseline.name,
        "name": indicator_name(asked.key[0], w.language), "group": group_name(*asked.key[1:], w), "world": asked.world,
    }  # fmt: skip
    if asked.shares:
        told = w.say("seal_ledger", n=shares, **blanks)
    else:
        told = w.say("seal_difference", n=asked.replications, **blanks)
    time = duration(made.seconds, w)
    took = w.say("seal_took", time=time, runs=made.runs, found=made.of - made.runs, simlib=made.simlib)
    return [told, took]


def duration(seconds: float, w: Words) -> str:
    """A time, in seconds or minutes."""
    if seconds < LONG:
        return w.say("seal_seconds", n=f"{max(seconds, 0.1):.1f}")
    return w.say("seal_minutes", n=f"{seconds / 60:.0f}")


def differing_lines(found: Seal, differing: Differing, w: Words) -> list[str]:
    """A line for each thing that is not here as it was sealed, and the remedy."""
    out = []
    for kind in KINDS:
        rows = [row for row in differing if row[0] == kind]
        out += [_differs(*row, w) for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            out.append(w.say(f"seal_more_{kind}", n=len(rows) - SHOWN))
    return [*out, remedy(found, w)]


def _differs(kind: str, name: str, was: str, now: str, w: Words) -> str:
    if kind == "packages":
        return w.say("seal_package", name=name, was=was or DASH, now=now or DASH)
    key = "seal_file" if was and now else "seal_gone" if was else "seal_new"
    return w.say(key, name=name, was=was, now=now)


def remedy(found: Seal, w: Words) -> str:
    """How to get what was sealed."""
    made = found.made
    if not made.commit:
        return w.say("seal_remedy_version", simlib=made.simlib)
    return w.say("seal_remedy_changed" if made.changed_since_commit else "seal_remedy", commit=made.commit[:12])


def outcome_lines(sealed: Digits, now: Digits, unlike: Sequence[tuple], seconds: float, w: Words) -> list[str]:
    """Whether the digits are the same, and which they are."""
    if unlike:
        rows = [tuple(w[f"seal_col_{k}"] for k in ("line", "number", "sealed", "here"))]
        rows += [(line, w[f"seal_{name}"], digits(x), digits(y)) for line, name, x, y in unlike]
        return [w.say("seal_other", n=len(unlike), of=sum(map(len, sealed.values()))), *columns(rows)]
    names = list(dict.fromkeys(name for numbers in sealed.values() for name in numbers))
    rows = [(w["seal_col_line"], *(w[f"seal_{name}"] for name in names))]
    rows += [(line, *(digits(x[n]) if n in x else "" for n in names)) for line, x in now.items() if line in sealed]
    return [w.say("seal_same", time=duration(seconds, w)), *columns(rows)]


def digits(x: float | None) -> str:
    """A number with all of its digits."""
    return DASH if x is None else repr(x)


def replay_text(found: Seal, differing: Differing, told: Sequence[str], w: Words, anyway: bool = False) -> str:
    """What a replay says below `about`: what differs, and what came of it."""
    lines = differing_lines(found, differing, w) if differing else [w["seal_nothing_differs"]]
    if differing and anyway:
        lines = [*lines[:-1], w["seal_anyway"]]
    out = [part for line in lines for part in wrapped(line, w.language)]
    return "\n".join([*out, *told])
