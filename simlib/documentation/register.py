"""The register of assumptions: every leaf of `scenarios/assumptions.yaml`, and every rule or day of a policy that is assumed.

Each has an id made from its path (`simlib.world.assumptions.assumption_id`). A rule's path is
``policies/POLICY/LEVER@CLAUSE``, followed by its scope where a clause sets one lever more than once; the days of a
document are ``policies/POLICY/in_force``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simlib.core.files import read_yaml, scenarios
from simlib.core.numerals import grouped
from simlib.documentation.once import once
from simlib.documentation.words import LANGUAGES, words
from simlib.policy.changes import values
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.readings import readings
from simlib.policy.rules import Layer, Rule
from simlib.world.assumptions import assumption, assumption_id, is_number

SWITCHES = "stages"  # the group of leaves that let a stage act; the other bare leaves are readings of the documents
DISTRIBUTIONS = (  # the words of a distribution, as files write them
    "constant", "uniform", "exponential", "lognormal", "gamma", "weibull", "empirical", "median", "mean", "low", "high",
    "shape", "scale", "sigma",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One assumption. kind: assumed, published, switch or reading. where: its group, or the policy that holds it.

    name, unit, value, reason: (English, Chinese). span: the low and the high end, or the words to choose from, the default
    first; () where there is none.
    """

    path: str
    where: str
    name: tuple[str, str]
    unit: tuple[str, str]
    value: tuple[str, str]
    span: tuple[str, ...]
    kind: str
    reason: tuple[str, str]

    @property
    def id(self) -> str:
        """Its id."""
        return assumption_id(self.path)


@once
def numbers() -> tuple[Entry, ...]:
    """Every leaf of `scenarios/assumptions.yaml`, in the file's order."""
    tree = read_yaml(scenarios() / "assumptions.yaml").data
    return tuple(_entry(path, leaf) for path, leaf in _leaves(tree, ()) if path != ("format",))


@once
def rules() -> tuple[Entry, ...]:
    """Every rule and every day in force of a stored policy whose kind is assumed, in the order of the policies' names."""
    found: list[Entry] = []
    for name in policies():
        layer = load_policy(name).layers[-1]
        if layer.dates_kind == "assumed":
            found.append(_days(layer))
        times = Counter((r.lever, r.clause) for r in layer.rules)
        found += [_rule(layer, r, times[r.lever, r.clause] > 1) for r in layer.rules if r.kind == "assumed"]
    return tuple(found)


def register() -> tuple[Entry, ...]:
    """All assumptions; ValueError where two share an id."""
    entries = (*numbers(), *rules())
    taken: dict[str, str] = {}
    for e in entries:
        if e.id in taken:
            raise ValueError(f"{e.path} and {taken[e.id]} share the id {e.id}: rename one of them")
        taken[e.id] = e.path
    return entries


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(tree, dict) and not is_number(tree):
        for key, inner in tree.items():
            yield from _leaves(inner, (*path, str(key)))
    else:
        yield path, tree


def _entry(path: tuple[str, ...], leaf: Any) -> Entry:
    """An entry of a leaf with range and reason, or of a bare one, which is a switch or a reading."""
    where, dotted = path[0], ".".join(path)
    if not is_number(leaf):
        return _switch(dotted, path, leaf) if where == SWITCHES else _reading(dotted, where, leaf)
    a = assumption(dotted)
    value = (plain(a.value), plain(a.value, "zh"))
    return Entry(dotted, where, a.name, a.unit, value, tuple(plain(x) for x in a.range), a.kind, a.reason)


def _switch(dotted: str, path: tuple[str, ...], leaf: Any) -> Entry:
    """A leaf that lets a stage act."""
    stage = STAGES[path[-1]]
    name = _both("register_switch", stage=(stage.en, stage.zh))
    return Entry(dotted, path[0], name, ("", ""), (plain(leaf),) * 2, ("false", "true"), "switch", ("", ""))


def _reading(dotted: str, where: str, leaf: Any) -> Entry:
    """A leaf that readings set: their codes, their other answers, their questions."""
    answers = {c: [o.set[dotted] for o in r.others if dotted in o.set] for c, r in readings().items()}
    codes = [c for c, found in answers.items() if found]
    others = dict.fromkeys(plain(x) for c in codes for x in answers[c])
    name = _both("register_reading", codes=(", ".join(codes), words("zh")["comma"].join(codes)))
    questions = [readings()[c].question for c in codes]
    reason = (" ".join(q.en for q in questions), "".join(q.zh for q in questions))
    return Entry(dotted, where, name, ("", ""), (plain(leaf),) * 2, (plain(leaf), *others), "reading", reason)


def _days(layer: Layer) -> Entry:
    raw = read_yaml(scenarios() / "policies" / f"{layer.name}.yaml").data["in_force"]
    days = f"{raw['from']} – {raw['to']}"
    name = _both("register_days", clause=(raw["clause"], raw["clause"]))
    reason = (raw.get("reason", ""), raw.get("reason_zh", ""))
    return Entry(f"policies/{layer.name}/in_force", layer.name, name, ("", ""), (days, days), (), "assumed", reason)


def _rule(layer: Layer, rule: Rule, several: bool) -> Entry:
    path = f"policies/{layer.name}/{rule.lever}@{rule.clause}" + (f"/{rule.scope}" if several else "")
    title = LEVERS[rule.lever].title
    said = values(rule)
    name = (f"{title.en} ({rule.clause})", f"{title.zh}（{rule.clause}）")
    span = tuple(plain(x) for x in rule.range)
    value = (said["value_en"], said["value_zh"])
    return Entry(path, layer.name, name, ("", ""), value, span, rule.kind, (rule.reason, rule.reason_zh))


def plain(value: Any, language: str = "en") -> str:
    """A value in one line, such as "lognormal, median 60, sigma 0.6" (its unit stands apart); "–" for none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        comma = words(language)["distribution_comma"]
        parts = ((_word(k, language), v) for k, v in value.items() if k != "unit")
        return comma.join(f"{k}{comma if isinstance(v, dict) else ' '}{plain(v, language)}" for k, v in parts)
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(v, language) for v in value)
    return grouped(f"{value:g}" if isinstance(value, float) else str(value))


def _word(key: str, language: str) -> str:
    return words(language)[f"distribution_{key}"] if key in DISTRIBUTIONS else key


def _both(key: str, **blanks: tuple[str, str]) -> tuple[str, str]:
    """A phrase in English and in Chinese, its blanks (each in both) filled."""
    en, zh = (words(n).say(key, **{k: v[i] for k, v in blanks.items()}) for i, n in enumerate(LANGUAGES))
    return en, zh
