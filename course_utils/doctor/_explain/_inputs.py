"""Failures of the data that goes in: its axes, sizes, types and numbers of examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._report import Finding
from .._shapes import Shape, counted, fits, shape_in_words
from ._failure import Call, Failure, error, model_shape, shape_in, shape_of

_LAYER = r"of layer ['\"]?([^'\" ]+)['\"]? is incompatible with the layer: "
_SHAPE = r"([(\[][^)\]]*[)\]])"


def missing_inputs(failure: Failure) -> Finding | None:
    """Find a model with several inputs that gets too few, or a dictionary with other names."""
    if found := failure.find(r"expects (\d+)(?: named)? input\(s\).*?received (\d+) input tensors"):
        wanted, given = int(found[1]), int(found[2])
        names = _input_names(failure)
        as_dict = ", ".join(f'"{name}": …' for name in names) or '"name": …'
        return error(
            "input-type",
            f"The model has {counted(wanted, 'input')}, but {failure.x} holds {given}.",
            "Each Input of a model needs its own array.",
            f"{failure.x} = {{{as_dict}}}" if wanted > 1 else f"{failure.x} = {failure.x}[0]",
        )
    if found := failure.find(
        r'Missing data for input "([^"]+)".*?with keys (\[[^\]]*\]).*?following keys: (\[[^\]]*\])'
    ):
        return error(
            "input-type",
            f"{failure.x} is a dictionary with the keys {found[2]}, but the model's inputs are called {found[3]}.",
            f"Nothing was given for the input {found[1]!r}.",
            f'{failure.x} = {{"{found[1]}": …}}  # one entry for each of {found[3]}',
        )
    return None


def _input_names(failure: Failure) -> list[str]:
    return [str(name) for name in getattr(failure.model, "input_names", None) or ()]


def list_of_arrays(failure: Failure) -> Finding | None:
    """Find images or rows in a Python list, which Keras takes for the inputs of a model with many inputs."""
    call = failure.call
    if call is None or not isinstance(call.x, (list, tuple)) or len(call.x) < 2 or _number_of_inputs(call.model) > 1:
        return None
    if not all(hasattr(item, "shape") for item in call.x) or not failure.find("[Ii]nput|structure"):
        return None
    if call.method == "fit" and call.y is None:
        return None
    return error(
        "input-type",
        f"{failure.x} is a Python {type(call.x).__name__} of {len(call.x)} arrays, but the model has one input.",
        f"Keras takes the {len(call.x)} arrays for {len(call.x)} different inputs, not for {len(call.x)} examples.",
        f"{failure.x} = np.stack({failure.x})",
    )


def _number_of_inputs(model: Any) -> int:
    inputs = getattr(model, "inputs", None)
    return len(inputs) if isinstance(inputs, (list, tuple)) else 1


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
    if failure.find("Matrix size-incompatible|depth must be|Inputs to operation .* must have|Cannot reshape a tensor"):
        return _against_model(failure)
    return _against_model(failure) if failure.raised("InvalidArgumentError") else None


def _against_model(failure: Failure) -> Finding | None:
    # TensorFlow runs a graph that it made for other shapes, so its message says little; the data itself says more.
    call = failure.call
    expected, got = (model_shape(call.model, "input"), shape_of(call.x)) if call else (None, None)
    if expected is None or got is None or _takes(expected, got):
        return None
    return _model_refuses(failure, expected, got)


def _takes(expected: Shape, got: Shape) -> bool:
    """Whether batches of one shape will do for those that a model expects."""
    return bool(expected and got) and fits(expected[1:], got[1:])


def _misfit(failure: Failure) -> tuple[str, Any]:
    """Which data do not fit, X or those of validation, and their name."""
    call = failure.call
    if call is None:
        return failure.x, None
    held_out = call.options.get("validation_data")
    expected, got = model_shape(call.model, "input"), shape_of(call.x)
    if isinstance(held_out, (tuple, list)) and held_out and expected and got and _takes(expected, got):
        other = shape_of(held_out[0])
        if other is not None and not _takes(expected, other):
            return failure.name_of(held_out[0], "X_val"), held_out[0]
    return failure.x, call.x


def _model_refuses(failure: Failure, expected: Shape, got: Shape) -> Finding | None:
    call = failure.call
    name, data = _misfit(failure)
    whose = name if call is None or data is call.x else f"{name}, of the validation data,"
    seen = f"{whose} has the shape {_shown(data, got)}, but the model was built for {shape_in_words(expected)}."
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
    if call is not None and len(got) == 1 and call.method == "fit" and len(shape_of(call.y) or ()) == len(expected):
        return error(
            "input-rank", seen, f"X and y look swapped: {failure.y} has the axes that the model wants for X.",
            f"model.fit({failure.y}, {name})",
        )  # fmt: skip
    if len(expected) == 2 and len(got) > 2:
        numbers = math.prod(size or 0 for size in got[1:])
        why = "Each example has several axes, but the network takes one row of numbers for each."
        if expected[1] == numbers:
            return error("input-rank", seen, why, f"{name} = {name}.reshape(len({name}), {numbers})")
        flatten = f"[keras.Input(shape={shape_in_words(got[1:])}), keras.layers.Flatten(), …]"
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
            f"move Flatten behind {name}" if failure.call is None else "keras.Input(shape=(height, width, channels))",
        )
    if _recurrent(layer, name) and len(got) == 2:
        return _recurrent_wants_sequence(failure, seen, layer, got)
    if len(got) < wanted and got and failure.call and fits(got, shape_of(failure.call.x) or ()):
        return _no_batch_axis(failure, seen)
    return error(
        "input-rank",
        seen,
        "Each kind of layer works on a fixed number of axes.",
        f"keras.Input(shape=…)  # {wanted - 1} numbers, without the batch axis" if len(got) < wanted
        else f"keras.layers.Flatten() before {name}",
    )  # fmt: skip


def _recurrent(layer: Any, name: str) -> bool:
    return is_keras_layer(layer, "RNN") or any(word in name.lower() for word in ("lstm", "gru", "rnn"))


def is_keras_layer(thing: Any, kind: str) -> bool:
    """Whether a thing is of a class of `keras.layers`."""
    import keras

    return isinstance(thing, getattr(keras.layers, kind, ()))


def _recurrent_wants_sequence(failure: Failure, seen: str, layer: Any, got: Shape) -> Finding:
    before = [other for other in getattr(failure.model, "layers", ()) if other is not layer]
    last = before[-1] if before else None
    if is_keras_layer(last, "RNN") or (last is None and failure.find(r"of layer '?\w+_\d+")):
        named = getattr(last, "name", "The layer before")
        return error(
            "input-rank",
            seen,
            f"{named} gives only its last output; the next recurrent layer wants the output of every step.",
            f"keras.layers.{type(last).__name__ if last is not None else 'LSTM'}(…, return_sequences=True)",
        )
    return error(
        "input-rank",
        seen,
        "A recurrent layer reads a sequence: for each example some steps, and for each step some numbers.",
        f"keras.Input(shape=({got[1]}, 1))  # and {failure.x} = {failure.x}[..., np.newaxis]",
    )


def _layer_wants_size(failure: Failure, name: str, axis: int, wanted: int, got: Shape) -> Finding | None:
    expected = model_shape(failure.model, "input")
    variable, data = _misfit(failure)
    given = shape_of(data)
    if expected is not None and given is not None and not _takes(expected, given):
        # The whole array says more than what reaches the layer in the middle.
        return _model_refuses(failure, expected, given)
    layer = failure.layer
    where = "on its last axis" if axis in (-1, len(got) - 1) else f"on axis {axis}"
    seen = f"The layer {name} wants {wanted} values {where}, but gets {shape_in_words(got)}."
    if len(got) >= 3 and axis == 1:  # a layer set to channels-first
        return error(
            "input-channels", seen.replace("values", "channels"),
            "It was made with data_format='channels_first'; Keras' own order has the channels last.",
            'leave out data_format="channels_first"',
        )  # fmt: skip
    kind = type(layer).__name__.lower() if layer is not None else name
    if len(got) >= 3 and ("conv" in kind or "normalization" in kind):
        if got[1] == wanted:
            return _channels_first(variable, seen)
        return _other_channels(variable, seen, wanted, got)
    fix = f"keras.Input(shape={shape_in_words(got[1:])})"
    if len(got) == 2 and any("flatten" in getattr(other, "name", "") for other in getattr(failure.model, "layers", ())):
        return error(
            "input-size", seen, "It follows a Flatten, so its number of weights was fixed by the size of the images.",
            f"{variable} = keras.ops.image.resize({variable}, (height, width))  # as the model was built for",
        )  # fmt: skip
    return error("input-size", seen, "Its number of weights was fixed when it was built.", fix)


def not_a_shape(failure: Failure) -> Finding | None:
    """Find Input(shape=784) or Input(28, 28, 1)."""
    found = failure.find(r"Cannot convert '(\d+)' to a shape")
    if not found:
        return None
    return error(
        "input-rank",
        f"The shape is the number {found[1]}, but a shape is a tuple, also when it has one axis only.",
        f"Without its comma, ({found[1]}) is just the number {found[1]}.",
        f"keras.Input(shape=({found[1]},))  # for images: keras.Input(shape=(height, width, channels))",
    )


def unknown_sizes(failure: Failure) -> Finding | None:
    """Find Flatten and Dense after an Input whose height and width are None."""
    found = failure.find(rf"must be fully-defined \(no `?None`? dimensions\)\. Received: shape={_SHAPE}")
    if not found:
        return None
    return error(
        "input-size",
        f"A layer with weights of shape {found[1]} is to be made, but one of its sizes is unknown (None).",
        "A Dense layer behind Flatten needs to know how many numbers it gets, so the Input must give height and width.",
        "keras.layers.GlobalAveragePooling2D() in place of Flatten, or keras.Input(shape=(height, width, channels))",
    )


def do_not_join(failure: Failure) -> Finding | None:
    """Find Add, Concatenate and the like with inputs that do not fit each other."""
    found = failure.find(rf"Inputs have incompatible shapes\. Received shapes {_SHAPE} and {_SHAPE}") or failure.find(
        r"`?Concatenate`? layer requires inputs with matching shapes.*?input_shape=(\[.*?\)\])()"
    )
    if not found:
        return None
    both = f"{found[1]} and {found[2]}" if found[2] else found[1]
    return error(
        "input-size",
        f"{getattr(failure.layer, 'name', 'A layer')} joins branches of the shapes {both}, which do not fit.",
        "Branches that are added must agree in every size; those that are concatenated, in all but one.",
        "give both branches the same number of units (or filters) before they are joined",
    )


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


def unusable_type(failure: Failure) -> Finding | None:
    """Find lists, pictures, text and mixed tables as x."""
    if found := failure.find(r"Unrecognized data type: x=.*\(of type <class '([^']+)'>\)"):
        call = failure.call
        if call is not None and hasattr(call.x, "shape") and isinstance(call.y, (list, tuple)):
            return _list_as_labels(failure, call)
        return _unusable(failure, found[1].rsplit(".", 1)[-1])
    if failure.find(r"validation_split` is only supported for tensors or NumPy arrays"):
        return error(
            "input-type",
            "validation_split was given together with a generator or data set.",
            "Keras can cut the end off an array only; a stream of batches has to be divided before.",
            "model.fit(train_data, validation_data=validation_data)",
        )
    if found := failure.find(r"When providing `x` as a ([\w.]+).*?`y` should not be passed"):
        return error(
            "input-type",
            f"{failure.x} is a {found[1]}, which already brings its labels, and y was given too.",
            "A data set gives pairs (X, y), so there is nowhere for another y.",
            f"model.fit({failure.name_of(failure.call.x if failure.call else None, 'dataset')})",
        )
    if failure.find("passing a Python generator to a Keras model, the generator must return a tuple"):
        return error(
            "input-type",
            "The generator yields something else than a tuple, for instance a list [X, y].",
            "Keras takes a list for several inputs.",
            "yield X, y",
        )
    return None


def _list_as_labels(failure: Failure, call: Call) -> Finding:
    if kind := _dtype(call.y):
        return _text_labels(failure, kind)
    return error(
        "input-type",
        f"{failure.y} is a Python {type(call.y).__name__}, while {failure.x} is an array.",
        "Keras wants both of the same kind.",
        f"{failure.y} = np.array({failure.y})",
    )


def _unusable(failure: Failure, kind: str) -> Finding:
    x, name = failure.call.x if failure.call else None, failure.x
    if "Image" in kind:
        return error(
            "input-type", f"{name} is a picture (a PIL {kind}), not an array.",
            "Keras computes with arrays of numbers.", f"{name} = np.asarray({name})[np.newaxis]",
        )  # fmt: skip
    if isinstance(x, Sequence) and x and isinstance(x[0], Sequence) and len({len(row) for row in x if _sized(row)}) > 1:
        return error(
            "input-type",
            f"{name} is a Python {kind} whose rows have different lengths.",
            "An array needs rows of one length.",
            f"{name} = keras.utils.pad_sequences({name})",
        )
    seen = f"{name} is a Python {kind}, not an array."
    return error("input-type", seen, "Keras computes with arrays of numbers.", f"{name} = np.array({name})")


def _sized(thing: Any) -> bool:
    return hasattr(thing, "__len__")


def unusable_dtype(failure: Failure) -> Finding | None:
    """Find arrays of text or objects, as x or as y."""
    strange = failure.find(
        r"Invalid dtype: (object|str\w*|<U\d+|string|U?Int\d+|Float\d+|boolean|datetime\w*)"
    ) or failure.find(
        r"Failed to convert a NumPy array to a Tensor \(Unsupported object type|can(?:'|no)t convert np.ndarray of type"
        r"|Cannot cast DatetimeArray"
    )
    cast = failure.find(r"Cast string to \w+ is not supported")
    no_shape = failure.raised("IndexError") and failure.find("tuple index out of range")
    if not (strange or cast or no_shape) or not failure.in_keras:
        return None
    call = failure.call
    x, y = (_dtype(call.x), _dtype(call.y)) if call else ("", "")
    if no_shape and not (call and any(_is_list_of_texts(data) for data in (call.x, call.y))):
        return None
    if y and not x:
        return _text_labels(failure, y)
    if x and not cast:
        return _text_input(failure, x)
    if failure.find("compile_loss|loss/Cast"):
        return _text_labels(failure, y or "text")
    return _text_input(failure, x or "objects")


def _is_list_of_texts(values: Any) -> bool:
    return isinstance(values, (list, tuple)) and bool(values) and isinstance(values[0], str)


def _dtype(values: Any) -> str:
    """Name a type of values that Keras cannot compute with; empty for those it can."""
    if _is_list_of_texts(values):
        return "text"
    frame = getattr(values, "dtypes", None)
    if frame is not None and hasattr(values, "columns"):
        plain = [isinstance(kind, np.dtype) and kind.kind in "biuf" for kind in frame]
        odd = [f"{name} ({kind})" for (name, kind), is_plain in zip(frame.items(), plain, strict=True) if not is_plain]
        if odd:
            return "the columns " + ", ".join(odd[:5])
        return "a mix of numbers and booleans" if len({str(kind) for kind in frame}) > 1 else ""
    kind = str(getattr(values, "dtype", ""))
    if kind == "object":
        first = next(iter(np.ravel(np.asarray(values, dtype=object))), None)
        return "text" if isinstance(first, str) else "objects"
    return "text" if kind.startswith(("<U", "str", "category", "|S")) else ""


def _text_labels(failure: Failure, kind: str) -> Finding:
    call, y = failure.call, failure.y
    some = ""
    if call is not None and kind == "text":
        values = [str(value) for value in list(dict.fromkeys(np.ravel(np.asarray(call.y, dtype=object))))[:3]]
        some = f" ({', '.join(map(repr, values))} …)"
    return error(
        "labels-type",
        f"{y} holds {kind}{some}; labels must be numbers.",
        "The loss computes with the labels, so each class needs a number from 0 on.",
        f"names, {y} = np.unique({y}, return_inverse=True)",
    )


def _text_input(failure: Failure, kind: str) -> Finding:
    x, name = failure.call.x if failure.call else None, failure.x
    why = "Keras computes with arrays of numbers."
    dates = (
        [column for column, dtype in x.dtypes.items() if "date" in str(dtype)]
        if x is not None and hasattr(x, "columns")
        else []
    )
    if dates:
        fix = f'{name}["{dates[0]}"] = {name}["{dates[0]}"].dt.dayofyear  # or whatever number of a date matters'
    elif hasattr(x, "columns"):
        fix = f'{name} = pd.get_dummies({name}).astype("float32")'
    elif kind == "text" and any(is_keras_layer(layer, "TextVectorization") for layer in failure.model.layers):
        why, fix = "Keras takes texts only as Python objects.", f"{name} = np.array({name}, dtype=object)"
    elif kind == "text":
        fix = f"text = keras.layers.TextVectorization(); text.adapt({name})  # as the first layer of the model"
    elif x is not None and not _even(x):
        why, fix = (
            "Its rows have different lengths, so they make no table of numbers.",
            f"{name} = keras.utils.pad_sequences({name})",
        )
    else:
        fix = f'{name} = {name}.astype("float32")'
    return error("input-type", f"{name} holds {kind}, not numbers.", why, fix)


def _even(x: Any) -> bool:
    return len({len(row) if _sized(row) else -1 for row in x}) <= 1


def lengths(failure: Failure) -> Finding | None:
    """Find x and y that do not belong together, one of them missing, or both empty."""
    if found := failure.find(r"Data cardinality is ambiguous.*?'?x'? sizes: ([\d, ]+).*?'?y'? sizes: ([\d, ]+)"):
        x, y = found[1].strip(" ,"), found[2].strip(" ,")
        shapes = [shape_of(data) or () for data in (failure.call.x, failure.call.y)] if failure.call else [(), ()]
        swapped = len(shapes[1]) > 1 and shapes[0][1:] == shapes[1][1:] != (1,)
        return error(
            "length-mismatch",
            f"{failure.x} has {x} examples, but {failure.y} has {y} labels.",
            "Each example needs its own label, in the same order.",
            "X_train, X_test, y_train, y_test = train_test_split(X, y)" if swapped
            else f"print({failure.x}.shape, {failure.y}.shape)  # after each step, to find the one that dropped some",
        )  # fmt: skip
    if found := failure.find(r"Data cardinality is ambiguous.*?sizes: ([\d, ]+)"):
        return error(
            "length-mismatch", f"The inputs have different numbers of examples: {found[1].strip(' ,')}.",
            "Every input needs the same examples in the same order.",
            "print([part.shape for part in X])  # after each step, to find the one that dropped some",
        )  # fmt: skip
    call = failure.call
    if call is None:
        return None
    if (
        call.method == "fit"
        and call.y is None
        and failure.find(
            "None values not supported|'NoneType' object has no|None is not a valid value|Invalid dtype: object"
        )
    ):
        # An array of objects as x has the same words, and another cause.
        return None if str(getattr(call.x, "dtype", "")) == "object" else _no_labels(failure, call)
    shape = shape_of(call.x)
    if (
        shape
        and shape[0] == 0
        and (failure.raised("StopIteration") or failure.find("num_samples|empty|zero|Unexpected"))
    ):
        return error(
            "length-mismatch", f"{failure.x} is empty: its shape is {shape_in_words(shape)}.",
            "There is nothing to train on.", f"print({failure.x}.shape)  # after each step that selects examples",
        )  # fmt: skip
    return None


def _no_labels(failure: Failure, call: Call) -> Finding | None:
    if isinstance(call.x, tuple) and len(call.x) == 2:
        return error(
            "length-mismatch", "fit was given the pair (X, y) as one argument, so there is no y.",
            "Keras takes the pair for two inputs.", "model.fit(X, y)",
        )  # fmt: skip
    shape = shape_of(call.x)
    if not shape:
        return None
    return error(
        "length-mismatch", f"fit was given {failure.x} with {shape[0]} examples, but no y.",
        "The loss compares predictions with labels, so it needs them.", f"model.fit({failure.x}, y)",
    )  # fmt: skip


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
        f"keras.layers.Embedding({int(largest) + 1 if largest.isdigit() else '…'}, …)",
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
        f"{name}.adapt(texts)",
    )
