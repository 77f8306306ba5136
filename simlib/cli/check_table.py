"""How `simlib check FILE` ends: each of the file's rules, whether it acts, and what it moves by itself."""

from __future__ import annotations

from simlib.core.phrases import LANGUAGES
from simlib.experiments.check_rules import FileRules, Moved, Row
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.explain import acts_words
from simlib.policy.phrases import say
from simlib.policy.vocabulary import words as w
from simlib.words import words
from simlib.words.names import indicator_name
from simlib.words.values import number
from simlib.words.wrap import width, wrapped

MONTH = 30.4375  # days
WIDEST = 34  # columns of a value; a longer one is cut


def table_lines(found: FileRules, language: str) -> list[str]:
    """The table for reading."""
    cells = [_cells(row, language) for row in found.rows]
    widths = [max(width(c[i]) for c in cells) for i in range(3)]
    lines = [_head(found, language)]
    for row, three in zip(found.rows, cells, strict=True):
        start = "  ".join(c + " " * (n - width(c)) for c, n in zip(three, widths, strict=True))
        indent = " " * (width(start) + 4)
        lines += wrapped(_verdict(row, language), language, f"  {start}  ", indent, max(118, width(start) + 60))
    acting = sum(row.acting.acts for row in found.rows)
    return [*lines, say("check_count", language, n=acting, all=len(found.rows))]


def _head(found: FileRules, language: str) -> str:
    if found.scenario is None:
        return say("check_head_nowhere", language, place=found.place)
    title = getattr(found.scenario.title, language)
    said = w.bracketed(found.scenario.name, title if title != found.scenario.name else "", language)
    share = found.scenario.obedience
    degree = (
        say(f"check_obedience_{share}", language)
        if isinstance(share, str)
        else say("check_obedience_share", language, share=f"{100 * share:g}")
    )
    return say("check_head", language, scenario=said, obedience=degree)


def _cells(row: Row, language: str) -> tuple[str, str, str]:
    """Clause, lever and value."""
    value = w.value_words(row.rule, language=language)
    short = value if width(value) <= WIDEST else value[: WIDEST // (2 if language == LANGUAGES[1] else 1) - 1] + "…"
    return w.named(row.rule.clause, language), row.rule.lever, short


def _verdict(row: Row, language: str) -> str:
    if not row.acting.acts:
        return say("check_not", language, why=getattr(row.acting.reason, language))
    said = say("check_acts", language)
    if row.acting.words or row.acting.remark:
        said = getattr(acts_words(row.rule, row.acting), language)
    return f"{said}{say('check_alone', language, what=_alone(row.moved, language))}" if row.moved else said


def _alone(moved: Moved, language: str) -> str:
    """What a rule moves by itself, in months or percentage points, or in the indicator's unit."""
    if moved.same:
        return say("check_nothing", language, n=moved.replications)
    title = indicator_name(moved.indicator, language)
    factor, unit, digits = _shown(moved, language)
    low, high = (number(factor * x, digits, sign=True) for x in (moved.low, moved.high))
    said = say(
        "check_moved", language, title=title, difference=number(factor * moved.difference, digits, sign=True), unit=unit,
        low=low, high=high,
    )  # fmt: skip
    return said


def _shown(moved: Moved, language: str) -> tuple[float, str, int]:
    """(factor, unit, decimals) in which a difference is shown."""
    texts = words(language)
    if INDICATORS[moved.indicator].is_share:
        return 100.0, texts["point_short"], 2
    if moved.unit == "days":
        return 1 / MONTH, texts["months"], 2
    return 1.0, texts[moved.unit], 2
