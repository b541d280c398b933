"""Numbers that prose quotes, and where they came from.

A chapter calls :func:`record` with every value that its sentences mention. The values are stored, invisibly, with
the outputs of the cell, in the form of ``myst_nb.glue``, so that pages of the book can quote them too; the
tolerance travels in the output's metadata. :mod:`course_utils.chapters` holds prose and records together.

The rooms that give data, results and trained networks :func:`note` in one ledger what was :func:`used`; it is stored
with the outputs, so that they go stale when one of these has changed, and only then.
"""

from ._digest import digest, digest_arrays
from ._environment import environment, hardware, installed, peak_memory
from ._ledger import note, own_ledger, used
from ._lock import lock_on
from ._records import Recorded, read_provenance, read_records, record
from ._records import Value as Value  # a type, for annotations of other rooms
from ._source import fingerprint

__all__ = [
    "Recorded",
    "digest",
    "digest_arrays",
    "environment",
    "fingerprint",
    "hardware",
    "installed",
    "lock_on",
    "note",
    "own_ledger",
    "peak_memory",
    "read_provenance",
    "read_records",
    "record",
    "used",
]
