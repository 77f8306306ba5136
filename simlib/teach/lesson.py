"""An open lesson: its checks in one language, and how far a student has come.

In a notebook `check` shows what it says by itself, so that it need not be the last line of a cell.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from simlib.core.files import InputError, one_of
from simlib.teach.question import Blocked, Question
from simlib.teach.verdict import Verdict
from simlib.teach.words import LANGUAGES, SAID

NUMBERS = (1, 2, 3, 4, 5, 6)


class Lesson:
    """One lesson in one language. `check` looks at an answer; `progress` says how far one has come."""

    def __init__(self, number: int, language: str) -> None:
        self.number, self.language = number, language
        self.questions: dict[str, Question] = {
            q.key: q for q in import_module(f"simlib.teach.lesson_{number}").QUESTIONS
        }
        self.last: dict[str, str] = {}

    def check(self, key: str, answer: Any = ...) -> Verdict | None:
        """Say what there is to say about an answer to exercise `key`: shown in a notebook, returned elsewhere.

        Three dots are an answer not given yet. InputError for an unknown key.
        """
        return _shown(self.verdict(key, answer))

    def verdict(self, key: str, answer: Any = ...) -> Verdict:
        """What `check` says. An exercise that was right once stays so: trying out what is wrong costs nothing."""
        question = self.questions.get(str(key))
        if question is None:
            raise InputError(SAID["unknown"].of(self.language, key=key, known=", ".join(self.questions)))
        if answer is ... or answer is None:
            verdict = Verdict(question.key, "open", SAID["open"].of(self.language), self.language)
        else:
            verdict = self._judged(question, answer)
        if self.last.get(question.key) != "right":
            self.last[question.key] = verdict.status
        return verdict

    def _judged(self, question: Question, answer: Any) -> Verdict:
        """What a question says; what stands in the way of judging (such as a file that is not there yet) is said alike."""
        try:
            return question.judge(answer, self.language)
        except Blocked as e:
            said = e.say.of(self.language)
        except InputError as e:
            said = str(e)
        return Verdict(question.key, "wrong", said, self.language, True)

    def progress(self) -> Verdict | None:
        """Say how many exercises were right, and which are left: shown in a notebook, returned elsewhere."""
        left = [k for k in self.questions if self.last.get(k) != "right"]
        said = SAID["done"].of(self.language, right=len(self.questions) - len(left), all=len(self.questions))
        if left:
            said += SAID["left"].of(self.language, keys=SAID["comma"].of(self.language).join(left))
        head = SAID["lesson"].of(self.language, n=self.number)
        return _shown(Verdict(head, "open" if left else "right", said, self.language))


def _shown(verdict: Verdict) -> Verdict | None:
    """Show a verdict where somebody works in a notebook; return it to any other caller."""
    if get_ipython() is None:
        return verdict
    display(verdict)
    return None


def open_lesson(number: int, language: str = "en") -> Lesson:
    """Open a lesson (1 to 6) in "en" or "zh". InputError for another number or language."""
    if number not in NUMBERS:
        raise InputError(f"lesson {number}: there are lessons {NUMBERS[0]} to {NUMBERS[-1]}")
    if language not in LANGUAGES:
        raise InputError(one_of(language, LANGUAGES, "language"))
    return Lesson(number, language)
