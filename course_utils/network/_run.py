"""A watched run of a model: what passes through each layer, and what would follow if something else did."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

Tensor = Any  # of the backend in use
See = Callable[["keras.Layer", tuple, Tensor], Tensor]


@contextmanager
def replaced(replacements: Iterable[tuple[Any, str, Any]]) -> Iterator[None]:
    """While open, objects have other attributes, which Keras neither tracks nor converts.

    Parameters
    ----------
    replacements : iterable of (object, str, object)
        Whose attribute, its name, and what it is meanwhile.

    Yields
    ------
    None

    Examples
    --------
    >>> import keras
    >>> layer = keras.layers.Dense(3, activation="softmax")
    >>> with replaced([(layer, "activation", keras.activations.linear)]):
    ...     layer.activation.__name__
    'linear'
    >>> layer.activation.__name__
    'softmax'
    """
    before = []
    try:
        for thing, name, value in replacements:
            own = thing.__dict__  # written past Keras' own bookkeeping of attributes
            before.append((own, name, name in own, own.get(name)))
            own[name] = value
        yield
    finally:
        for own, name, there, value in reversed(before):
            own.pop(name, None)
            if there:
                own[name] = value


def watched(layers: Iterable[keras.Layer], see: See) -> AbstractContextManager[None]:
    """While open, show every output of these layers to a function, and go on with what it returns.

    This needs no graph, so it works on subclassed models, too, and under each backend's differentiation.

    Parameters
    ----------
    layers : iterable of keras.Layer
        Layers of a model, however deep in it.
    see : callable
        Takes the layer, the positional arguments of its call and its output; what it returns is the output from here
        on.

    Returns
    -------
    context manager

    Examples
    --------
    >>> import keras, numpy as np
    >>> from keras.layers import Dense
    >>> hidden = Dense(3, name="hidden")
    >>> model = keras.Sequential([keras.Input((2,)), hidden, Dense(1)])
    >>> def see(layer, args, output):
    ...     print(layer.name, tuple(output.shape))
    ...     return output
    >>> with watched(model.layers[:1], see):
    ...     outputs = run_model(model, keras.ops.ones((5, 2)))
    hidden (5, 3)
    """

    def watch(layer: keras.Layer) -> Callable:
        call = layer.call

        @functools.wraps(call)
        def watched_call(*args: Any, **kwargs: Any) -> Tensor:
            return see(layer, args, call(*args, **kwargs))

        return watched_call

    return replaced([(layer, "call", watch(layer)) for layer in {id(layer): layer for layer in layers}.values()])


def run_model(model: keras.Model, x: Tensor) -> Tensor:
    """Run a model on a batch as in prediction, changing none of its state.

    Parameters
    ----------
    model : keras.Model
        Built, with one input.
    x : tensor
        One batch, of the backend in use. What a model takes that asks for whole numbers may be fractions.

    Returns
    -------
    tensor
        Or the nest of tensors that the model gives.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5)])
    >>> run_model(model, keras.ops.ones((1, 2))).shape[1]
    2
    """
    import keras

    graph = getattr(model, "_functional", None) or model
    # Rounded to the whole numbers that the model's input asks for, pixels would have no gradient.
    asks_for_whole = any("int" in str(each.dtype) for each in getattr(graph, "inputs", None) or [])
    # No layer may keep a value: it could belong to JAX's differentiation.
    with keras.StatelessScope():
        if not asks_for_whole:
            return model(x, training=False)
        with replaced([(graph, "_convert_inputs_to_tensors", list)]):
            return graph(x, training=False)


def outputs_of(model: keras.Model, batch: np.ndarray, layers: Sequence[keras.Layer]) -> list[np.ndarray]:
    """Run a model on one batch and return what came out of some layers.

    Parameters
    ----------
    model : keras.Model
        Built, with one input.
    batch : numpy.ndarray
        What the model takes.
    layers : sequence of keras.Layer
        Layers of the model, however deep in it.

    Returns
    -------
    list of numpy.ndarray, float32
        In the order of `layers`.

    Raises
    ------
    ValueError
        If a layer does not run exactly once, or gives several outputs.

    Examples
    --------
    >>> import keras, numpy as np
    >>> hidden = keras.layers.Dense(3, kernel_initializer="ones")
    >>> model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1)])
    >>> outputs_of(model, np.array([[1.0, 2.0]]), [hidden])
    [array([[3., 3., 3.]], dtype=float32)]
    """
    import keras

    seen: dict[int, list[np.ndarray]] = {id(layer): [] for layer in layers}

    def see(layer: keras.Layer, args: tuple, output: Tensor) -> Tensor:
        seen[id(layer)].append(output)
        return output

    with watched(layers, see), without_gradients():
        run_model(model, keras.ops.convert_to_tensor(batch))
    for layer in layers:
        n_calls = len(seen[id(layer)])
        if n_calls != 1:
            raise ValueError(
                f"layer {layer.name!r} runs {n_calls} times for one batch, so there is no one output to show"
            )
        if not hasattr(seen[id(layer)][0], "shape"):
            raise ValueError(
                f"layer {layer.name!r} gives several outputs at once; choose one that gives a single array"
            )
    return [np.asarray(keras.ops.convert_to_numpy(seen[id(layer)][0]), "float32") for layer in layers]


@contextmanager
def without_gradients() -> Iterator[None]:
    """Spare PyTorch, the one backend that would prepare for gradients unasked, the memory.

    Yields
    ------
    None

    Examples
    --------
    >>> import keras
    >>> with without_gradients():
    ...     doubled = 2 * keras.ops.ones(3)
    """
    import keras

    if keras.backend.backend() != "torch":
        yield
        return
    import torch

    with torch.no_grad():
        yield
