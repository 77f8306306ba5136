"""The page of one scenario as its notebook shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from IPython.display import HTML

from simlib.experiments.overload import overloads
from simlib.experiments.run import Result
from simlib.experiments.study import calendar_status
from simlib.report.hypertext import in_languages
from simlib.report.page import above
from simlib.report.tables import inert_table, rules_table, run_table
from simlib.see import explaining_figures as g
from simlib.see import figures as f
from simlib.words import LANGUAGES, Words, words
from simlib.words.names import obedience_name, policy_name, region_name
from simlib.words.nodes import Folded, Heading, Node, Picture, Text

SHOWN = (
    "stocked_12m", "stocked_24m", "stocked_12m_catalogue", "stocked_24m_catalogue", "provided_24m", "stocked_24m_all",
    "months_without_24m", "listed_days", "listed_days_median", "first_hospital_days", "hospital_days_median", "asked", "passed",
    "wait_days", "refusal_rate", "agenda_load", "meetings_per_year", "duty_meetings_per_year", "listing_in_time",
    "purchases_in_time", "entered_same_year", "back_book_stocked",
)  # fmt: skip


class ScenarioReport:
    """A run's heading, headline table, figures and rules. language: "en", "zh" or "both"."""

    def __init__(self, result: Result, language: str = "both") -> None:
        self.result = result
        self.words = [words(n) for n in (LANGUAGES if language == "both" else (language,))]

    def _both(self, make: Callable[[Words], list[Node]]) -> HTML:
        return HTML(in_languages((w.language, make(w)) for w in self.words))

    def heading(self) -> HTML:
        """What was run."""
        made = self._both(lambda w: _heading(self.result, w))
        return HTML(above(len(self.words)) + made.data)

    def table(self) -> HTML:
        """Headline and other indicators by hospital level."""
        return self._both(lambda w: [run_table(self.result.table(), w, SHOWN)])

    def availability(self) -> HTML:
        """Availability after approval, by hospital level."""
        return self._both(lambda w: [Picture(f.scenario_curves(self.result, w), w["scenario_curve"])])

    def states(self) -> HTML:
        """Where the first 24 months go."""
        return self._both(lambda w: [Picture(g.scenario_states(self.result, w), w["scenario_states"])])

    def reasons(self) -> HTML:
        """Why committees refuse."""
        return self._both(lambda w: [Picture(g.scenario_reasons(self.result, w), w["scenario_reasons"])])

    def rules(self) -> HTML:
        """The rules in force, with clause and kind, and those that cannot act."""
        s = self.result.scenario
        return self._both(
            lambda w: [
                Heading(w["scenario_rules"], 2),
                rules_table([s.policy], w),
                Folded(w["inert_title"], (Text(w["inert_text"]), inert_table([s], w))),
            ]
        )


def page_title(result: Result) -> str:
    """Title of the scenario's page, in both languages."""
    return " · ".join(_title(result, words(n)) for n in LANGUAGES)


def _title(result: Result, w: Words) -> str:
    s = result.scenario
    policy = policy_name(s.policy.name, w, s.policy)
    return w.say("scenario_title", region=region_name(s, w), policy=policy, obedience=obedience_name(s.obedience, w))


def _heading(result: Result, w: Words) -> list[Node]:
    s = result.scenario
    about = w.say(
        "scenario_about", region=region_name(s, w), policy=getattr(s.policy.title, w.language),
        cohort=getattr(s.cohort.title, w.language) if s.cohort.title else s.cohort.name,
        policy_from=s.calendar.date(s.policy_from), start=s.calendar.start,
        end=s.calendar.start + timedelta(days=int(s.horizon) - 1), n=len(result.values.columns), seed=str(s.seed),
    )  # fmt: skip
    warning = [Text(w["provisional"], "warn")] if calendar_status(result) == "provisional" else []
    if overloads(result):
        warning.append(Text(w.say("overload_warning", where=result.scenario.name), "warn"))
    return [Heading(_title(result, w), 1), Text(about), *warning, Text(w["kind_note"], "quiet")]
