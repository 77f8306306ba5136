"""Figures predicted before they are published: the questions, and the answers, frozen with their date.

`scenarios/predictions.yaml` holds the questions and, once it is out, what was published. `scenarios/predictions.csv` holds
the answers: rows are added and never changed. Each carries a seal, a hash of all that it says and of the seal
before it, so that an answer that was changed, taken out or put between others is found.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from joblib import delayed
from pydantic import Field as Limited
from pydantic import model_validator
from tqdm.auto import tqdm

from simlib.core.files import Document, InputError, read_yaml, scenarios, shown, validate, write_whole
from simlib.core.processes import cores, parallel
from simlib.core.strict import Day, Many, Strict
from simlib.core.version import __version__
from simlib.experiments.records import model_sha
from simlib.experiments.targets import Figure, observe
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.policy.rules import Title
from simlib.scenario.scenario import Scenario, load_scenario

CHANCE = 0.9  # that one real history lies in the interval, were the model right
FEWEST = 19  # replications from which the interval can be read
DIGITS = 6  # significant, of a frozen number
World = Literal["middle", "fitted"]
Verdict = Literal["open", "due", "inside", "below", "above"]


class Question(Strict):
    """A figure that is to be published; the file's head says what each key means."""

    id: str
    title: Title
    unit: Literal["%", "days", "ratio", "drugs", "yuan"]
    count: dict[str, dict[str, Any]]
    source: Title
    by: Day
    differs: Title | None = None
    published: float | Many[float] | None = None
    evidence: str = ""

    @model_validator(mode="after")
    def _countable(self) -> Question:
        figure_of(self)
        if (self.published is None) != (not self.evidence):
            raise ValueError(f"{self.id}: published and evidence (its row of evidence.csv) go together")
        return self


class PredictionsFile(Strict):
    """The keys of the file of questions."""

    format: Literal[1]
    world: dict[str, Any]
    replications: int = Limited(ge=FEWEST, le=100_000)
    questions: Many[Question]

    def question(self, name: str) -> Question:
        """The question of a name; KeyError where there is none."""
        return {q.id: q for q in self.questions}[name]


@dataclass(frozen=True)
class Frozen:
    """An answer as it was frozen; the fields are the columns of the file.

    id: the question. frozen: the day (ISO). world: with the middle of the assumed numbers' ranges, or fitted ones.
    policy, seed, replications: of the runs. version, code, data: of the package, and hashes of its sources and of all
    that the scenario holds. question, count: what was asked, in English and as a count. mean; low, high: between which one
    history lies with the chance CHANCE. seal: see above.
    """

    id: str
    frozen: str
    world: str
    policy: str
    seed: str
    replications: str
    version: str
    code: str
    data: str
    question: str
    count: str
    unit: str
    mean: str
    low: str
    high: str
    seal: str = ""

    def sealed(self, before: str) -> Frozen:
        """The same with its seal, given that of the row before it ("" for the first)."""
        said = {k: v for k, v in asdict(self).items() if k != "seal"}
        text = json.dumps([before, said], ensure_ascii=False, sort_keys=True)
        return Frozen(**said, seal=hashlib.sha256(text.encode()).hexdigest()[:16])

    @cached_property
    def numbers(self) -> tuple[float, float, float]:
        """(mean, low, high) in the question's unit."""
        return float(self.mean), float(self.low), float(self.high)

    def verdict(self, question: Question, today: date) -> Verdict:
        """Whether what was published lies in the interval; if nothing is known yet, whether it ought to be by now."""
        if question.published is None:
            return "due" if today > question.by else "open"
        least, most = figure_of(question).bounds
        _, low, high = self.numbers
        return "below" if high < least else "above" if low > most else "inside"


COLUMNS = tuple(f.name for f in fields(Frozen))


def predictions_file() -> PredictionsFile:
    """The stored questions."""
    return parse_predictions(read_yaml(scenarios() / "predictions.yaml"))


def parse_predictions(document: Document) -> PredictionsFile:
    """As `predictions_file`, from a read file; the world that it names can be loaded."""
    file = validate(PredictionsFile, document, document.data)
    earlier: set[str] = set()
    for i, question in enumerate(file.questions):
        if question.id in earlier:
            raise document.error(("questions", i, "id"), f"{question.id!r} is an earlier question's id")
        earlier.add(question.id)
    try:
        scenario_of(file, "middle")
    except InputError as e:
        raise document.error(("world",), str(e).partition(": ")[2]) from None
    return file


def frozen(path: Path | None = None) -> list[Frozen]:
    """The stored answers in the order of their freezing; InputError for the first that is not what was frozen."""
    path = path or scenarios() / "predictions.csv"
    if not path.is_file():
        return []
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise InputError(f"{shown(path)}: its columns are not {', '.join(COLUMNS)}; take the file from the repository")
    found: list[Frozen] = []
    for number, row in enumerate(rows, 2):
        answer = Frozen(**row)
        if answer != answer.sealed(found[-1].seal if found else ""):
            raise InputError(
                f"{shown(path)}: row {number}, column seal: the row, or one before it, was changed after it was frozen; "
                "take the file from the repository, and freeze a new answer with simlib predict --freeze"
            )
        found.append(answer)
    return found


def freeze(
    world: World = "fitted",
    replications: int | None = None,
    workers: int | None = None,
    progress: bool = True,
    file: PredictionsFile | None = None,
    path: Path | None = None,
    today: date | None = None,
) -> list[Frozen]:
    """Answer every question that nothing was published on yet, and add the answers to the stored ones.

    Parameters
    ----------
    world : {"middle", "fitted"}
        Assumed numbers: the middle ones, or those fitted to what was published.
    replications : int, optional
        How many random histories; the file's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out. The answers do not depend on it.
    progress : bool
        Show a bar.
    file : PredictionsFile, optional
        Other questions than those stored.
    path : Path, optional
        Where answers are kept, if not among the scenarios.
    today : date, optional
        The day of the freezing.

    Returns
    -------
    list of Frozen
        What was added: nothing where the same runs were frozen before.
    """
    file, path = file or predictions_file(), path or scenarios() / "predictions.csv"
    n, kept = replications or file.replications, frozen(path)
    if n < FEWEST:
        raise InputError(f"replications: an interval of one history needs {FEWEST} at least (given: {n})")
    scenario = scenario_of(file, world)
    day = (today or date.today()).isoformat()
    stamp = {"world": world, "policy": scenario.policy.name, "seed": str(scenario.seed), "replications": str(n),
             "version": __version__, "code": model_sha(), "data": scenario.digest()}  # fmt: skip
    known = {(a.id, *(getattr(a, k) for k in stamp)) for a in kept}
    asked = [q for q in file.questions if q.published is None and (q.id, *stamp.values()) not in known]
    added: list[Frozen] = []
    for question, values in zip(asked, answers(scenario, asked, n, workers, progress), strict=True):
        if np.isnan(values).any():
            raise InputError(
                f"{question.id}: not every history has such a number; see what it counts, and the world's days"
            )
        last = (added or kept)[-1].seal if added or kept else ""
        added.append(_answer(question, values, day, stamp).sealed(last))
    write_whole(path, as_csv([*kept, *added]))
    return added


def as_csv(answers: Iterable[Frozen]) -> str:
    """Answers as the text of their file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(a) for a in answers)
    return text.getvalue()


def _answer(question: Question, values: np.ndarray, day: str, stamp: dict[str, str]) -> Frozen:
    mean, low, high = (f"{x:.{DIGITS}g}" for x in one_history(values))
    return Frozen(
        id=question.id, frozen=day, **stamp, question=question.title.en, count=_text(question.count), unit=question.unit,
        mean=mean, low=low, high=high,
    )  # fmt: skip


def one_history(values: np.ndarray) -> tuple[float, float, float]:
    """(mean, low, high): between the last two one more history lies with the chance CHANCE, whatever their distribution.

    The quantiles are those of order statistics, i / (n + 1): an interval of where a history falls, not of where the
    mean is.
    """
    tail = (1 - CHANCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail], method="weibull")
    return float(values.mean()), float(low), float(high)


def answers(
    scenario: Scenario, asked: Sequence[Question], replications: int, workers: int | None, progress: bool
) -> list[np.ndarray]:
    """Of each question its values by replication (float64), in its unit."""
    if not asked:
        return []
    rows = parallel(workers or cores())(delayed(_counted)(scenario, k, asked) for k in range(replications))
    bar = tqdm(rows, total=replications, desc="predictions", unit="replication", disable=not progress, leave=False)
    return list(np.array(list(bar)).T)


def _counted(scenario: Scenario, replication: int, asked: Sequence[Question]) -> list[float]:
    record = replicate(scenario, replication)
    return [counted(record, q) for q in asked]


def _text(count: dict[str, Any]) -> str:
    return json.dumps(count, ensure_ascii=False, sort_keys=True, default=str)


def same_question(answer: Frozen, question: Question) -> bool:
    """Whether a question still asks what it asked when the answer was frozen; one that was changed needs an id of its own."""
    asked = (question.title.en, _text(question.count), question.unit)
    return (answer.question, answer.count, answer.unit) == asked


# ---- what is taken from the counts of published figures


def scenario_of(file: PredictionsFile, world: World) -> Scenario:
    """The scenario in which the questions are answered."""
    return load_scenario({"format": 1, "name": f"predictions-{world}", **file.world, "world": world})


def figure_of(question: Question) -> Figure:
    """The question as a figure to be counted; ValueError where the model cannot count it."""
    return Figure(
        id=question.id,
        title=question.title,
        unit=question.unit,
        published=question.published or 0.0,
        count=question.count,
        unfitted=question.title,
    )


def counted(record: Record, question: Question) -> float:
    """The figure of one history, in the question's unit."""
    return observe(record, figure_of(question)) * figure_of(question).factor
