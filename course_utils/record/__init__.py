"""Numbers that prose quotes, and where they came from.

A chapter calls :func:`record` on every value that its sentences mention. The value is stored, invisibly, with
the outputs of the cell, in the form of ``myst_nb.glue``, so that pages of the book can quote it too; the
tolerance travels in the output's metadata. :mod:`course_utils.chapters` holds prose and records together.
"""

from ._environment import environment
from ._records import Recorded, read_provenance, read_records, record
from ._records import Value as Value  # a type, for annotations of other rooms
from ._source import fingerprint, fingerprint_of

__all__ = [
    "Recorded",
    "environment",
    "fingerprint",
    "fingerprint_of",
    "read_provenance",
    "read_records",
    "record",
]
