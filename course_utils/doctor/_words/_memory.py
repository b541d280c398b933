"""More numbers than the memory holds: which layer wants them, and what would fit."""

from __future__ import annotations

import math
import os
from typing import Any

from ...network import all_layers
from .._report import Finding
from .._shapes import shape_in_words
from .._subject._failure import Failure, error, is_keras, shape_in, shape_of

_BYTES = 4  # of a float32
_WORDS_OR_MORE = 1000  # along the last axis: one-hot rows of a vocabulary
_WORDS = (
    r"OOM when allocating|[Oo]ut of memory|RESOURCE_EXHAUSTED|Unable to allocate|can't allocate memory"
    r"|not enough memory|[Ff]ailed to allocate|Dst tensor is not initialized|invalid array size|exceeds maximum"
)


def out_of_memory(failure: Failure) -> Finding | None:
    """Find an array that does not fit."""
    kinds = ("MemoryError", "ResourceExhaustedError", "OutOfMemoryError")
    if not failure.raised(*kinds) and not (failure.find(_WORDS) and failure.raised("RuntimeError", "InternalError")):
        return None
    shape = _shape(failure)
    layer = failure.layer
    weights = layer is not None and failure.in_module("initializers", "random")
    size = _in_words(_BYTES * math.prod(size or 1 for size in shape)) if shape else ""
    wanted = f"an array of shape {shape_in_words(shape)}, {size}," if shape else "more memory than there is"
    has = f" This machine has {_in_words(_memory())}." if _memory() else ""
    if layer is not None and len(shape) == 2 and (weights or not failure.call):
        pixels = _pixels_before(failure, layer)
        fix = (
            f"keras.layers.GlobalAveragePooling2D()  # in place of Flatten: then the weights are {pixels[1]:,} × "
            f"{shape[1]:,}"
            if pixels
            else f"keras.layers.{type(layer).__name__}({max((shape[1] or 16) // 16, 1)})  # or fewer numbers before it"
        )
        return error(
            "out-of-memory",
            f"The layer {layer.name} wants {wanted} for its weights.{has}",
            f"Each of its {shape[1]:,} units has a weight for each of the {shape[0]:,} numbers that come in, and "
            "training needs that three or four times.",
            fix,
        )
    by_hand = not failure.in_keras or failure.in_module("numerical_utils")  # where to_categorical is
    if by_hand and len(shape) > 1 and failure.raised("MemoryError"):
        return _before_keras(failure, tuple(size or 1 for size in shape), has)
    batch = _batch(failure)
    return error(
        "out-of-memory",
        f"{getattr(layer, 'name', None) or 'The program'} wants {wanted} and does not get it.{has}",
        "Training keeps what every layer gave for every example of a batch, so half the batch needs half of it.",
        f"batch_size={max(batch // 4, 1)}  # in fit; or smaller pictures",
    )


def _before_keras(failure: Failure, shape: tuple[int, ...], has: str) -> Finding:
    """Say what an array of the program's own wants, and how the data can be held."""
    told = failure.find(r"Unable to allocate ([\d.]+ \w+)")
    size = f", {told[1]}," if told else ""
    fix = "# make each batch when it is wanted: a keras.utils.PyDataset, or tf.data with map"
    if shape[-1] >= _WORDS_OR_MORE:
        whole = f"({', '.join(map(str, shape[:-1]))}{',' * (len(shape) == 2)})"
        fix = (
            f"# keep the numbers of the words or classes, an array of shape {whole}: keras.layers.Embedding takes them "
            'as inputs, loss="sparse_categorical_crossentropy" as labels'
        )
    return error(
        "out-of-memory",
        f"The program wants an array of shape {shape_in_words(shape)}{size} and does not get it.{has}",
        "NumPy has to hold it as a whole, before Keras is given any of it.",
        fix,
    )


def _shape(failure: Failure) -> tuple[int | None, ...]:
    found = failure.find(r"shape ?[=:]?\s*([(\[][\d, ]+[)\]])")
    if found:
        return shape_in(found[1])
    for frame in failure.frames:
        shape = frame.f_locals.get("shape")
        if isinstance(shape, tuple | list) and shape and all(isinstance(size, int) for size in shape):
            return tuple(shape)
    return ()


def _batch(failure: Failure) -> int:
    call = failure.call
    given = call.options.get("batch_size") if call else None
    if isinstance(given, int):
        return given
    x = shape_of(call.x) if call else None
    return x[0] if x and x[0] and call and call.method != "fit" else 32


def _pixels_before(failure: Failure, layer: Any) -> tuple[Any, int] | None:
    """Shape and channels of the picture that was flattened before a layer."""
    layers = all_layers(failure.model) if is_keras(failure.model, "Model") else []
    before = layers[: layers.index(layer)] if layer in layers else layers
    if before and is_keras(before[-1], "Layer") and type(before[-1]).__name__ == "Flatten" and len(before) > 1:
        shape = getattr(getattr(before[-2], "output", None), "shape", None)
        if shape is not None and len(shape) == 4 and shape[-1]:
            return shape, int(shape[-1])
    return None


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _in_words(size: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB"


RECOGNISERS = (out_of_memory,)
