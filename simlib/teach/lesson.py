"""An open lesson: its checks in one language, and how far a student has come."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from simlib.files import InputError, one_of
from simlib.teach import words as w
from simlib.teach.question import Blocked, Question
from simlib.teach.verdict import Verdict

NUMBERS = (1, 2, 3, 4, 5, 6)


class Lesson:
    """One lesson in one language. `check` looks at an answer; `progress` says how far one has come."""

    def __init__(self, number: int, language: str) -> None:
        self.number, self.language = number, language
        self.questions: dict[str, Question] = {
            q.key: q for q in import_module(f"simlib.teach.lesson_{number}").QUESTIONS
        }
        self.last: dict[str, str] = {}

    def check(self, key: str, answer: Any = ...) -> Verdict:
        """What is said about an answer to exercise `key`; three dots are an answer not given yet. InputError for an unknown key."""
        question = self.questions.get(str(key))
        if question is None:
            raise InputError(w.UNKNOWN.of(self.language, key=key, known=", ".join(self.questions)))
        if answer is ... or answer is None:
            verdict = Verdict(question.key, "open", w.OPEN.of(self.language), self.language)
        else:
            verdict = self._judged(question, answer)
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

    def progress(self) -> Verdict:
        """How many exercises are right so far."""
        states = [self.last.get(k, "open") for k in self.questions]
        counts = {"right": states.count("right"), "open": states.count("open"), "all": len(states)}
        status = "right" if counts["right"] == len(states) else "open"
        head = w.LESSON.of(self.language, n=self.number)
        return Verdict(head, status, w.DONE.of(self.language, **counts), self.language)


def open_lesson(number: int, language: str = "en") -> Lesson:
    """Open a lesson (1 to 6) in "en" or "zh". InputError for another number or language."""
    if number not in NUMBERS:
        raise InputError(f"lesson {number}: there are lessons {NUMBERS[0]} to {NUMBERS[-1]}")
    if language not in w.LANGUAGES:
        raise InputError(one_of(language, w.LANGUAGES, "language"))
    return Lesson(number, language)
