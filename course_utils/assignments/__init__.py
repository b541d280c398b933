"""Graded assignments: one master each, notebooks for students, proofs against wrong answers, and grading.

Student code runs in a sandbox without any test. What tests ask for comes out of it as data, and is judged outside.
"""

from ._errors import AssignmentError
from ._grade import Summary, grade
from ._intake import Submission, take_in
from ._master import Assignment, Question, Test, load, names
from ._prove import Proof, prove
from ._release import release, solution_notebook, student_notebook
from ._sandbox import missing

__all__ = [
    "Assignment",
    "AssignmentError",
    "Proof",
    "Question",
    "Submission",
    "Summary",
    "Test",
    "grade",
    "load",
    "missing",
    "names",
    "prove",
    "release",
    "solution_notebook",
    "student_notebook",
    "take_in",
]
