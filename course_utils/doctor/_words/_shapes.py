"""Shapes that do not fit, where no model was running that could be asked: mostly while it is being built."""

from __future__ import annotations

import ast
import math
import re
import sys
from typing import Any

import numpy as np

from ...network import graph_to
from .._report import Finding
from .._shapes import Shape, counted, fits, shape_in_words
from .._subject._effects import KEEPS_AXES
from .._subject._failure import Failure, error, is_keras, shape_in, shape_of
from .._subject._program import argument_of, called, changed, in_line, is_users, nodes_of

_LAYER = r"of layer ['\"]?([^'\" ]+)['\"]? is incompatible with the layer: "
_SHAPE = r"([(\[][^)\]]*[)\]])"


def batch_in_shape(failure: Failure) -> Finding | None:
    """Find that the batch size was written into Input(shape=…)."""
    found = failure.find(rf"[Kk]ernel shape must have the same length as input, .*?input of shape {_SHAPE}")
    if not found:
        return None
    shape = shape_in(found[1])
    layer = getattr(failure.layer, "name", "The layer")
    return error(
        "batch-in-input-shape",
        f"{layer} gets data of shape {shape_in_words(shape)}: {len(shape)} axes, one more than it works on.",
        "Keras adds the batch axis (the None) itself, so the shape of an Input is that of one example.",
        f"keras.Input(shape={shape_in_words(shape[2:])})",
    )


def wrong_shape(failure: Failure) -> Finding | None:
    """Find a layer or model that refuses a shape: too few axes, too many, or another size."""
    if found := failure.find(rf"Expected shape {_SHAPE}, but input has incompatible shape {_SHAPE}"):
        return _model_refuses(failure, shape_in(found[1]), shape_in(found[2]))
    if found := failure.find(
        rf"{_LAYER}expected (min_ndim|max_ndim|ndim)=(\d+), found ndim=(\d+)\. Full shape received: {_SHAPE}"
    ):
        return _layer_wants_axes(failure, found[1], int(found[3]), shape_in(found[5]))
    if found := failure.find(rf"{_LAYER}expected axis (-?\d+) of input shape to have value (\d+), .*?shape {_SHAPE}"):
        return _layer_wants_size(failure, found[1], int(found[2]), int(found[3]), shape_in(found[4]))
    if found := failure.find(rf"{_LAYER}expected shape={_SHAPE}, found shape={_SHAPE}"):
        return _model_refuses(failure, shape_in(found[2]), shape_in(found[3]))
    return None


def _model_refuses(failure: Failure, expected: Shape, got: Shape) -> Finding | None:
    call = failure.call
    name, data = failure.x, call.x if call else None
    seen = f"{name} has the shape {_shown(data, got)}, but the model was built for {shape_in_words(expected)}."
    if len(got) == len(expected):
        return _other_size(name, seen, expected, got)
    if len(got) == len(expected) - 1:
        if fits(expected[1:], got):
            return _no_batch_axis(failure, seen)
        if len(got) > 1 and (expected[-1] == 1 or fits(expected[1:-1], got[1:])):
            longer = f"{name}[..., np.newaxis]"
            return error(
                "input-rank", seen,
                "The last axis is missing: one number for each pixel (or step) still needs an axis of size 1.",
                f"{name} = {longer}" if expected[-1] in (1, None)
                else f"{name} = np.repeat({longer}, {expected[-1]}, axis=-1)",
            )  # fmt: skip
    if len(expected) == 2 and len(got) > 2:
        numbers = math.prod(size or 0 for size in got[1:])
        why = "Each example has several axes, but the network takes one row of numbers for each."
        if expected[1] == numbers:
            return error("input-rank", seen, why, f"{name} = {name}.reshape(len({name}), {numbers})")
        flatten = f"keras.Input(shape={shape_in_words(got[1:])}); keras.layers.Flatten()  # as the first layers"
        return error("input-rank", seen, why, flatten)
    return error(
        "input-rank", seen, f"The model wants {len(expected)} axes, the batch axis included, and gets {len(got)}.",
        f"{name} = {name}.reshape({shape_in_words((-1, *expected[1:]))})"
        if None not in expected[1:] and len(got) > 1 else f"keras.Input(shape={shape_in_words(got[1:])})",
    )  # fmt: skip


def _shown(data: Any, got: Shape) -> str:
    # The message shows one batch; the user knows the whole array.
    whole = shape_of(data)
    return shape_in_words(whole if whole and len(whole) == len(got) and whole[1:] == got[1:] else got)


def _no_batch_axis(failure: Failure, seen: str) -> Finding:
    x = failure.call.x if failure.call else None
    if x is not None and not hasattr(x, "shape") and hasattr(x, "batch"):
        return error(
            "input-rank", seen, "The data set gives one example at a time; Keras wants batches of them.",
            "dataset = dataset.batch(32)",
        )  # fmt: skip
    return error(
        "input-rank",
        seen,
        "The first axis counts the examples (the None); a single example needs it too, with size 1.",
        f"{failure.x} = {failure.x}[np.newaxis]",
    )


def _other_size(name: str, seen: str, expected: Shape, got: Shape) -> Finding:
    if len(expected) == 4:
        if got[1] == expected[3] and got[3] != expected[3]:
            return _channels_first(name, seen)
        if got[3] != expected[3] and expected[3] is not None:
            return _other_channels(name, seen, expected[3], got)
        return error(
            "input-size", seen, "The height and width of the images are fixed when the model is built.",
            f"{name} = keras.ops.image.resize({name}, {shape_in_words(expected[1:3])})",
        )  # fmt: skip
    return error(
        "input-size", seen, f"Each example has {got[-1]} numbers; the first layer has weights for {expected[-1]}.",
        f"keras.Input(shape={shape_in_words(got[1:])})",
    )  # fmt: skip


def _channels_first(name: str, seen: str) -> Finding:
    return error(
        "input-channels",
        seen,
        "The channels come right after the batch axis, as in PyTorch; Keras wants them last.",
        f"{name} = np.moveaxis({name}, 1, -1)",
    )


def _other_channels(name: str, seen: str, expected: int | None, shape: Shape) -> Finding:
    got = shape[-1]
    if expected == 3 and got == 1:
        why, fix = "Grey images have one channel; this network wants three.", f"{name} = np.repeat({name}, 3, axis=-1)"
    elif expected == 1 and got == 3:
        why = "Colour images have three channels; this network wants one."
        fix = f"{name} = {name}.mean(axis=-1, keepdims=True)"
    elif expected == 3 and got == 4:
        why, fix = "The fourth channel is transparency (RGBA), which PNG files may have.", f"{name} = {name}[..., :3]"
    else:
        why, fix = "A convolution has weights for each channel.", f"keras.Input(shape={shape_in_words(shape[1:])})"
    return error("input-channels", seen, why, fix)


def _layer_wants_axes(failure: Failure, name: str, wanted: int, got: Shape) -> Finding:
    layer = failure.layer
    kind = type(layer).__name__ if layer is not None else name
    seen = f"The layer {name} wants {wanted} axes, the batch axis included, but gets {len(got)}: {shape_in_words(got)}."
    convolves = "conv" in kind.lower() or "pool" in kind.lower()
    if convolves and wanted - len(got) == 1 and len(got) >= 2:
        building = failure.call is None or got[0] is None
        return error(
            "input-rank",
            seen,
            "A convolution or pooling wants a channel axis at the end: 1 for grey images, 3 for colour.",
            f"keras.Input(shape={shape_in_words((*got[1:], 1))})"
            if building
            else f"{failure.x} = {failure.x}[..., np.newaxis]",
        )
    if convolves and len(got) == 2:
        return error(
            "input-rank",
            seen,
            "The rows and columns of the image are gone: a Flatten, Dense or global pooling came before.",
            f"# move Flatten (or Dense, or the global pooling) from before {name} to behind it",
        )
    if _recurrent(layer, name) and len(got) == 2:
        return _recurrent_wants_sequence(failure, seen, layer, got)
    if len(got) < wanted and got and failure.call and fits(got, shape_of(failure.call.x) or ()):
        return _no_batch_axis(failure, seen)
    return error(
        "input-rank",
        seen,
        "Each kind of layer works on a fixed number of axes.",
        f"keras.Input(shape={shape_in_words((*got[1:], *(1,) * (wanted - len(got))))})" if len(got) < wanted
        else f"keras.layers.Flatten()  # before {name}",
    )  # fmt: skip


def _recurrent(layer: Any, name: str) -> bool:
    return is_keras_layer(layer, "RNN") or any(word in name.lower() for word in ("lstm", "gru", "rnn"))


def is_keras_layer(thing: Any, kind: str) -> bool:
    """Whether a thing is of a class of `keras.layers`."""
    import keras

    return isinstance(thing, getattr(keras.layers, kind, ()))


def _recurrent_wants_sequence(failure: Failure, seen: str, layer: Any, got: Shape) -> Finding:
    last = _recurrent_before(failure)
    if last is not None:
        return error(
            "input-rank",
            seen,
            f"{last.name} gives only its last output; the next recurrent layer wants the output of every step.",
            _with_sequences(failure, last),
        )
    return error(
        "input-rank",
        seen,
        "A recurrent layer reads a sequence: for each example some steps, and for each step some numbers.",
        f"keras.Input(shape=({got[1]}, 1))  # and {failure.x} = {failure.x}[..., np.newaxis]",
    )


def time_distributed(failure: Failure) -> Finding | None:
    """Find TimeDistributed behind a layer that has left no axis of time."""
    found = failure.find(rf"`TimeDistributed` Layer should be passed an .*?at least 3 dimensions, received: {_SHAPE}")
    if not found:
        return None
    seen = f"TimeDistributed does the same at every step of a sequence, but gets the shape {found[1]}, without steps."
    last = _recurrent_before(failure)
    if last is not None:
        why = f"{last.name} gives only its last output, not that of every step."
        return error("input-rank", seen, why, _with_sequences(failure, last))
    return error(
        "input-rank",
        seen,
        "What comes in must have the axes example, step and features; without steps the inner layer does alone.",
        f"keras.Input(shape=(None, {(shape_in(found[1]) or (1,))[-1]}))  # or leave TimeDistributed out",
    )


def _recurrent_before(failure: Failure) -> Any:
    """Find the recurrent layer whose last output came to the failing layer, through layers that keep its axes."""
    arguments = (frame.f_locals.get("args") for frame in failure.frames)
    given = (thing for args in arguments if isinstance(args, tuple) for thing in args)
    tensor = next((thing for thing in given if is_keras(thing, "KerasTensor")), None)
    graph = graph_to(tensor) if tensor is not None else None
    for node in reversed(graph.nodes if graph else ()):
        if is_keras_layer(node.operation, "RNN") or node.kind == "Bidirectional":
            return node.operation
        if node.kind not in KEEPS_AXES:
            return None
    return None


def _with_sequences(failure: Failure, layer: Any) -> str:
    """Write a recurrent layer as the program has it, with the output of every step."""
    inner = getattr(layer, "forward_layer", layer)
    cls = type(inner).__name__
    # The first written is the first that lacks it, if its size does not tell which one it is.
    calls = [c for c in failure.program.calls(cls) if all(word.arg != "return_sequences" for word in c.keywords)][::-1]
    same = [call for call in calls if (units := argument_of(call, "units")) and in_line(units) == str(inner.units)]
    for call in same or calls:
        return f'{in_line(changed(call, (), {"return_sequences": "True"}))}  # the layer "{layer.name}"'
    return f"keras.layers.{cls}({inner.units}, return_sequences=True)"


def _layer_wants_size(failure: Failure, name: str, axis: int, wanted: int, got: Shape) -> Finding | None:
    layer, variable = failure.layer, failure.x
    where = "on its last axis" if axis in (-1, len(got) - 1) else f"on axis {axis}"
    seen = f"The layer {name} wants {wanted} values {where}, but gets {shape_in_words(got)}."
    if len(got) >= 3 and axis == 1:  # a layer set to channels-first
        return error(
            "input-channels", seen.replace("values", "channels"),
            "It was made with data_format='channels_first'; Keras' own order has the channels last.",
            '# leave out data_format="channels_first"',
        )  # fmt: skip
    kind = type(layer).__name__.lower() if layer is not None else name
    if len(got) >= 3 and ("conv" in kind or "normalization" in kind):
        if got[1] == wanted:
            return _channels_first(variable, seen)
        return _other_channels(variable, seen, wanted, got)
    call = failure.call
    reached = call is not None and shape_of(call.x) is not None and (shape_of(call.x) or ())[1:] == got[1:]
    if len(got) == 2 and not reached:
        return error(
            "input-size", seen,
            "Its weights were made for another number of inputs: a layer before it gives as many as its input is "
            "large, as Flatten does.",
            "keras.layers.GlobalAveragePooling2D()  # in place of Flatten; or give it the size that it was built with",
        )  # fmt: skip
    fix = f"keras.Input(shape={shape_in_words(got[1:])})"
    return error("input-size", seen, "Its number of weights was fixed when it was built.", fix)


def one_layer_in_several_places(failure: Failure) -> Finding | None:
    """Find ``[layer] * 3``, which is one layer three times."""
    unique = failure.find("should have unique names|is already the name of a layer")
    if not unique and not failure.find(_LAYER):
        return None
    for scope in failure.program.scopes:
        for node in nodes_of(scope):
            if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
                continue
            listed, times = (node.left, node.right) if isinstance(node.left, ast.List) else (node.right, node.left)
            if not isinstance(listed, ast.List) or len(listed.elts) != 1 or not isinstance(listed.elts[0], ast.Call):
                continue
            layer = listed.elts[0]
            if hasattr(sys.modules["keras"].layers, called(layer)):
                return error(
                    "duplicate-name" if unique else "input-size",
                    f"{in_line(node)} holds one layer, in several places.",
                    "A list that is multiplied repeats what it holds and makes nothing new: the layer has one set of "
                    "weights, for the first input that it met.",
                    f"[{in_line(layer)} for _ in range({in_line(times)})]",
                )
    return None


def attention_mask(failure: Failure) -> Finding | None:
    """Find a mask of (batch, steps) where attention wants one for each pair of steps."""
    layer = next((one for one in failure.objects("Layer") if is_keras_layer(one, "MultiHeadAttention")), None)
    if layer is None:
        return None
    for frame in failure.frames:
        mask = frame.f_locals.get("attention_mask")
        shape = shape_of(mask) if mask is not None else None
        if not shape or len(shape) != 2 or is_users(frame):
            continue
        for call in failure.program.calls(*_attentions(failure, layer)):
            given = next((word.value for word in call.keywords if word.arg == "attention_mask"), None)
            if given is not None:
                text = in_line(given)
                text = text if isinstance(given, ast.Name | ast.Attribute) else f"({text})"
                return error(
                    "input-rank",
                    f"attention_mask has the shape {shape_in_words(shape)}, one number for each step.",
                    "It tells for each step that asks which steps it may look at, so it has three axes: (batch, steps "
                    "that ask, steps that are asked).",
                    in_line(changed(call, (), {"attention_mask": f"{text}[:, None, :]"})),
                )
    return None


def _attentions(failure: Failure, layer: Any) -> list[str]:
    """Names by which a layer may be called in the program: its variables, and what models call it."""
    owners = [*failure.objects("Layer"), *(frame.f_locals.get("self") for frame in failure.user_frames)]
    names = [name for owner in owners if owner is not None for name, value in vars(owner).items() if value is layer]
    return [*names, failure.program.name_of(layer, "MultiHeadAttention"), "MultiHeadAttention"]


def batch_of_state(failure: Failure) -> Finding | None:
    """Find a stateful network that is asked about another number of examples than it was built for."""
    found = failure.find(r"Expected batch size: (\d+).*?Received batch size: (\d+)")
    if not found or failure.call is None:
        return None
    size, got = int(found[1]), int(found[2])
    count = (shape_of(failure.call.x) or (0,))[0] or 0
    if count > size and count % size == got:
        return error(
            "input-size",
            f"{failure.x} has {count} examples, and the model keeps the state of {size} sequences: the last batch has "
            f"{got} only.",
            "A stateful layer goes on where the same row of the last batch ended, so all batches have the same size.",
            f"{failure.x} = {failure.x}[:{count - got}]  # and its labels",
        )
    name = failure.program.name_of(failure.model, "model")
    return error(
        "input-size",
        f"{name} was built for batches of {size}, since it keeps the state of {size} sequences, and gets {got}.",
        "A stateful layer goes on where the same row of the last batch ended. For another number it takes another "
        "network, with the same weights.",
        _for_another_batch(failure, name, got),
    )


def _for_another_batch(failure: Failure, name: str, size: int) -> str:
    """Write the lines that make the model for another batch size, by the user's own function where there is one."""
    failing = next(failure.program.calls(failure.call.method if failure.call else "predict"), None)
    makers = [
        (node.lineno, node.value)
        for scope in failure.program.scopes
        for node in nodes_of(scope)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and len(node.value.args) == 1
        and failure.program.value_of(ast.unparse(node.targets[0])) is failure.model
        and (failing is None or node.lineno < failing.lineno)
    ]
    if makers:
        made = max(makers, key=lambda maker: maker[0])[1]
        new = in_line(ast.Call(made.func, [ast.Constant(size)], made.keywords))
        return f"other = {new}; other.set_weights({name}.get_weights())  # and ask other"
    return f"# build the model again with batch_shape=({size}, …); other.set_weights({name}.get_weights())"


def not_a_shape(failure: Failure) -> Finding | None:
    """Find Input(shape=784) or Input(28, 28, 1)."""
    found = failure.find(r"Cannot convert '(\d+)' to a shape")
    if not found:
        return _comma_behind_a_size(failure)
    return error(
        "input-rank",
        f"The shape is the number {found[1]}, but a shape is a tuple, also when it has one axis only.",
        f"Without its comma, ({found[1]}) is just the number {found[1]}.",
        f"keras.Input(shape=({found[1]},))  # for images three numbers: keras.Input(shape=(28, 28, 1))",
    )


def _comma_behind_a_size(failure: Failure) -> Finding | None:
    """Find a size that a comma at the end of its line has made a tuple: ``HEIGHT = 32,``."""
    if not failure.find(r"Cannot convert '.*?' to a shape. Found invalid dimension '\(\d+,\)'"):
        return None
    for name in re.findall(r"[A-Za-z_]\w*", failure.line):
        value = failure.program.value_of(name)
        if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], int):
            return error(
                "input-rank",
                f"{name} is {value}, a tuple, where the shape needs the number {value[0]}.",
                "A comma behind a number, at the end of a line or in brackets, makes a tuple of it.",
                f"{name} = {value[0]}",
            )
    return None


def unknown_sizes(failure: Failure) -> Finding | None:
    """Find Flatten and Dense after an Input whose height and width are None."""
    found = failure.find(rf"must be fully-defined \(no `?None`? dimensions\)\. Received: shape={_SHAPE}")
    if not found:
        return None
    return error(
        "input-size",
        f"A layer with weights of shape {found[1]} is to be made, but one of its sizes is unknown (None).",
        "A Dense layer behind Flatten needs to know how many numbers it gets, so the Input must give height and width.",
        "keras.layers.GlobalAveragePooling2D()  # in place of Flatten; or write height and width into keras.Input",
    )


def do_not_join(failure: Failure) -> Finding | None:
    """Find Add, Concatenate and the like with inputs that do not fit each other."""
    found = failure.find(rf"Inputs have incompatible shapes\. Received shapes {_SHAPE} and {_SHAPE}") or failure.find(
        r"`?Concatenate`? layer requires inputs with matching shapes.*?input_shape=(\[.*?\)\])()"
    )
    if not found:
        return None
    both = f"{found[1]} and {found[2]}" if found[2] else found[1]
    padded = _padded(failure, found[0])
    if padded:
        return error(
            "input-size",
            f"{getattr(failure.layer, 'name', 'A layer')} joins branches whose images differ in size: {both}.",
            "Pooling and strides round odd sizes down, so what is enlarged again can be a pixel short. Images whose "
            "sides can be halved that often never are.",
            padded,
        )
    return error(
        "input-size",
        f"{getattr(failure.layer, 'name', 'A layer')} joins branches of the shapes {both}, which do not fit.",
        "Branches that are added must agree in every size; those that are concatenated, in all but one.",
        _joined(failure, found),
    )


def _padded(failure: Failure, message: str) -> str:
    """Write the line that makes the smaller of two images as large as the other; empty if it is not that."""
    shapes = [shape_in(text) for text in re.findall(r"\(None(?:, \d+){3}\)", message)]
    if len(shapes) != 2 or shapes[0][1:3] == shapes[1][1:3]:
        return ""
    small, large = sorted(shapes, key=lambda shape: math.prod(shape[1:3]))  # type: ignore[arg-type]
    more = [b - a for a, b in zip(small[1:3], large[1:3], strict=True)]  # type: ignore[operator]
    if min(more) < 0 or max(more) > 3:
        return ""
    import keras

    given = [frame.f_locals.get(name) for frame in failure.frames for name in ("inputs", "args")]
    tensors = keras.tree.flatten([thing for thing in given if isinstance(thing, list | tuple)])
    tensor = next((t for t in tensors if is_keras(t, "KerasTensor") and tuple(t.shape) == small), None)
    name = failure.program.name_of(tensor, "")
    layer = f"keras.layers.ZeroPadding2D(((0, {more[0]}), (0, {more[1]})))"
    return f"{name} = {layer}({name})" if name else f"{layer}  # behind the smaller one"


def _joined(failure: Failure, found: re.Match[str]) -> str:
    """Write a layer that makes one branch as wide as the other."""
    shapes = [shape_in(text) for text in (found[1], found[2])] if found[2] else []
    if len(shapes) == 2 and len(shapes[0]) == len(shapes[1]):
        units = max(shapes[0][-1] or 1, shapes[1][-1] or 1)
        inputs = next((frame.f_locals.get("args") for frame in failure.frames if frame.f_locals.get("args")), ())
        tensors = [each for part in inputs or () if isinstance(part, list | tuple) for each in part]
        narrow = next((t for t in tensors if getattr(t, "shape", (0,))[-1] != units), None)
        name = failure.program.name_of(narrow, "")
        if name and len(shapes[0]) == 2:
            return f"{name} = keras.layers.Dense({units})({name})"
    return "# give both branches the same number of units (or filters) before they are joined"


def three_channels(failure: Failure) -> Finding | None:
    """Find trained networks that want colour images."""
    found = failure.find(rf"input must have (\d+) channels; Received `input_shape={_SHAPE}`")
    if not found:
        return None
    shape = shape_in(found[2])
    return error(
        "input-channels",
        f"input_shape is {shape_in_words(shape)}, {counted(shape[-1] or 0, 'channel')}, but the trained network wants "
        f"{found[1]}.",
        "Its first weights were trained on colour images.",
        f"input_shape={shape_in_words((*shape[:-1], int(found[1])))}  # and X = np.repeat(X, 3, axis=-1)",
    )


def channels_first_on_cpu(failure: Failure) -> Finding | None:
    """Find data_format="channels_first" where TensorFlow cannot compute it."""
    if not failure.in_keras or not failure.find(r"NCHW|NHWC"):
        return None
    return error(
        "input-channels",
        "A layer works with the channels first, which TensorFlow cannot compute without a graphics card.",
        "Keras' own order has the channels last: (examples, height, width, channels).",
        f'{failure.x} = np.moveaxis({failure.x}, 1, -1)  # and leave out data_format="channels_first"',
    )


def embedding_index(failure: Failure) -> Finding | None:
    """Find a word or item number beyond what the Embedding was made for."""
    found = failure.find(r"indices\[[\d,]+\] = (-?\d+) is not in \[0, (\d+)\)")
    torch = failure.find("index out of range in self") and is_keras_layer(failure.layer, "Embedding")
    if not found and not torch:
        return None
    size = int(found[2]) if found else int(failure.layer.input_dim)
    largest = found[1] if found else _largest(failure)
    return error(
        "index-out-of-range",
        f"{failure.x} holds the index {largest}, but the Embedding has input_dim={size}, so indices must be 0 to "
        f"{size - 1}.",
        "The layer has one row of weights for each index.",
        f"keras.layers.Embedding({int(largest) + 1 if largest.isdigit() else size + 1}, "
        f"{getattr(failure.layer, 'output_dim', 8)})",
    )


def _largest(failure: Failure) -> str:
    x = failure.call.x if failure.call else None
    return str(int(np.max(x))) if isinstance(x, np.ndarray) and x.size else "of some word"


def not_adapted(failure: Failure) -> Finding | None:
    """Find text layers that have seen no text yet."""
    layer = failure.layer
    lookup = any(is_keras_layer(layer, kind) for kind in ("TextVectorization", "StringLookup", "IntegerLookup"))
    if not (failure.find("Table not initialized") or (lookup and failure.raised("RuntimeError"))):
        return None
    name = getattr(layer, "name", "text_vectorization")
    return error(
        "normalization-not-adapted",
        f"The layer {name} has not seen any data yet, so it knows no words.",
        "Such a layer learns its vocabulary from data before training.",
        f"{failure.program.name_of(layer, name)}.adapt({_texts(failure)})",
    )


def _texts(failure: Failure) -> str:
    return next((name for name, _ in failure.program.arrays("OUS")), 'np.array(["some texts", "to learn words from"])')


RECOGNISERS = (
    one_layer_in_several_places,
    attention_mask,
    batch_of_state,
    batch_in_shape,
    not_a_shape,
    unknown_sizes,
    three_channels,
    do_not_join,
    wrong_shape,
    time_distributed,
    embedding_index,
    not_adapted,
    channels_first_on_cpu,
)
