"""Looking into a model while it runs: its layers by name, its batches, and what passes through each layer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

Tensor = Any  # of the backend in use
See = Callable[["keras.Layer", tuple, Tensor], Tensor]

BATCH = 32


def all_layers(model: keras.Model) -> list[keras.Layer]:
    """List the layers of a built model, those of nested models included."""
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.built:
        raise ValueError(
            f"the model {model.name!r} was never built, so it has no weights. Begin it with keras.Input(...), "
            f"or call it once on a batch of images"
        )
    return model._flatten_layers(include_self=False)


def find_layer(model: keras.Model, name: str) -> keras.Layer:
    """Find a layer by its name; the model's own layers come before those of nested models."""
    layers = all_layers(model)
    matching = [layer for layer in [*model.layers, *layers] if layer.name == name]
    if matching:
        return matching[0]
    names = ", ".join(dict.fromkeys(layer.name for layer in layers))
    raise ValueError(f"the model has no layer {name!r}; it has {names}")


def as_batch(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Check a batch of images, and make it float32."""
    all_layers(model)
    batch = np.asarray(images)
    shape = getattr(model, "input_shape", None)
    if isinstance(shape, list | dict):
        raise ValueError(f"the model takes {len(shape)} inputs, but only models with one can be looked into")
    if batch.dtype.kind not in "buif":
        raise TypeError(f"images must be numbers, got {batch.dtype}")
    rank = 4 if shape is None else len(shape)
    if batch.ndim != rank:
        hint = " One image is a batch of one: image[np.newaxis]." if batch.ndim == rank - 1 else ""
        raise ValueError(f"images must have {rank} axes, the first one for the batch; got shape {batch.shape}.{hint}")
    if not len(batch):
        raise ValueError("there is no image: images is empty")
    return batch.astype("float32")


def batches(images: np.ndarray) -> Iterator[np.ndarray]:
    """Cut images into pieces that fit into memory with all their feature maps."""
    for start in range(0, len(images), BATCH):
        yield images[start : start + BATCH]


@contextmanager
def watched(layers: Iterable[keras.Layer], see: See) -> Iterator[None]:
    """While open, show every output of these layers to `see`, and go on with what it returns.

    This needs no graph, so it works on subclassed models, too, and under each backend's differentiation.
    """

    def watch(layer: keras.Layer) -> Callable:
        call = layer.call

        @functools.wraps(call)
        def watched_call(*args: Any, **kwargs: Any) -> Tensor:
            return see(layer, args, call(*args, **kwargs))

        return watched_call

    chosen = list({id(layer): layer for layer in layers}.values())
    # Written past Keras' own bookkeeping of attributes: this is not for its eyes.
    with restored([(layer, "call") for layer in chosen]):
        for layer in chosen:
            layer.__dict__["call"] = watch(layer)
        yield


@contextmanager
def restored(attributes: Sequence[tuple[Any, str]]) -> Iterator[None]:
    """Put an object's own attributes back, whatever was done to them."""
    before = [(thing.__dict__, name, name in thing.__dict__, thing.__dict__.get(name)) for thing, name in attributes]
    try:
        yield
    finally:
        for own, name, there, value in before:
            own.pop(name, None)
            if there:
                own[name] = value


def run_model(model: keras.Model, x: Tensor) -> Tensor:
    """Run a model on a batch as in prediction, changing none of its state."""
    import keras

    graph = getattr(model, "_functional", None) or model
    # No layer may keep a value: it could belong to JAX's differentiation.
    with keras.StatelessScope(), restored([(graph, "_convert_inputs_to_tensors")]):
        if any("int" in str(each.dtype) for each in getattr(graph, "inputs", None) or []):
            # Rounded to the whole numbers that the model's input asks for, pixels would have no gradient.
            graph.__dict__["_convert_inputs_to_tensors"] = list
            return graph(x, training=False)
        return model(x, training=False)


def outputs_of(model: keras.Model, batch: np.ndarray, layers: Sequence[keras.Layer]) -> list[np.ndarray]:
    """Run a model on one batch and return what came out of some layers."""
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
    """Spare PyTorch, the one backend that would prepare for gradients unasked, the memory."""
    import keras

    if keras.backend.backend() != "torch":
        yield
        return
    import torch

    with torch.no_grad():
        yield
