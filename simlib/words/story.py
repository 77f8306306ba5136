"""A traced pair's events as a story: steps with the days between them, who was waited for, which rules mattered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from simlib.outcomes.trace import Fate, Trace
from simlib.policy.levers import LEVERS, Bilingual
from simlib.policy.rules import Rule
from simlib.policy.vocabulary import words as w
from simlib.words.story_steps import Clause, Step, Teller
from simlib.words.story_words import PHRASES, Phrase, filled, pick, said
from simlib.words.wrap import width, wrapped
from simlib.world.lists_drugs import name_in

MOST_LINES, FIRST_STEPS, LAST_STEPS = 16, 6, 3  # what does not fit is told as "n more steps between"
MOST_RULES, INDENT = 6, 20
WAITS = {  # who is waited for after each event
    "approved": "firm", "returned": "papers", "filed": "platform", "complete": "platform", "listed": "learning",
    "learned": "department", "lock_out_ended": "department", "lapsed": "department", "asked": "committee",
    "lock_out_lifted": "committee", "deferred": "deferred", "refused": "lock_out", "passed": "room",
    "room_found": "purchase", "stocked": "",
}  # fmt: skip
SUPPLY_BEGINS, SUPPLY_ENDS = ("supply_began", "recorded_began"), ("supply_ended", "recorded_ended")


@dataclass(frozen=True)
class Story:
    """What `as_text` and `as_data` tell."""

    head: list[Phrase]
    steps: list[Step]
    waits: dict[str, int]
    total: Phrase
    supplied: int
    clauses: list[Clause]
    before: Phrase | None


def story(trace: Trace) -> Story:
    """The story of a pair, in no language yet."""
    teller = Teller(trace)
    steps = [] if trace.fate.state == "out_of_target" else teller.tell()
    waits = waited(trace)
    first, last = trace.events["day"].iloc[0].date(), trace.fate.stocked or trace.last_day
    total = said("total" if trace.fate.stocked else "total_open", n=(last - first).days)
    return Story(_head(trace), steps, waits, total, supplied(trace, last), teller.clauses(), _before(trace))


def as_text(trace: Trace, language: str = "en", told: Story | None = None) -> str:
    """The story in a language; told: the story, where it is at hand."""
    s = told or story(trace)
    lines = [line for x in s.head for line in wrapped(x.say(language), language)] + [""]
    if not s.steps:
        return "\n".join([*lines, said("outside").say(language)])
    lines += _timeline(s.steps, language) + [""]
    colon = pick(PHRASES["colon"], language)
    who = [said("wait", who=PHRASES[f"wait_{k}"], n=n) for k, n in s.waits.items() if n]
    lines += wrapped(s.total.say(language) + colon + filled(who, language), language)
    if s.supplied:
        lines += wrapped(said("supplied", n=s.supplied).say(language), language)
    if s.clauses:
        lines.append(pick(PHRASES["rules"], language) + colon.rstrip())
        lines += [
            x
            for c in s.clauses[:MOST_RULES]
            for x in wrapped(rule_words(trace, c).say(language), language, "  ", "    ")
        ]
    else:
        lines.append(pick(PHRASES["no_rules"], language))
    if s.before:
        lines += wrapped(s.before.say(language), language)
    return "\n".join(lines)


def as_data(trace: Trace) -> dict[str, Any]:
    """The story for machines."""
    s = story(trace)
    both = lambda x: {"en": x.say("en"), "zh": x.say("zh")}  # noqa: E731
    return {
        "scenario": trace.scenario.name,
        "replication": trace.replication,
        "drug": trace.drug,
        "hospital": trace.hospital,
        "level": trace.level,
        "type": trace.type,
        "owner": trace.owner,
        "fate": _fate_data(trace.fate),
        "steps": [
            {"day": str(x.day), "waited_days": x.waited, "en": x.say("en"), "zh": x.say("zh"), "clauses": x.clauses}
            for x in s.steps
        ],
        "waited_days": s.waits,
        "temporary_supply_days": s.supplied,
        "rules": [{"clause": c.clause, "lever": c.lever, "obeyed": c.obeyed, **both(rule_words(trace, c))} for c in s.clauses],
        "before_reform": _fate_data(trace.before) | both(s.before) if trace.before and s.before else None,
    }  # fmt: skip


def _fate_data(fate: Fate) -> dict[str, Any]:
    return {"state": fate.state, "stocked": str(fate.stocked) if fate.stocked else None}


def _head(t: Trace) -> list[Phrase]:
    kind = said(
        "kind", level=PHRASES[f"level_{t.level}"], type=PHRASES[f"type_{t.type}"], owner=PHRASES[f"owner_{t.owner}"]
    )
    s = t.scenario
    region = Bilingual(s.region.title.en, s.region.title.zh) if s.region else s.name
    policy: Bilingual | Phrase = Bilingual(s.policy.title.en, s.policy.title.zh)
    obedience = PHRASES[f"obedience_{s.obedience}"] if isinstance(s.obedience, str) else f"{100 * s.obedience:g}%"
    if t.before and not s.as_dated:
        policy = said("rules_from", policy=policy, day=s.calendar.date(s.policy_from))
    where = said("where", region=region, policy=policy, obedience=obedience, replication=t.replication)
    return [
        said(
            "head",
            drug=Bilingual(*(name_in(s.cohort, t.drug, n) for n in ("en", "zh"))),
            hospital=t.hospital,
            kind=kind,
        ),
        where,
    ]


def _timeline(steps: list[Step], language: str) -> list[str]:
    """The steps in at most MOST_LINES lines, or as few as their first and last ones take."""
    shown, left_out = list(steps), 0
    while len(lines := _lines(shown, left_out, language)) > MOST_LINES and len(shown) > FIRST_STEPS + LAST_STEPS:
        del shown[FIRST_STEPS]
        left_out += 1
    return lines


def _lines(steps: list[Step], left_out: int, language: str) -> list[str]:
    """A line a step, or two: its day (once), the days since the step before, what happened."""
    lines: list[str] = []
    day: date | None = None
    for i, step in enumerate(steps):
        if left_out and i == FIRST_STEPS:
            lines.append(" " * INDENT + said("more_steps", n=left_out).say(language))
        days = said("later", n=step.waited).say(language) if step.waited else ""
        start = f"{'' if step.day == day else str(step.day):<10}{' ' * (8 - width(days))}{days}  "
        lines += wrapped(step.say(language), language, start, " " * INDENT)
        day = step.day
    return lines


def rule_words(trace: Trace, c: Clause) -> Phrase:
    """A rule in full: clause, what it sets, where, how strongly, obeyed or not."""
    rule: Rule = trace.rule(c.lever, c.clause, c.document)
    lever = LEVERS[c.lever]
    titles = [layer.title for layer in trace.scenario.policy.layers if rule in layer.rules]
    blanks = {
        "clause": c.label, "title": lever.title, "strength": w.STRENGTH[rule.strength],
        "document": Bilingual(titles[0].en, titles[0].zh) if titles else c.document,
        "obeyed": PHRASES["partly_obeyed" if c.obeyed is None else "obeyed" if c.obeyed else "not_obeyed"],
    }  # fmt: skip
    if lever.kind == "flag":
        return said("rule_flag", **blanks)
    value = list(c.grounds) if c.grounds and lever.kind == "set" else rule.value if rule.said is None else rule.said
    return said("rule", value=Bilingual(*(w.value_words(value, lever, n) for n in ("en", "zh"))), **blanks)


def waited(trace: Trace) -> dict[str, int]:
    """Days spent waiting for each, from approval to regular stock or the end of the run; they add up to all days."""
    out: dict[str, int] = {}
    who, since = "", None
    last = trace.fate.stocked or trace.last_day
    for outcome, day in zip(trace.events["outcome"], trace.events["day"], strict=True):
        if outcome in WAITS and day.date() <= last:
            if since is not None and who:
                out[who] = out.get(who, 0) + (day.date() - since).days
            who, since = WAITS[outcome], day.date()
    if who and since is not None:
        out[who] = out.get(who, 0) + (last - since).days
    order = list(dict.fromkeys(WAITS.values()))
    return {k: out[k] for k in sorted(out, key=order.index)}


def supplied(trace: Trace, last: date) -> int:
    """Days of temporary supply, on need or on filing, up to a day; a day on which both hold counts once."""
    days, since, open_ = 0, last, 0
    for outcome, day in zip(trace.events["outcome"], trace.events["day"], strict=True):
        if outcome in SUPPLY_BEGINS:
            since = day.date() if open_ == 0 else since
            open_ += 1
        elif outcome in SUPPLY_ENDS:
            open_ -= 1
            days += (day.date() - since).days if open_ == 0 else 0
    return days + ((last - since).days if open_ else 0)


def _before(t: Trace) -> Phrase | None:
    """What the same pair did under what held before the reforms."""
    if t.before is None or t.fate.state == "out_of_target":
        return None
    now, then = t.fate.stocked, t.before.stocked
    if now and then:
        if now == then:
            return said("before", then=said("then_same", now=now))
        which = PHRASES["later_word" if then > now else "earlier_word"]
        return said("before", then=said("then_both", then=then, now=now, n=abs((then - now).days), which=which))
    if then:
        return said("before", then=said("then_only", then=then))
    state = PHRASES[f"state_{t.before.state}"]
    return said("before", then=said("now_only", now=now, state=state) if now else said("then_none", state=state))


__all__ = ["Story", "as_data", "as_text", "story", "supplied", "waited"]
