"""The model and its data, described once: what every check reads, and no check changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import keras
import numpy as np

from ...network import Graph, all_layers, compiled_metrics, graph_of, kind, of_keras, overrides_training
from .._shapes import Shape, fits
from ._data import Argument, Data, is_tensorflow_data, read_both
from ._effects import output_activation
from ._failure import Failure
from ._program import Program

LossKind = Literal["sparse", "categorical", "binary", "regression"]

_SAMPLE = 4  # examples that go through a subclassed model, whose shapes nothing else tells
_LOSS_KINDS: dict[LossKind, tuple[str, ...]] = {
    "sparse": ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"),
    "categorical": ("CategoricalCrossentropy", "categorical_crossentropy"),
    "binary": ("BinaryCrossentropy", "binary_crossentropy", "bce"),
    "regression": (
        *("MeanSquaredError", "mean_squared_error", "mse"),
        *("MeanAbsoluteError", "mean_absolute_error", "mae"),
        *("Huber", "huber", "LogCosh", "log_cosh", "logcosh"),
        *("MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape"),
    ),
}
LOSS_NAMES = {
    "sparse": "sparse_categorical_crossentropy",
    "categorical": "categorical_crossentropy",
    "binary": "binary_crossentropy",
}


@dataclass(frozen=True)
class Loss:
    """One of Keras' own losses.

    Attributes
    ----------
    kind : {"sparse", "categorical", "binary", "regression"}
    name : str
        As the user wrote it, or near to it.
    from_logits : bool
        Whether it expects raw scores, not probabilities.
    ignores : int or None
        A label that it leaves out.
    """

    kind: LossKind
    name: str
    from_logits: bool = False
    ignores: int | None = None


@dataclass(frozen=True)
class Entry:
    """One input of the model: the shape it takes, batch first, and the number of its first node in the graph."""

    shape: Shape
    dtype: str
    node: int


@dataclass(frozen=True)
class Head:
    """One output of the model and what is asked of it; None is what cannot be told.

    Attributes
    ----------
    shape : tuple or None
        Its shape, batch first.
    activation : str or None
        The last activation before it.
    loss : Loss or None
    metrics : tuple
        As given to ``compile``.
    target : Data or None
    """

    shape: Shape | None
    activation: str | None
    loss: Loss | None
    metrics: tuple[Any, ...]
    target: Data | None

    @property
    def units(self) -> int | None:
        """Size of the last axis."""
        return self.shape[-1] if self.shape and len(self.shape) > 1 else None


@dataclass(frozen=True)
class Subject:
    """A model, its data and how ``fit`` would be called.

    Attributes
    ----------
    model : keras.Model
    given : tuple
        x and y as ``fit`` takes them.
    x, y : Argument
        What was read of them.
    graph : Graph or None
    entries : tuple of Entry
    heads : tuple of Head
    options : mapping
        Further arguments of ``fit``.
    program : Program
        What the user wrote around it.
    called : tuple of str
        What the user calls x and y.
    method : str
        The method of the model that was running; empty when none was.
    """

    model: keras.Model
    given: tuple[Any, Any]
    x: Argument
    y: Argument
    graph: Graph | None
    entries: tuple[Entry, ...]
    heads: tuple[Head, ...]
    options: Mapping[str, Any]
    program: Program
    called: tuple[str, str] = ("X", "y")
    method: str = ""

    @property
    def name(self) -> str:
        """What the user calls the model."""
        return self.program.name_of(self.model, "model")

    @property
    def is_tensorflow_data(self) -> bool:
        """Whether x is a ``tf.data.Dataset``."""
        return is_tensorflow_data(self.given[0])

    @property
    def callbacks(self) -> list[Any]:
        """Callbacks that ``fit`` would get."""
        given = self.options.get("callbacks") or []
        return list(given) if isinstance(given, list | tuple) else [given]

    def recompiled(self, **changes: str) -> str:
        """Write ``compile`` as the program has it, with other arguments."""
        otherwise = ", ".join(f"{name}={value}" for name, value in changes.items())
        return self.program.rewritten("compile", self.name, otherwise, **changes)

    @cached_property
    def layers(self) -> tuple[Any, ...]:
        """Every layer, those of inner models too."""
        return tuple(all_layers(self.model))

    @property
    def has_own_training(self) -> bool:
        """Whether the model computes its training step or its loss itself."""
        return overrides_training(self.model)

    @property
    def has_own_loss(self) -> bool:
        """Whether some loss is the user's own, and may do what Keras' losses do not."""
        losses = keras.tree.flatten(self.model.loss) if self.model.compiled else []
        named = [loss for loss in losses if loss is not None and not isinstance(loss, str)]
        return self.has_own_training or not all(map(of_keras, named))

    @property
    def has_validation(self) -> bool:
        """Whether ``fit`` would validate."""
        return self.options.get("validation_data") is not None or bool(self.options.get("validation_split"))

    @property
    def head(self) -> Head | None:
        """The only output; None for a model that has several."""
        return self.heads[0] if len(self.heads) == 1 else None

    @property
    def target(self) -> Data | None:
        """What the only output shall be, if it holds numbers."""
        target = self.head.target if self.head else None
        return target if target is not None and target.is_numeric and target.values.size else None

    def fits(self, entry: Entry, data: Data) -> bool:
        """Whether an input takes this array, as Keras would see it."""
        return data.values.ndim > 0 and fits(entry.shape[1:], data.shape[1:])


def describe(
    model: keras.Model,
    x: Any,
    y: Any,
    options: Mapping[str, Any],
    program: Program | None = None,
    called: tuple[str, str] = ("", ""),
    method: str = "",
) -> Subject:
    """Gather what the checks read.

    Parameters
    ----------
    model : keras.Model
    x, y : Any
        As ``fit`` takes them.
    options : mapping
        Further arguments of ``fit``.
    program : Program, optional
        What the user wrote; it knows the names of x and y.
    called : tuple of str
        Their names, if the program is not to be asked.
    method : str
        The method that was running.

    Returns
    -------
    Subject
    """
    program = program or Program()
    called = (called[0] or program.given_name(x, "X"), called[1] or program.given_name(y, "y"))
    graph = _or_none(lambda: graph_of(model))
    tensors_in = tuple(_or_none(lambda: model.inputs) or ()) if graph else ()
    tensors_out = tuple(_or_none(lambda: model.outputs) or ()) if graph else ()
    names_in = tuple(getattr(tensor, "name", "") for tensor in tensors_in)
    names_out = tuple(getattr(model, "output_names", None) or ()) if graph else ()
    if isinstance(model, keras.Sequential):
        names_in, names_out = names_in or ("input",), ("output",)
    xs, ys = read_both(x, y, names_in, names_out, called)

    entries: tuple[Entry, ...] = ()
    if graph and tensors_in:
        entries = tuple(
            Entry(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype), node)
            for tensor, node in zip(tensors_in, graph.inputs, strict=True)
        )
    subject = Subject(model, (x, y), xs, ys, graph, entries, (), options, program, called, method)
    return replace(subject, heads=_heads(subject, tensors_out, names_out))


def subject_of(failure: Failure) -> Subject:
    """Describe the model that was running when an exception was raised, and what it was given."""
    call = failure.call
    assert call is not None
    return describe(call.model, call.x, call.y, call.options, failure.program, method=call.method)


def _heads(subject: Subject, tensors: tuple[Any, ...], names: tuple[str, ...]) -> tuple[Head, ...]:
    model, graph = subject.model, subject.graph
    shapes: list[Shape | None]
    if graph and tensors:
        shapes = [tuple(tensor.shape) for tensor in tensors]
        ends = [output_activation(graph, output) for output in graph.outputs]
    elif graph:
        shapes = [_or_none(lambda: _shape_through(graph, subject.x))]
        ends = [output_activation(graph, graph.outputs[0])]
    else:
        shape, end = _or_none(lambda: _tried_out(subject)) or (None, None)
        shapes, ends = [shape], [end]
        if subject.x.form == "unknown" or len(subject.y.parts) > 1:
            return ()
    count = len(shapes)
    losses = _distributed(model.loss if model.compiled else None, names, count)
    metrics = compiled_metrics(model) if count == 1 else ()
    targets = subject.y.parts if len(subject.y.parts) == count else (None,) * count
    return tuple(
        Head(shape, end, loss and _loss(loss), metrics, target)
        for shape, end, loss, target in zip(shapes, ends, losses, targets, strict=True)
    )


def _shape_through(graph: Graph, x: Argument) -> Shape | None:
    """Shape after the layers of a Sequential that has no Input, for these examples; makes no weights."""
    if len(x.parts) != 1:
        return None
    shape: Shape = (None, *x.parts[0].shape[1:])
    for node in graph.nodes:
        if kind(node.operation) == "unknown":
            return None
        spec = getattr(node.operation, "input_spec", None)
        if isinstance(spec, keras.layers.InputSpec):
            least, exact = getattr(spec, "min_ndim", None), getattr(spec, "ndim", None)
            if (least and len(shape) < least) or (exact and len(shape) != exact):
                return None
        shape = tuple(node.operation.compute_output_shape(shape))
    return shape


def _tried_out(subject: Subject) -> tuple[Shape, str | None] | None:
    """Shape and activation of a subclassed model's output, from a few examples; only if it has weights already."""
    model, parts = subject.model, subject.x.parts
    stateful = any(getattr(layer, "stateful", False) for layer in subject.layers)
    if not model.built or not model.weights or stateful or len(parts) != 1 or not parts[0].is_numeric:
        return None
    sample = parts[0].values[:_SAMPLE]
    if not sample.size or not np.all(np.isfinite(sample)):
        return None
    sample = sample.astype("float32") if sample.dtype.kind in "fb" else sample
    output = model(keras.ops.convert_to_tensor(sample), training=False)
    if not hasattr(output, "shape"):
        return None
    values = np.asarray(keras.ops.convert_to_numpy(output))
    shape = (None, *values.shape[1:])
    if values.ndim > 1 and np.all(values >= 0) and np.allclose(values.sum(axis=-1), 1, atol=1e-4):
        return shape, "softmax" if values.shape[-1] > 1 else None
    return shape, "linear" if np.any((values < 0) | (values > 1)) else None


def _distributed(loss: Any, names: tuple[str, ...], count: int) -> tuple[Any, ...]:
    if count == 1 and isinstance(loss, list | tuple) and len(loss) == 1:
        return tuple(loss)
    if isinstance(loss, Mapping):
        return tuple(loss.get(name) for name in names) if len(names) == count else (None,) * count
    if isinstance(loss, list | tuple):
        return tuple(loss) if len(loss) == count else (None,) * count
    return (loss,) * count


def _loss(loss: Any) -> Loss | None:
    """Recognise one of Keras' own losses, given by name, function, class or instance."""
    config: dict[str, Any] = {}
    if isinstance(loss, str):
        name = loss
    else:
        if not of_keras(loss):
            return None
        made = isinstance(loss, keras.losses.Loss)
        name = getattr(type(loss) if made else loss, "__name__", "")
        config = (_or_none(loss.get_config) or {}) if made else {}
        if config.get("axis", -1) != -1:
            return None  # the classes are not on the last axis, where all checks look for them
    for loss_kind, names in _LOSS_KINDS.items():
        if name in names:
            return Loss(loss_kind, name, bool(config.get("from_logits", False)), config.get("ignore_class"))
    return None


def metric_name(metric: Any) -> str:
    """Name under which a metric appears in the history."""
    if isinstance(metric, str):
        return metric
    if isinstance(metric, type):
        return ""
    return str(getattr(metric, "name", None) or getattr(metric, "__name__", ""))


def _or_none(ask: Callable[[], Any]) -> Any:
    """Ask a model something that not every model can answer."""
    try:
        return ask()
    except Exception:
        return None
