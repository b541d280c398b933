"""What goes in: type, shape, values and scale of x."""

from __future__ import annotations

import math
from collections.abc import Iterator

import keras
import numpy as np

from ...network import Node, kind
from .._report import Finding
from .._shapes import Shape, counted, fits, shape_in_words
from ._data import Data, Reading
from ._effects import KEEPS_SCALE, RESCALES, SEQUENCE_READERS, WEIGHTED
from ._patient import Entry, Patient

_TAKE_TEXT = frozenset({"TextVectorization", "StringLookup", "Hashing", "HashedCrossing"})
_ANYTHING = frozenset({"unknown", "Lambda"})  # what these layers take, only their authors know
_TAKE_NAN = _ANYTHING | {"Masking", "NanToNum", "Isnan", "Isfinite", "Where"}
_ANY_SIZE = frozenset({"InputLayer", "Rescaling", "BatchNormalization", "ReLU", "Activation", "Dropout"})
_FEW = 64  # columns; a flattened picture has more
# Kilometres beside metres, years beside shares: such tables still train. Beyond these the first steps go astray.
_UNLIKE = 1000.0  # times the scale of another feature
_LARGE = 10_000.0  # standard deviation of one


def input_type(patient: Patient) -> Iterator[Finding]:
    """Keras takes arrays of numbers: no lists, no pictures, no columns of text."""
    takes_text = (
        any(kind(layer) in _TAKE_TEXT for layer in patient.layers)
        or any(entry.dtype == "string" for entry in patient.entries)
        or any(node.kind in _ANYTHING for node in _readers(patient))
    )
    for name, reading in (("X", patient.x), ("y", patient.y)):
        yield from _not_an_array(name, reading, takes_text)
    if patient.x.form not in ("array", "frame") or (patient.graph is None and not patient.entries):
        return
    for data in patient.x.parts:
        if data.is_numeric or not data.values.size:
            continue
        if takes_text:
            if data.values.dtype.kind in "US":
                yield Finding(
                    "input-type",
                    "error",
                    f"{data.name} holds texts as NumPy stores them (dtype {data.values.dtype}).",
                    "Keras takes texts only as Python objects, and stops with “Invalid dtype: str…”.",
                    f"{data.name} = {data.name}.astype(object)",
                )
            continue
        if data.texts:
            some = ", ".join(data.texts[:3]) + (", …" if len(data.texts) > 3 else "")
            yield Finding(
                "input-type",
                "error",
                f"{len(data.texts)} of the {data.shape[1]} columns of {data.name} hold no plain numbers: {some}.",
                "Keras turns a data frame into one array, and a single such column makes it an array of objects.",
                f'{data.name} = pd.get_dummies({data.name}).astype("float32")',
            )
        elif data.values.dtype.kind == "O":
            yield Finding(
                "input-type",
                "error",
                f"{data.name} is an array of Python objects (dtype object), not of numbers.",
                "Keras stops with “Invalid dtype: object”, or the like.",
                f'{data.name} = {data.name}.astype("float32")  # fails on what is no number, and tells where',
            )
        elif data.values.dtype.kind in "US":
            yield Finding(
                "input-type",
                "error",
                f"{data.name} holds texts, such as {str(data.values.flat[0])[:30]!r}.",
                "A network computes with numbers; texts must become numbers first.",
                f"text = keras.layers.TextVectorization(); text.adapt({data.name})  # as the first layer; for "
                "categories, a number each",
            )


def _readers(patient: Patient) -> list[Node]:
    """List the nodes that see x first."""
    graph = patient.graph
    return [node for entry in graph.inputs for node in graph.readers(entry)] if graph else []


def _not_an_array(name: str, reading: Reading, takes_text: bool) -> Iterator[Finding]:
    if reading.form == "image":
        yield Finding(
            "input-type",
            "error",
            f"{name} is a PIL image, not an array.",
            "Keras takes arrays whose first axis counts the examples.",
            f"{name} = np.asarray({name})[np.newaxis]  # a batch of one image",
        )
    elif reading.form == "list" and reading.of != "nothing" and not (name == "y" and reading.of == "texts"):
        if reading.of == "texts":
            fix = f"{name} = np.array({name}, dtype=object)"
            fix += "" if takes_text else "  # and a TextVectorization layer first in the model"
        elif "different lengths" in reading.of:
            fix = f"{name} = keras.utils.pad_sequences({name})  # or make all of one size"
            if reading.of.startswith(("pictures", "arrays")):
                fix = f"{name} = np.stack([… for image in {name}])  # after resizing all to one size"
        elif reading.of in ("pictures", "arrays"):
            fix = f"{name} = np.stack({name})"
        else:
            fix = f"{name} = np.array({name})"
        yield Finding(
            "input-type",
            "error",
            f"{name} is a Python list of {reading.of}, not an array.",
            "Keras takes the elements of a list for as many separate inputs or outputs of the model.",
            fix,
        )


def length_mismatch(patient: Patient) -> Iterator[Finding]:
    """As many targets as examples, and some of both."""
    x = [data for data in patient.x.parts if data.values.ndim]
    y = [data for data in patient.y.parts if data.values.ndim]
    if patient.x.form in ("image", "unknown"):
        return
    for data in (*x, *y):
        if len(data.values) == 0:
            yield Finding(
                "length-mismatch",
                "error",
                f"{data.name} is empty.",
                "There is nothing to learn from: TensorFlow trains for no step at all and says nothing.",
                f"print({data.name.split('[')[0]}.shape)  # before and after each step that makes it",
            )
            return
    lengths = {data.name: len(data.values) for data in (*x, *y) if data.whole}
    if len(set(lengths.values())) < 2 or not x:
        return
    first, second = next((a, b) for a in (*x, *y) for b in (*x, *y) if lengths[a.name] != lengths[b.name])
    fix = "X, y = X[:n], y[:n]  # or find the step that dropped examples from only one of them"
    why = "Every example needs its own target; Keras stops with “Data cardinality is ambiguous”."
    if (
        second.name == "y"
        and second.values.ndim > 1
        and second.shape[1:] == first.shape[1:]
        and second.shape[1:] != (1,)
    ):
        why = "y looks like inputs: train_test_split gives X_train, X_test, y_train, y_test, in this order."
        fix = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
    yield Finding(
        "length-mismatch",
        "error",
        f"{first.name} has {len(first.values):,} examples, {second.name} has {len(second.values):,}.",
        why,
        fix,
    )


def input_shape(patient: Patient) -> Iterator[Finding]:
    """Axes and sizes of x against what the model takes."""
    if patient.x.form in ("list", "unknown", "nothing"):
        return
    if len(patient.entries) == len(patient.x.parts) > 0:
        for entry, data in zip(patient.entries, patient.x.parts, strict=True):
            if not patient.fits(entry, data):
                yield _unfit(patient, entry, data)
                return
        if len(patient.entries) == 1:
            yield from _channels_first(patient, patient.entries[0])
    elif patient.graph is not None and not patient.entries and len(patient.x.parts) == 1:
        yield from _unfit_for_first_layer(patient, patient.x.parts[0])


def _unfit(patient: Patient, entry: Entry, data: Data) -> Finding:
    expected, got = entry.shape[1:], data.shape[1:]
    name = data.name
    seen = f"The model takes examples of shape {shape_in_words(expected)}; {name} has the shape {data.shape}"
    if _is_one(patient, entry, data):
        return Finding(
            "input-rank",
            "error",
            f"{seen}: that is one example, without the axis that counts the examples.",
            "Keras always takes batches, even a batch of one.",
            f"{name} = {name}[np.newaxis]",
        )
    # X of shape (n, …) and Input(shape=(n or None, …)); what reads sequences wants that axis, though.
    if got and expected[1:] == got and not _reads_sequences(patient, entry):
        return Finding(
            "batch-in-input-shape",
            "error",
            f"{seen}, so its examples are {shape_in_words(got)}.",
            f"The first number of Input(shape={shape_in_words(expected)}) seems to be the number of examples; Keras "
            "adds that axis by itself.",
            f"keras.Input(shape={shape_in_words(got)})",
        )
    if len(expected) != len(got):
        return Finding("input-rank", "error", f"{seen}.", *_mend_rank(expected, got, name))
    if len(got) == 3 and fits(expected, (*got[1:], got[0])) and got[0] in (1, 3, 4):
        return Finding(
            "input-channels",
            "error",
            f"{seen}: its channels come first.",
            "The model expects them last: (examples, height, width, channels).",
            f"{name} = np.moveaxis({name}, 1, -1)",
        )
    channels, own = expected[-1], got[-1]
    if len(got) == 3 and fits(expected[:-1], got[:-1]):
        return Finding(
            "input-channels",
            "error",
            f"{seen}: {counted(own, 'channel')} where the model expects {channels}.",
            "A grey picture has 1 channel, a coloured one 3, one with transparency 4.",
            _mend_channels(name, got, channels),
        )
    mend = f"keras.Input(shape={shape_in_words(got)})"
    if len(got) == 3 and own == channels:
        mend += f"  # or {name} = keras.ops.image.resize({name}, {shape_in_words(expected[:2])})"
    if own == channels and _takes_any_size(patient, entry):
        return Finding(
            "input-size",
            "hint",
            f"{seen}.",
            "Keras takes them all the same: the network sums up whatever size comes. But it was made for another.",
            mend,
        )
    return Finding("input-size", "error", f"{seen}.", "A model takes only the sizes that it was made for.", mend)


def _reads_sequences(patient: Patient, entry: Entry) -> bool:
    graph = patient.graph
    return graph is not None and any(node.kind in SEQUENCE_READERS for node in graph.onward(entry.node))


def _takes_any_size(patient: Patient, entry: Entry) -> bool:
    """Whether a Sequential, which does not compare shapes itself, pools all pixels or steps before any dense layer."""
    if not isinstance(patient.model, keras.Sequential) or patient.graph is None:
        return False
    for node in patient.graph.onward(entry.node):
        if node.kind.startswith("Global") or node.kind in ("LSTM", "GRU", "SimpleRNN", "Bidirectional"):
            return True
        if node.kind not in _ANY_SIZE and not node.kind.startswith(("Conv", "MaxPool", "AveragePool", "Random")):
            return False
    return False


def _is_one(patient: Patient, entry: Entry, data: Data) -> bool:
    """Whether it is a single example, its batch axis forgotten; as many targets as rows speak against it."""
    if patient.y.parts and len(patient.y.parts[0].values) == len(data.values):
        return False
    return len(entry.shape) == len(data.shape) + 1 and fits(entry.shape[1:], data.shape)


def _mend_rank(expected: Shape, got: tuple[int, ...], name: str) -> tuple[str, str]:
    features = math.prod(got)
    if not got and len(expected) == 1:
        why = f"Each example is a single number here, and the first layer takes {expected[0]} of them."
        return why, "keras.Input(shape=(1,))"
    if len(expected) == 2 and len(got) < 2 and expected[1] == features:
        return (
            f"The first layer reads sequences, (steps, features) for each example; {name} is a single long one.",
            f"data = keras.utils.timeseries_dataset_from_array({name}, y, sequence_length={expected[0] or 10})  # "
            "pieces of it",
        )
    if len(expected) == 1 and expected[0] == features:
        return (
            "The first layer takes a row of numbers for each example, not a picture.",
            f"{name} = {name}.reshape(len({name}), -1)  # or Input(shape={shape_in_words(got)}) and a Flatten layer",
        )
    if len(expected) == 1:
        return (
            "The first layer takes a row of numbers for each example.",
            f"keras.Input(shape={shape_in_words(got)}), keras.layers.Flatten(), …",
        )
    if len(expected) == 3 and len(got) == 2:
        channels = expected[-1] or 1
        return (
            "An axis is missing: a picture is (height, width, channels), a grey one too.",
            f"{name} = np.repeat({name}[..., np.newaxis], {channels}, axis=-1)",
        )
    if len(expected) == 3 and len(got) == 1:
        if features == _product(expected):
            return "The pictures lie flat, one row each.", f"{name} = {name}.reshape((-1, *{shape_in_words(expected)}))"
        return "The first layer takes pictures; these are rows of numbers.", f"keras.Input(shape={shape_in_words(got)})"
    if len(expected) == 2 and len(got) == 1:
        mend = f"{name} = {name}[..., np.newaxis]; keras.Input(shape=({got[0]}, 1))  # one feature in each step"
        if features == _product(expected):
            mend = f"{name} = {name}.reshape((-1, *{shape_in_words(expected)}))"
        return "The first layer takes sequences: (steps, features) for each example.", mend
    axes = counted(len(got) + 1, "axis", "axes")
    return f"It has {axes} instead of {len(expected) + 1}.", f"keras.Input(shape={shape_in_words(got)})"


def _product(sizes: Shape) -> int | None:
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def _mend_channels(name: str, got: tuple[int, ...], channels: int | None) -> str:
    own = got[-1]
    if own == 1:
        return f"{name} = np.repeat({name}, {channels}, axis=-1)"
    if own == 4 and channels == 3:
        return f"{name} = {name}[..., :3]  # without transparency"
    if channels == 1:
        return f"{name} = {name}.mean(axis=-1, keepdims=True)"
    return f"keras.Input(shape={shape_in_words(got)})"


def _channels_first(patient: Patient, entry: Entry) -> Iterator[Finding]:
    """Input((3, 32, 32)) in front of a convolution that takes the last axis for the channels."""
    graph, shape = patient.graph, entry.shape
    if graph is None or len(shape) != 4 or shape[1] not in (1, 3) or shape[2] != shape[3] or (shape[3] or 0) < 8:
        return
    keeps_axes = KEEPS_SCALE - {"Permute", "Reshape", "Flatten"}
    first = next((node for node in graph.onward(entry.node) if node.kind not in keeps_axes), None)
    if first is not None and first.kind == "Conv2D" and first.operation.data_format == "channels_last":
        yield Finding(
            "input-channels",
            "error",
            f"The model takes examples of shape {shape_in_words(shape[1:])}, and its first convolution has "
            f"data_format='channels_last': it sees pictures {shape[1]} pixels high, with {shape[3]} channels.",
            "The channels belong at the end: (height, width, channels).",
            f"X = np.moveaxis(X, 1, -1); keras.Input(shape={shape_in_words((*shape[2:], shape[1]))})",
        )


def _unfit_for_first_layer(patient: Patient, data: Data) -> Iterator[Finding]:
    """Ask the first layer of a Sequential without Input what it takes."""
    assert patient.graph is not None
    if patient.model.built:
        return
    first = patient.graph.nodes[patient.graph.inputs[0]]
    spec = getattr(first.operation, "input_spec", None)
    if first.kind == "unknown" or not isinstance(spec, keras.layers.InputSpec):
        return
    needed = spec.ndim or spec.min_ndim
    rank = len(data.shape)
    if needed is None or rank == needed or (spec.ndim is None and rank > needed):
        return
    name = data.name
    why, fix = f"It needs {needed} axes, and gets {rank}.", f"{name} = {name}[..., np.newaxis]"
    if needed == 4:
        why = "It needs (examples, height, width, channels); a grey picture has 1 channel, which has an axis too."
    elif needed == 2 and rank == 1:
        why, fix = "It needs (examples, features).", f"{name} = {name}.reshape(-1, 1)"
    elif needed == 3 and rank == 2:
        why = "It needs (examples, steps, features)."
    if rank > needed:
        fix = f"{name} = {name}.reshape(len({name}), …)"
    yield Finding(
        "input-rank",
        "error",
        f'The first layer, "{first.operation.name}", takes {needed} axes; {name} has the shape {data.shape}.',
        why,
        fix,
    )


def input_not_finite(patient: Patient) -> Iterator[Finding]:
    """Find NaN and infinity, which spread to every weight, unless the model or the loss takes care of them."""
    takes_care = any(node.kind in _TAKE_NAN for node in _readers(patient))
    for data in (*(() if takes_care else patient.x.parts), *(() if patient.has_own_loss else patient.y.parts)):
        if data.bad:
            of = f"of the {data.rows.size:,} numbers in" if data.whole else "of the first numbers in"
            yield Finding(
                "input-not-finite",
                "error",
                f"{data.bad:,} {of} {data.name} {'is' if data.bad == 1 else 'are'} NaN or infinite.",
                "One of them is enough: the loss becomes NaN, then every weight, and all predictions with them.",
                _mend_not_finite(data),
            )
            return


def _mend_not_finite(data: Data) -> str:
    if data.name == "X" and data.values.ndim == 2:
        return "good = np.isfinite(X).all(axis=1); X, y = X[good], y[good]"
    return f"{data.name} = np.nan_to_num({data.name})  # 0 in their place; or leave these examples out"


def scale(patient: Patient) -> Iterator[Finding]:
    """Pixels belong between 0 and 1, once; features within sight of each other."""
    graph = patient.graph
    if graph is None or patient.x.form == "list" or len(graph.inputs) != len(patient.x.parts):
        return
    indifferent = any(node.kind in RESCALES for node in graph.nodes)
    for number, (start, data) in enumerate(zip(graph.inputs, patient.x.parts, strict=True)):
        if not data.is_numeric or data.bad or not data.rows.size:
            continue
        if patient.entries and not patient.fits(patient.entries[number], data):
            continue
        first = next((node for node in graph.onward(start) if node.kind not in KEEPS_SCALE), None)
        if first is None:
            continue
        if first.kind == "Rescaling":
            yield from _rescaled(data, first)
        elif first.kind in WEIGHTED and not indifferent:
            yield from _pixels(data)
            if first.kind == "Dense":
                yield from _features(data)


def _rescaled(data: Data, rescaling: Node) -> Iterator[Finding]:
    factor = float(np.max(np.abs(np.asarray(rescaling.operation.scale))))
    tiny = factor <= 0.01 and -1 <= data.low < data.high <= 1 and data.values.dtype.kind == "f"
    if tiny and _looks_like_pictures(data):
        leave_out = f'take "{rescaling.operation.name}" out of the model'
        yield Finding(
            "input-scaled-twice",
            "warning",
            f"The pixels in {data.name} already lie between {data.low:.3g} and {data.high:.3g}, and the layer "
            f'"{rescaling.operation.name}" divides them by {1 / factor:.4g} once more.',
            "To the network all pictures are nearly the same: it learns slowly or not at all.",
            leave_out if data.low < 0 else f"{data.name} = {data.name} * 255  # or {leave_out}",
        )


def _pixels(data: Data) -> Iterator[Finding]:
    pictures = _looks_like_pictures(data)
    if pictures and data.values.dtype.kind == "f" and data.low >= 0 and 0 < data.high <= 1 / 250:
        yield Finding(
            "input-scaled-twice",
            "warning",
            f"The greatest pixel in {data.name} is {data.high:.2g}: it seems to have been divided by 255 twice.",
            "To the network all pictures are nearly the same: it learns slowly or not at all.",
            f"{data.name} = {data.name} * 255  # or run the cell that divides only once",
        )
    elif data.low >= 0 and 100 < data.high <= 255 and (pictures or _looks_like_flat_pictures(data)):
        yield Finding(
            "input-not-scaled",
            "warning",
            f"The pixels in {data.name} run from {data.low:.3g} to {data.high:.3g}, and nothing in the model "
            "rescales them.",
            "Inputs this large make the first losses huge and the training slow or unsteady; 0 to 1 suits every "
            "default.",
            f"{data.name} = {data.name} / 255",
        )


def _looks_like_pictures(data: Data) -> bool:
    shape = data.shape
    if len(shape) == 4:
        return shape[-1] in (1, 3, 4) and min(shape[1:3]) >= 8
    return len(shape) == 3 and min(shape[1:]) >= 8 and (shape[1] == shape[2] or data.values.dtype == np.uint8)


def _looks_like_flat_pictures(data: Data) -> bool:
    return data.values.ndim == 2 and data.shape[1] >= _FEW and data.low == 0 and data.is_integral and data.high >= 200


def _features(data: Data) -> Iterator[Finding]:
    if data.values.ndim != 2 or len(data.rows) < 5 or _looks_like_flat_pictures(data):
        return
    spread = data.rows.std(axis=0, dtype="float64")
    size = np.abs(data.rows).max(axis=0).astype("float64")
    live = spread > 0
    if live.sum() < 1:
        return
    widest, narrowest = int(np.argmax(spread)), int(np.argmin(np.where(live, spread, np.inf)))
    unlike = live.sum() > 1 and spread[widest] > 100 and spread[widest] > _UNLIKE * spread[narrowest]
    if unlike:
        seen = (
            f"The features of {data.name} differ widely in scale: column {widest} reaches {size[widest]:,.6g}, column "
            f"{narrowest} only {size[narrowest]:,.3g}."
        )
    elif spread[widest] > _LARGE:
        seen = f"Column {widest} of {data.name} reaches {size[widest]:,.6g}, and nothing in the model rescales it."
    else:
        return
    yield Finding(
        "input-not-scaled",
        "warning",
        seen,
        "The largest one drowns the others, and the first steps of training go far astray.",
        f"{data.name} = ({data.name} - {data.name}.mean(axis=0)) / {data.name}.std(axis=0)  # with the training "
        "data's mean and std, everywhere",
    )


def index_out_of_range(patient: Patient) -> Iterator[Finding]:
    """Find an index for which an Embedding has no row."""
    graph = patient.graph
    if graph is None:
        return
    starts = [entry.node for entry in patient.entries] or list(graph.inputs)
    if len(starts) != len(patient.x.parts):
        return
    for start, data in zip(starts, patient.x.parts, strict=True):
        first = next((node for node in graph.onward(start) if node.kind != "InputLayer"), None)
        if first is None or first.kind != "Embedding" or not data.is_numeric or not data.rows.size or data.bad:
            continue
        rows = first.operation.input_dim
        if data.low >= 0 and data.high < rows:
            continue
        wrong = data.low if data.low < 0 else data.high
        fix = (
            f"keras.layers.Embedding({int(data.high) + 1}, {first.operation.output_dim})"
            if wrong >= 0
            else f"np.argwhere({data.name} < 0)  # find where they come from"
        )
        yield Finding(
            "index-out-of-range",
            "error",
            f'{data.name} holds the index {wrong:.0f}, but the Embedding layer "{first.operation.name}" has input_dim '
            f"{rows}, so indices must be 0 to {rows - 1}.",
            "TensorFlow and torch stop with an error; JAX says nothing and computes with NaN.",
            fix,
        )
        return


CHECKS = (
    input_type,
    length_mismatch,
    input_shape,
    input_not_finite,
    scale,
    index_out_of_range,
)
