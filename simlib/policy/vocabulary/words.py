"""The words of rules for reading, in English and Chinese: values, units, strengths, addressees, kinds, places."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simlib.core.numerals import filled, grouped
from simlib.core.phrases import Texts
from simlib.policy.levers import LEVERS, Bilingual, Lever

if TYPE_CHECKING:
    from simlib.policy.rules import Rule

# Every word that a choice, a set or a schedule allows; "lever:word" where it means something else in that lever.
WORDS = Texts("rules", Bilingual, "word.")
UNITS = Texts("rules", Bilingual, "unit.")  # {n} is the number, as the unit shows it
STRENGTH = Texts("rules", Bilingual, "strength.")
KIND = Texts("rules", Bilingual, "kind.")
BINDS = Texts("rules", Bilingual, "binds.")
_CODES = Texts("rules", Bilingual, "code.")  # documents and clauses that stand in no document
_SAID = Texts("rules", Bilingual)

_DURATION = re.compile(r"\s*([0-9.]+)\s*(working[ _]day|day|week|month|year)s?\s*")
_CHANGED = re.compile(r"(?P<name>.+?): (?P<what>before|scope before|strength before|clause before), (?P<was>.+)")
_LATER = re.compile(r"(?P<name>.+?): (?P<what>new|from|to|(?P<days>[0-9.e+]+) days later)(?: (?P<day>[0-9-]+))?")


def pick(pair: Bilingual, language: str) -> str:
    """The English or the Chinese one of two texts."""
    return pair.zh if language == "zh" else pair.en


def _say(key: str, language: str, **blanks: object) -> str:
    return pick(_SAID[key], language).format(**filled(blanks))


def joined(texts: Iterable[str], language: str) -> str:
    """Texts in a row."""
    return _say("comma", language).join(texts)


def bracketed(text: str, more: str, language: str) -> str:
    """A text with something in brackets behind it, if there is something."""
    return _say("brackets", language, text=text, more=more) if more else text


def word(text: str, lever: Lever, language: str = "en") -> str:
    """One allowed word of a lever for reading; a word that has no wording stays as it is."""
    pair = WORDS.get(f"{lever.name}:{text}") or WORDS.get(text)
    return pick(pair, language) if pair else text


def value_words(value: Rule | Any, lever: Lever | str | None = None, language: str = "en") -> str:
    """A rule's value for reading, such as "15 working days", in a language.

    value: a rule (then no lever is needed), or a value of the lever as a file has it, as a rule has it, or as
    `show_value` writes it.
    """
    if lever is None:
        lever, value = value.definition, value.value if value.said is None else value.said
    if isinstance(lever, str):
        lever = LEVERS[lever]
    match lever.kind:
        case "flag":
            return _say("flag.yes" if value in (True, "yes", "true") else "flag.no", language)
        case "limit":
            return _limit(value, lever, language)
        case "set":
            return joined((word(w, lever, language) for w in _parts(value, lever)), language)
        case "schedule":
            return joined((_entry(k, n, lever, language) for k, n in _pairs(value, lever)), language)
        case "count" | "share" | "number":
            return _amount(float(value), lever.unit, language)
    return word(str(value), lever, language)


def changed_words(text: str, lever: Lever, language: str = "en") -> str:
    """What `Rule.changed` says, in a language; names of changes stay."""
    if language != "zh":
        return text
    return _say("joined_changes", language).join(_one_change(part, lever, language) for part in text.split("; "))


def _one_change(text: str, lever: Lever, language: str) -> str:
    if m := _CHANGED.fullmatch(text):
        was = m["was"]
        if m["what"] == "strength before":
            was = pick(STRENGTH[was], language) if was in STRENGTH else was
        elif m["what"] == "before":
            value, _, clause = was.rpartition(" of ")
            was = bracketed(value_words(value, lever, language), named(clause, language), language) if value else was
        return _say(f"changed_{m['what'].replace(' ', '_')}", language, name=m["name"], was=was)
    if m := _LATER.fullmatch(text):
        if m["days"]:
            return _say("changed_later", language, name=m["name"], days=m["days"])
        said = _say(f"changed_{m['what']}", language, name=m["name"])
        return _say("changed_on", language, said=said, day=m["day"]) if m["day"] else said
    return text


def named(code: str, language: str = "en") -> str:
    """A document or clause for reading: its code, or a wording where there is none in any document."""
    return pick(_CODES.get(code, Bilingual(code, code)), language)


@functools.cache
def place_words(region: str, language: str = "en") -> str:
    """Title of a region of `scenarios/regions`; its name where it has none."""
    from simlib.core.files import read_yaml, scenarios

    path = scenarios() / "regions" / f"{region}.yaml"
    title = read_yaml(path).data.get("title", {}) if path.is_file() else {}
    return title.get(language, region)


def _limit(value: Any, lever: Lever, language: str) -> str:
    if isinstance(value, str):
        if not (m := _DURATION.fullmatch(value)):
            return value
        number, unit = float(m[1]), m[2].replace("_", " ") + "s"
    else:
        number, unit = value[0], value[1].replace("_", " ")
        if lever.unit == "weeks" and unit == "days" and number % 7 == 0:  # as the file had it
            number, unit = number / 7, "weeks"
    return _amount(number, unit, language)


def _amount(number: float, unit: str, language: str) -> str:
    """A number with its unit; a share in per cent, money in Chinese in units of ten thousand yuan."""
    factor = 100 if unit.startswith("share") or (unit == "million yuan" and language == "zh") else 1
    text = pick(UNITS[unit], language).format(n=grouped(f"{number * factor:.12g}"))
    one = language == "en" and number == 1 and unit.split()[-1].endswith("s")
    return text.replace(unit, unit[:-1]) if one else text


def _parts(value: Any, lever: Lever) -> list[str]:
    if isinstance(value, str):
        return value.split(", ")
    return sorted(value, key=lever.allowed.index) if isinstance(value, frozenset) else list(value)


def _pairs(value: Any, lever: Lever) -> list[tuple[str, float]]:
    """(key, number) in the order in which the lever names its keys, years in theirs."""
    if isinstance(value, str):
        value = [part.rsplit(" ", 1) for part in value.split(", ")]
    pairs = [(str(k), float(n)) for k, n in (value.items() if isinstance(value, dict) else value)]
    return sorted(pairs, key=lambda p: (lever.allowed.index(p[0]) if p[0] in lever.allowed else -1, p[0]))


def _entry(key: str, number: float, lever: Lever, language: str) -> str:
    """One entry of a schedule: by year, or by word, where a share may stand beside amounts of money."""
    if not lever.allowed:
        amount = _amount(number, lever.unit, language)
        return _say("entry_of_year", language, amount=amount, year=key)
    units = lever.unit.split("; ")
    unit = units[0] if len(units) == 1 or key.startswith("share") else units[-1]
    return _say("entry_of_word", language, word=word(key, lever, language), amount=_amount(number, unit, language))
