"""What x and y are: read once, all of it when it lies in memory, a few batches when it is a data set."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import keras
import numpy as np

Form = Literal["nothing", "array", "frame", "list", "image", "batches", "unknown"]

_BATCHES = 2  # of a data set; enough for shapes, types and a label that is plainly wrong
_SECONDS = 0.3  # a data set that decodes photos is not asked for a second batch
_ELEMENTS = 20_000_000  # of an array in memory; more than this takes longer than it tells
_MOST = 1_000_000_000  # elements of what is no NumPy array, and may be a file of any size


@dataclass(frozen=True)
class Data:
    """One array that ``fit`` gets, or as much of it as was read.

    Attributes
    ----------
    name : str
        What the user calls it: "X", "y", "X['age']", or "y in dataset".
    values : ndarray, shape (n, …)
        The examples that were read.
    whole : bool
        Whether these are all of them; False for the first batches of a data set.
    texts : tuple of str
        Columns of a data frame that hold something else than numbers.
    of : str
        Name of the ``tf.data.Dataset`` that it was read from.
    part : int
        Which part of the data set's pairs it is: 0 for inputs, 1 for labels.
    """

    name: str
    values: np.ndarray
    whole: bool = True
    texts: tuple[str, ...] = ()
    of: str = ""
    part: int = 0

    def mended(self, expression: str) -> str:
        """Write the line that changes it.

        Parameters
        ----------
        expression : str
            What becomes of it, "{}" in its place: "{} / 255".
        """
        if not self.of:
            name = self.name if " in " not in self.name else self.name.partition(" in ")[0]
            return f"{name} = {expression.replace('{}', name)}"
        new = expression.replace("{}", "xy"[self.part])
        pair = f"({new}, y)" if self.part == 0 else f"(x, {new})"
        return f"{self.of} = {self.of}.map(lambda x, y: {pair})"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what was read."""
        return self.values.shape

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers or booleans."""
        return self.values.dtype.kind in "biuf"

    @cached_property
    def rows(self) -> np.ndarray:
        """All examples, or evenly spaced ones of an array that is too large to look through."""
        if self.values.ndim == 0 or self.values.size <= _ELEMENTS:
            return self.values
        return self.values[:: self.values.size // _ELEMENTS + 1]

    @cached_property
    def bad(self) -> int:
        """How many of the numbers are NaN or infinite."""
        if self.values.dtype.kind != "f" or not self.rows.size:
            return 0
        with np.errstate(all="ignore"):
            if np.isfinite(np.sum(self.rows)):  # needs no second array of the same size
                return 0
        return int(np.count_nonzero(~np.isfinite(self.rows)))

    @cached_property
    def low(self) -> float:
        """Least of the numbers."""
        return float(np.nanmin(self.rows))

    @cached_property
    def high(self) -> float:
        """Greatest of the numbers."""
        return float(np.nanmax(self.rows))

    @cached_property
    def is_integral(self) -> bool:
        """Whether all are whole numbers, of whatever type."""
        if self.values.dtype.kind in "biu":
            return True
        return self.values.dtype.kind == "f" and not self.bad and bool(np.all(self.rows == np.floor(self.rows)))

    @cached_property
    def is_one_hot(self) -> bool:
        """Whether each example is a row with a single 1 among zeros."""
        if self.values.ndim != 2 or self.values.shape[1] < 2 or not self.is_numeric or not len(self.values):
            return False
        zeros_and_ones = bool(np.all((self.rows == 0) | (self.rows == 1)))
        return zeros_and_ones and bool(np.all(self.rows.sum(axis=1) == 1))

    @cached_property
    def classes(self) -> np.ndarray | None:
        """One class id for each example, from ids or one-hot rows; None when it is neither."""
        if not self.is_numeric or not self.values.size:
            return None
        if self.is_one_hot:
            return self.values.argmax(axis=1)
        if self.is_integral and (self.values.ndim == 1 or self.values.shape[1:] == (1,)):
            return self.values.ravel().astype(np.int64)
        return None

    @cached_property
    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Classes that occur, and how often."""
        assert self.classes is not None
        return np.unique(self.classes, return_counts=True)


@dataclass(frozen=True)
class Argument:
    """What x or y turned out to be.

    Attributes
    ----------
    form : str
        "nothing", an "array", a pandas "frame", a "list", one "image" of PIL, "batches" of a data set, or "unknown":
        a generator and whatever else cannot be read without using it up.
    parts : tuple of Data
        One for each input (or output) of the model; empty when nothing can be said.
    of : str
        What a list holds, for its message.
    """

    form: Form
    parts: tuple[Data, ...] = ()
    of: str = field(default="", compare=False)


NOTHING = Argument("nothing")
UNKNOWN = Argument("unknown")


def read_both(
    x: Any, y: Any, inputs: tuple[str, ...], outputs: tuple[str, ...], called: tuple[str, str] = ("X", "y")
) -> tuple[Argument, Argument]:
    """Read x and y as ``fit`` would; x may be a data set that yields both.

    Parameters
    ----------
    x, y : Any
        As ``fit`` takes them.
    inputs, outputs : tuple of str
        Names of the model's inputs and outputs; empty when the model does not tell.
    called : tuple of str
        What the user calls x and y.

    Returns
    -------
    tuple of Argument
    """
    try:
        return _read_both(x, y, inputs, outputs, called)
    except Exception:  # data that cannot be read fail in their own words when they are used
        return UNKNOWN, UNKNOWN


def _read_both(
    x: Any, y: Any, inputs: tuple[str, ...], outputs: tuple[str, ...], called: tuple[str, str]
) -> tuple[Argument, Argument]:
    batches = _first_batches(x)
    if batches is None:
        return read(x, called[0], inputs), read(y, called[1], outputs)
    of = called[0] if is_tensorflow_data(x) else ""
    pairs = [batch if isinstance(batch, tuple | list) and len(batch) in (2, 3) else (batch,) for batch in batches]
    if not pairs or len({len(pair) for pair in pairs}) != 1:
        return UNKNOWN, UNKNOWN
    xs = _joined([pair[0] for pair in pairs], f"X in {called[0]}", inputs, of, 0)
    ys = _joined([pair[1] for pair in pairs], f"y in {called[0]}", outputs, of, 1) if len(pairs[0]) > 1 else NOTHING
    return xs, ys


def read(value: Any, name: str, names: tuple[str, ...]) -> Argument:
    """Read one argument of ``fit`` that is no data set.

    Parameters
    ----------
    value : Any
        An array, tensor, data frame, list, or a list, tuple or dictionary of them.
    name : str
        What the user calls it.
    names : tuple of str
        Names of the model's inputs or outputs that it is for.

    Returns
    -------
    Argument
    """
    if value is None:
        return NOTHING
    if isinstance(value, Mapping):
        return _read_mapping(value, name, names)
    if isinstance(value, list | tuple):
        return _read_list(value, name, names)
    if _is_picture(value):
        return Argument("image", (Data(name, np.asarray(value)),))
    data = _as_data(value, name)
    if data is None:
        return UNKNOWN
    return Argument("frame" if _of_pandas(value) else "array", (data,))


def _read_mapping(value: Mapping[Any, Any], name: str, names: tuple[str, ...]) -> Argument:
    if not names or set(value) != set(names):
        return UNKNOWN
    parts = [_as_data(value[key], f"{name}[{key!r}]") for key in names]
    return Argument("array", tuple(part for part in parts if part)) if all(parts) else UNKNOWN


def _read_list(value: list[Any] | tuple[Any, ...], name: str, names: tuple[str, ...]) -> Argument:
    if not value:
        return Argument("list", (Data(name, np.empty((0,))),), of="nothing")
    of_arrays = all(hasattr(element, "shape") and len(element.shape) > 0 for element in value)
    if of_arrays and (not names or len(value) == len(names)):
        if not names and len(value) > 1:
            return UNKNOWN  # as many inputs as a subclassed model likes
        many = len(value) > 1
        parts = [_as_data(element, f"{name}[{i}]" if many else name) for i, element in enumerate(value)]
        return Argument("array", tuple(part for part in parts if part)) if all(parts) else UNKNOWN
    if len(names) > 1 or any(isinstance(element, Mapping) for element in value):
        return UNKNOWN
    if any(_is_picture(element) for element in value):
        of = "pictures"
    elif of_arrays:
        of = "arrays"
    else:
        of = (
            "texts"
            if isinstance(value[0], str | bytes)
            else "lists"
            if isinstance(value[0], list | tuple)
            else "numbers"
        )
    try:
        values = np.array([np.asarray(element) for element in value])
    except ValueError:  # of different lengths
        return Argument("list", (), of=f"{of} of different lengths")
    return Argument("list", (Data(name, values),), of=of)


def _as_data(value: Any, name: str) -> Data | None:
    if _of_pandas(value):
        kinds = value.dtypes.items() if hasattr(value, "columns") else ()
        return Data(name, value.to_numpy(), texts=tuple(str(c) for c, dtype in kinds if not _is_number(dtype)))
    if isinstance(value, np.ndarray):
        return Data(name, value)
    if _is_sparse(value):
        return Data(name, value.toarray()) if math.prod(value.shape) <= _ELEMENTS else None
    if not hasattr(value, "shape") or math.prod(value.shape) > _MOST:
        return None
    try:
        return Data(name, np.asarray(keras.ops.convert_to_numpy(value)))
    except Exception:  # a sparse or ragged tensor, a symbolic one, an array of another library
        return None


def _is_number(dtype: Any) -> bool:
    return getattr(dtype, "kind", "O") in "biuf" and isinstance(dtype, np.dtype)


def _of_pandas(value: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame | pandas.Series)


def _is_sparse(value: Any) -> bool:
    scipy: Any = sys.modules.get("scipy.sparse")
    return scipy is not None and bool(scipy.issparse(value))


def _is_picture(value: Any) -> bool:
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(value, module.Image)


def is_tensorflow_data(x: Any) -> bool:
    """Whether it is a ``tf.data.Dataset``; does not load TensorFlow."""
    tensorflow: Any = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(x, tensorflow.data.Dataset)


def _first_batches(x: Any) -> list[Any] | None:
    """Read a few batches of a data set that can be read again; None when x is no data set."""
    if is_tensorflow_data(x):
        return _until_too_long(x.take(_BATCHES).as_numpy_iterator())
    if isinstance(x, keras.utils.PyDataset):
        return _until_too_long(x[i] for i in range(min(_BATCHES, _BATCHES if x.num_batches is None else x.num_batches)))
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(x, torch.utils.data.DataLoader):
        return _of_loader(x)
    return None


def _until_too_long(batches: Iterator[Any]) -> list[Any]:
    start, read = time.perf_counter(), []
    for batch in batches:
        read.append(batch)
        if time.perf_counter() - start > _SECONDS:
            break
    return read


def _of_loader(loader: Any) -> list[Any]:
    """Read the first examples past the loader, whose own order would use up random numbers."""
    if not hasattr(loader.dataset, "__getitem__") or loader.batch_size is None:
        return []
    return [loader.collate_fn([loader.dataset[i] for i in range(min(loader.batch_size, len(loader.dataset), 64))])]


def _joined(batches: list[Any], name: str, names: tuple[str, ...], of: str, part: int) -> Argument:
    """Put batches behind each other."""
    readings = [read(batch, name, names) for batch in batches]
    if any(reading.form not in ("array", "frame") for reading in readings):
        return UNKNOWN
    parts = []
    for pieces in zip(*(reading.parts for reading in readings), strict=True):
        trailing = {piece.shape[1:] for piece in pieces}
        values = (
            np.concatenate([p.values for p in pieces])
            if len(trailing) == 1 and () not in {p.shape for p in pieces}
            else pieces[0].values
        )
        parts.append(Data(pieces[0].name, values, whole=False, of=of, part=part))
    return Argument("batches", tuple(parts))


def steps(data: Any) -> Iterator[Any]:
    """Go from a ``tf.data.Dataset`` to what it was made from by map, batch or the like, and on to the first."""
    for _ in range(20):
        if isinstance(data, tuple | list) or data is None:
            return
        yield data
        data = getattr(data, "_input_dataset", None)


def origin(data: Any, attribute: str) -> Any:
    """Read what a data set, or the one that it was made from by map or batch, has under a name; None for nothing.

    ``image_dataset_from_directory`` notes names of classes and files on what it returns, and ``map`` drops them.
    """
    return next((getattr(step, attribute) for step in steps(data) if hasattr(step, attribute)), None)


def reshuffled(data: Any) -> Any:
    """Find the step of a ``tf.data.Dataset`` that shuffles it anew in each pass; None where there is none."""
    return next((step for step in steps(data) if getattr(step, "_reshuffle_each_iteration", None)), None)


def is_loader(x: Any) -> bool:
    """Whether it is a torch ``DataLoader``; does not load torch."""
    torch: Any = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.utils.data.DataLoader)
