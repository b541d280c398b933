"""Values in the outputs of notebook cells."""

import json
import math
import re
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_GLUE_PREFIX = "application/papermill.record/"
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Value = float | int | str | bool


@dataclass(frozen=True)
class Recorded:
    """A value that a chapter recorded.

    Attributes
    ----------
    name : str
        Its name in the chapter.
    value : float, int, str or bool
        The value of the recorded run.
    tolerance : float
        How far the value of another run may lie from it; infinite for what depends on the machine.
    cell : int
        Index of the notebook cell that recorded it.
    seeds : tuple of float
        What each seed gave: where the value is their median, those of the run itself; where it comes from one training,
        that and those of runs with other seeds, as far as there were any; else empty.
    """

    name: str
    value: Value
    tolerance: float
    cell: int
    seeds: tuple[float, ...] = ()

    @property
    def spread(self) -> float | None:
        """How far the seeds lie apart; None where there were no several."""
        return max(self.seeds) - min(self.seeds) if self.seeds else None

    def accepts(self, value: Value) -> bool:
        """Whether the value of another run agrees with this one."""
        if math.isinf(self.tolerance):
            return True
        if isinstance(self.value, str | bool) or isinstance(value, str | bool):
            return type(value) is type(self.value) and value == self.value
        # A float that was printed and read back may differ in its last bit.
        return abs(value - self.value) <= self.tolerance + 1e-12 * abs(self.value)


def record(*, tolerance: float = 0.0, **values: Any) -> None:
    """Store values with the outputs of the running notebook cell, for prose to quote.

    Prose quotes one as ``0.98<!--=large_train:.2f-->``: a plain number to every reader, a binding to
    ``course check``. Outside a notebook nothing happens, so the same code runs in a script.

    What was trained over several seeds is given as it is, one number for each: under ``name`` their median is stored,
    under ``name_low`` and ``name_high`` the smallest and the largest, under ``name_seeds`` how many they are. Of these
    the tolerance need not be told: it is the spread that was measured, from the smallest to the largest.

    Parameters
    ----------
    tolerance : float
        How far another run may differ (absolute, in the unit of the values) before ``course verify`` objects.
        The default demands the same values; ``math.inf`` is for what depends on the machine, such as seconds.
    **values : float, int, str, bool, or sequence of float
        What was measured, by name: lower-case letters, digits and underscores, once per chapter. NumPy scalars and
        arrays of one element are unwrapped. A name that is computed goes through a dictionary.

    Raises
    ------
    ValueError
        If there are no values, a name is malformed, a value is not finite or the tolerance negative; or if a tolerance
        is told for values over seeds. Nothing is stored then.
    TypeError
        If a value is neither a number nor a string nor several numbers.

    Examples
    --------
    >>> record(tolerance=0.02, large_train=0.98, large_test=0.96)
    >>> for short, accuracy in [("tree", 0.91), ("knn", 0.96)]:
    ...     record(tolerance=0.02, **{f"{short}_test": accuracy})
    >>> record(small_test=[0.871, 0.862, 0.880])  # one for each seed
    """
    if not values:
        raise ValueError("record got no values. Name what was measured: record(tolerance=0.02, large_test=0.96)")
    checked = [entry for name, value in values.items() for entry in _entries(name, value, tolerance)]
    # Only inside a kernel is there anything to store into; importing IPython just to learn that costs time.
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        return
    for entry in checked:
        _store(*entry)


_Entry = tuple[str, Value, float, list[float]]


def _entries(name: str, value: Any, tolerance: float) -> list[_Entry]:
    """Make of one value one entry, and of one for each seed their summary."""
    if hasattr(value, "tolist"):
        value = value.item() if value.size == 1 else value.tolist()
    if not isinstance(value, list | tuple):
        return [(name, *_checked(name, value, tolerance), [])]
    seeds: list[float] = []
    for one in value:
        checked, _ = _checked(name, one, tolerance)
        if isinstance(checked, str | bool):
            raise TypeError(f"record {name!r} takes one number for each seed, got {value!r}")
        seeds.append(checked)
    if len(seeds) < 2:
        raise ValueError(f"record {name!r} got {len(seeds)} values in a list: give one number, or one for each seed")
    if tolerance and not math.isinf(tolerance):
        raise ValueError(
            f"record {name!r} got a tolerance and {len(seeds)} values, but their spread is the tolerance: leave it out"
        )
    spread = tolerance or max(seeds) - min(seeds)
    return [
        (name, statistics.median(seeds), spread, seeds),
        (f"{name}_low", min(seeds), spread, seeds),
        (f"{name}_high", max(seeds), spread, seeds),
        (f"{name}_seeds", len(seeds), 0.0, []),
    ]


def _store(name: str, value: Value, tolerance: float, seeds: list[float]) -> None:
    from IPython.display import display

    # JSON has no infinity, so "never compared" travels as null.
    course = {"value": value, "tolerance": None if math.isinf(tolerance) else tolerance}

    display(
        {_GLUE_PREFIX + "text/plain": repr(value)},
        raw=True,
        metadata={
            "scrapbook": {"name": name, "mime_prefix": _GLUE_PREFIX},
            "course": course | ({"seeds": seeds} if seeds else {}),
        },
    )


def _checked(name: str, value: Any, tolerance: float) -> tuple[Value, float]:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a record's name is lower-case letters, digits and underscores, got {name!r}")
    if not isinstance(value, int | float | str | bool):
        raise TypeError(
            f"record {name!r} takes a number, a string or one number for each seed, got {type(value).__name__}. "
            "Record each element under a name of its own."
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"record {name!r} got {value}: find out why before you quote it")
    if not tolerance >= 0:
        raise ValueError(f"the tolerance of record {name!r} must be 0 or more, got {tolerance!r}")
    return value, float(tolerance)


def read_records(notebook: str | Path | dict) -> dict[str, Recorded]:
    """Read what a notebook's stored outputs have recorded.

    Parameters
    ----------
    notebook : str, pathlib.Path or dict
        Path of an ``.ipynb`` file, or its parsed content.

    Returns
    -------
    dict of str to Recorded
        By name, in the notebook's order.

    Raises
    ------
    ValueError
        If a name was recorded twice: prose could not tell which one is meant.
    """
    records: dict[str, Recorded] = {}
    for index, cell in enumerate(_load(notebook)["cells"]):
        for output in cell.get("outputs", ()):
            metadata = output.get("metadata", {})
            if "course" not in metadata:
                continue
            name = metadata["scrapbook"]["name"]
            if name in records:
                raise ValueError(f"cells {records[name].cell} and {index} both record {name!r}: rename one")
            course = metadata["course"]
            tolerance = math.inf if course["tolerance"] is None else course["tolerance"]
            seeds = course.get("seeds") or ([course["value"], *course["others"]] if "others" in course else [])
            records[name] = Recorded(name, course["value"], tolerance, index, tuple(seeds))
    return records


def read_provenance(notebook: str | Path | dict) -> dict[str, Any] | None:
    """Read how a notebook's stored outputs came about.

    Parameters
    ----------
    notebook : str, pathlib.Path or dict
        Path of an ``.ipynb`` file, or its parsed content.

    Returns
    -------
    dict or None
        ``date``, ``seconds`` (of the whole run), ``data`` (source by data set), ``versions``, ``backend``,
        ``hardware`` and ``code`` (hashes of what made the outputs); ``None`` for a notebook never recorded.
    """
    return _load(notebook)["metadata"].get("course", {}).get("recorded")


def _load(notebook: str | Path | dict) -> dict:
    if isinstance(notebook, dict):
        return notebook
    return json.loads(Path(notebook).read_text(encoding="utf-8"))
