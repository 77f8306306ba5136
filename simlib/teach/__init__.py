"""The workshop: six lessons, their checks, and what makes their notebooks.

from simlib.teach import open_lesson
lesson = open_lesson(1, "en")
lesson.check("1.1", 45)
"""

from simlib.teach.lesson import Lesson, open_lesson
from simlib.teach.processes import Board, meetings, request, run_committee
from simlib.teach.show import show

__all__ = ["Board", "Lesson", "meetings", "open_lesson", "request", "run_committee", "show"]
