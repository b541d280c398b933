"""Images that are used up: a kernel or pooling window larger than what is left of the image."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ...network import Graph, graph_of, graph_to
from .._report import Finding
from .._subject._failure import Failure, error, is_keras, model_shape, shape_in, shape_of

# Keras 3.8 lets a size of zero pass to the next layer, and joins its two shapes with "and".
_RUNS_OUT = (
    r"Computed output size would be (?:zero or )?negative\. Received:? `inputs[. ]shape=([(\[][^)\]]*[)\]])`"
    r"(?:,| and) `(kernel shape|pool_size)=([(\[][^)\]]*[)\]])`"
)


def _channels_first(failure: Failure, got: tuple[int | None, ...]) -> Finding | None:
    """Find that what is used up are no pixels: one or three channels, where Keras looks for the first side."""
    sides = [size for size in got[1:] if size is not None]
    if len(sides) < 3 or sides[0] not in (1, 3) or len(sides) != len(got) - 1 or min(sides[1:]) < 8:
        return None
    if failure.find("data_format='channels_first'"):
        return None
    arrays = [name for name, value in failure.program.arrays("fiu") if tuple(value.shape[1:]) == tuple(sides)]
    name = arrays[0] if arrays else "X"
    shape, now = (", ".join(map(str, each)) for each in ((*sides[1:], sides[0]), sides))
    return error(
        "input-channels",
        f"The shape of one example is ({now}): Keras takes the {sides[0]} in front for a side of the image, and the "
        f"{sides[-1]} at the end for channels.",
        "PyTorch has the channels in front, Keras has them last.",
        f"{name} = np.moveaxis({name}, 1, -1)  # and Input(shape=({shape}))",
    )


def image_too_small(failure: Failure) -> Finding | None:
    """Find that the pixels run out: which layer, what reaches it, and what took them."""
    found = failure.find(_RUNS_OUT)
    if not found:
        if not failure.find(
            r"Negative dimension size caused by subtracting|Kernel size can't be greater than actual input"
        ):
            return None
        return error(
            "image-too-small", "A kernel or pooling window is larger than what is left of the image.",
            "Each stride and pooling divides height and width.", 'padding="same"  # or one pooling less',
        )  # fmt: skip
    left, window = shape_in(found[1])[1:-1], shape_in(found[3])
    if channels := _channels_first(failure, shape_in(found[1])):
        return channels
    # A kernel's shape also holds its channels and filters.
    window = window[:-2] if found[2] == "kernel shape" else window
    layer = failure.layer
    name = getattr(layer, "name", "a layer")
    story, eaters = _what_came_before(failure, layer)
    seen = f"The layer {name} has a window of {_size(window)}, but only {_size(left)} pixels are left of the image"
    seen += f": {story}." if story else "."
    return error("image-too-small", seen, _why(eaters), _fix(eaters, layer, failure))


def _size(numbers: Any) -> str:
    return " × ".join("?" if number is None else str(number) for number in numbers)


def _why(eaters: list[Any]) -> str:
    if not eaters:
        return "Without padding, a window must fit into the image at least once."
    listed = ", ".join(f"{layer.name} ({_divides(layer)})" for layer in eaters)
    return f"What took most of the pixels: {listed}."


def _strides(layer: Any) -> tuple[int, ...]:
    strides = getattr(layer, "strides", None) or (1,)
    return (strides,) if isinstance(strides, int) else tuple(strides)


def _divides(layer: Any) -> str:
    return f"divides by {max(_strides(layer))}"


def _is_old_kernel(layer: Any) -> bool:
    """Tell Conv2D(32, 3, 3): the second 3 was the kernel's width once, and is the stride today."""
    strides = _strides(layer)
    return (
        hasattr(layer, "kernel_size")
        and max(strides) >= 3
        and tuple(layer.kernel_size) == strides * (len(tuple(layer.kernel_size)) // len(strides))
    )


def _fix(eaters: list[Any], failing: Any, failure: Failure) -> str:
    old = next((layer for layer in [*eaters, failing] if layer is not None and _is_old_kernel(layer)), None)
    if old is not None:
        kind, size, stride = type(old).__name__, tuple(old.kernel_size), _strides(old)[0]
        written = f"{kind}({old.filters}, {size[0]}, {stride})"
        return f"keras.layers.{kind}({old.filters}, {size})  # {written} means a stride of {stride}"
    # A kernel of 3 × 3 still works on 1 × 1 pixels when the image is padded; otherwise something has to go.
    if eaters:
        worst = max(eaters, key=lambda layer: max(_strides(layer)))
        return f'padding="same"  # in all of them; or leave out {worst.name}, or start from larger images'
    return 'padding="same"  # or start from larger images'


def _what_came_before(failure: Failure, failing: Any) -> tuple[str, list[Any]]:
    """Follow the image through the layers before: "16 × 16, conv2d 14 × 14, …", and the layers that divided it."""
    steps: list[str] = []
    eaters: list[Any] = []
    for layer, before, after in _sizes(failure, failing):
        if not steps:
            steps.append(_size(before))
        if after != before:
            steps.append(f"{_size(after)} after {layer.name}")
            if max(_strides(layer)) > 1:
                eaters.append(layer)
    return ", ".join(steps), list(dict.fromkeys(eaters))  # a shared layer eats more than once


def _sizes(failure: Failure, failing: Any) -> list[tuple[Any, Any, Any]]:
    """For each layer that the image has passed its height and width before and after."""
    chain = _chain(failure, failing)
    found = []
    shape = _start(failure, chain)
    for layer in chain:
        if shape is None:
            break
        if hasattr(layer, "batch_shape"):  # the Input
            continue
        try:
            after = layer.compute_output_shape(shape)
        except Exception:  # a layer that cannot say is where the story ends
            break
        if isinstance(after, tuple) and len(after) == len(shape) > 2:
            found.append((layer, shape[1:-1], after[1:-1]))
        shape = after
    return found


def _start(failure: Failure, chain: list[Any]) -> Any:
    first = chain[0] if chain else None
    shape = getattr(first, "batch_shape", None) or model_shape(failure.model, "input")
    if shape is None and failure.call is not None:
        shape = shape_of(failure.call.x)
    return tuple(shape) if shape is not None else None


def _chain(failure: Failure, failing: Any) -> list[Any]:
    """Layers that the image has passed, in this order, before it reached the one that fails."""
    if is_keras(failure.model, "Sequential"):
        return list(takewhile(lambda layer: layer is not failing, _in_a_row(graph_of(failure.model))))
    return _in_a_row(next(filter(None, map(graph_to, _read_by(failure, failing))), None))


def _in_a_row(graph: Graph | None) -> list[Any]:
    return [node.operation for node in graph.backward(graph.outputs[0])][::-1] if graph else []


def _read_by(failure: Failure, failing: Any) -> Iterator[Any]:
    """Find what the failing layer was called with."""
    for frame in reversed(failure.frames):
        arguments = frame.f_locals.get("args")
        if isinstance(arguments, tuple) and len(arguments) > 1 and arguments[0] is failing:
            yield arguments[1]


RECOGNISERS = (image_too_small,)
