"""Graded assignments: one master each, notebooks for students, proofs against wrong answers, and grading.

Student code runs in a sandbox without any test. What tests ask for comes out of it as data, and is judged outside.
"""

from ._errors import AssignmentError
from ._grade import Summary, grade
from ._intake import Submission, take_in
from ._master import Assignment, load, names
from ._prove import Proof, prove
from ._release import release
from ._sandbox import missing

__all__ = [
    "Assignment",
    "AssignmentError",
    "Proof",
    "Submission",
    "Summary",
    "grade",
    "load",
    "missing",
    "names",
    "prove",
    "release",
    "take_in",
]
