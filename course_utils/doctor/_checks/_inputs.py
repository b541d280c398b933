"""What goes in: type, shape, values and scale of x."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

import keras
import numpy as np

from ...network import Node, kind
from .._report import Finding
from .._shapes import Shape, counted, fits, shape_in_words
from .._subject._data import Argument, Data
from .._subject._effects import KEEPS_SCALE, SEQUENCE_READERS
from .._subject._model import Entry, Subject
from .._subject._program import called, changed, in_line, nodes_of

_TAKE_TEXT = frozenset({"TextVectorization", "StringLookup", "Hashing", "HashedCrossing"})
_ANYTHING = frozenset({"unknown", "Lambda"})  # what these layers take, only their authors know
_TAKE_NAN = _ANYTHING | {"Masking", "NanToNum", "Isnan", "Isfinite", "Where"}
_NUMBER = re.compile(r"[-+\d.,eE%\s]+")
_ANY_SIZE = frozenset({"InputLayer", "Rescaling", "BatchNormalization", "ReLU", "Activation", "Dropout"})


def input_type(subject: Subject) -> Iterator[Finding]:
    """Keras takes arrays of numbers: no lists, no pictures, no columns of text."""
    if subject.method == "fit" and isinstance(subject.given[0], tuple) and subject.given[1] is None:
        return  # fit((X, y)), which is another mistake
    takes_text = (
        any(kind(layer) in _TAKE_TEXT for layer in subject.layers)
        or any(entry.dtype == "string" for entry in subject.entries)
        or any(node.kind in _ANYTHING for node in _readers(subject))
    )
    for number, reading in enumerate((subject.x, subject.y)):
        yield from _not_an_array(subject.called[number], reading, takes_text, number == 1)
    if subject.x.form not in ("array", "frame") or (subject.graph is None and not subject.entries):
        return
    for data in subject.x.parts:
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
        elif data.values.dtype.kind in "US" or _is_column_of_texts(data):
            yield Finding(
                "input-type",
                "error",
                f"{data.name} holds texts, such as {str(data.values.flat[0])[:30]!r}.",
                "A network computes with numbers; texts must become numbers first.",
                _read_as_words(subject, data),
            )
        elif all(value is None for value in data.values.flat):
            yield _nothing_returned(subject, data)
        elif data.values.dtype.kind == "O":
            yield Finding(
                "input-type",
                "error",
                f"{data.name} is an array of Python objects (dtype object), not of numbers{_texts_among(data)}.",
                "Keras stops with “Invalid dtype: object”, or the like.",
                _made_numbers(subject, data),
            )


def _nothing_returned(subject: Subject, data: Data) -> Finding:
    """Make the finding for an array of None, which a function that returns nothing has made."""
    called_for = {
        called(node)
        for value in subject.program.expressions(data.name)
        for node in ast.walk(value)
        if isinstance(node, ast.Call)
    }
    for scope in subject.program.scopes:
        if isinstance(scope, ast.FunctionDef) and scope.name in called_for:
            if any(isinstance(node, ast.Return | ast.Yield) for node in nodes_of(scope)):
                continue
            last = next((node for node in scope.body[::-1] if isinstance(node, ast.Assign)), None)
            result = in_line(last.targets[0]) if last is not None else "the result"
            return Finding(
                "input-type",
                "error",
                f"{data.name} holds nothing but None: {scope.name} returns nothing.",
                "A function without return gives None, whatever it has computed.",
                f"return {result}  # as the last line of {scope.name}",
            )
    return Finding(
        "input-type",
        "error",
        f"{data.name} holds nothing but None.",
        "What was to fill it gave nothing back: a function without return, or a file that could not be read.",
        f"print(type({data.name}[0]))  # where it is made: what does it get?",
    )


def _is_column_of_texts(data: Data) -> bool:
    values = data.values[:1000].ravel()
    return math.prod(data.shape[1:]) == 1 and all(isinstance(value, str | bytes) for value in values)


def _read_as_words(subject: Subject, data: Data) -> str:
    """Write the lines that make word numbers of texts, as the first Embedding wants them."""
    first = next((node for node in _readers(subject) if node.kind == "Embedding"), None)
    if first is None or len(subject.entries) != 1:
        return (
            f"text = keras.layers.TextVectorization(); text.adapt({data.name})  # as the first layer; for "
            "categories, a number each"
        )
    words = subject.entries[0].shape[-1]
    length = f", output_sequence_length={words}" if words and words > 1 else ""
    lines = [
        f"text = keras.layers.TextVectorization(max_tokens={first.operation.input_dim}{length})",
        f"text.adapt({data.name})",
        f"{data.name} = text({data.name})",
    ]
    # Input(shape=(1,)) was meant for one text; as numbers it is as many as it has words.
    return "; ".join(lines + ["keras.Input(shape=(None,))"] * (words == 1))


def _texts_among(data: Data) -> str:
    """Say which column of an array of objects holds a text."""
    texts = [(where, value) for where, value in np.ndenumerate(data.values[:1000]) if isinstance(value, str)]
    if not texts:
        return ""
    # '?' tells more than '0'.
    where, value = next((each for each in texts if not _NUMBER.fullmatch(each[1])), texts[0])
    return f": {f'its column {where[1]} holds ' if len(where) == 2 else 'it holds '}texts such as {value[:30]!r}"


def _made_numbers(subject: Subject, data: Data) -> str:
    are_vectors = data.values.ndim == 1 and all(isinstance(one, list | tuple | np.ndarray) for one in data.values)
    if are_vectors and len({np.shape(one) for one in data.values}) == 1:
        return f'{data.name} = np.stack({data.name}).astype("float32")'
    if not _texts_among(data) or data.values.ndim != 2:
        return f'{data.name} = {data.name}.astype("float32")'
    pandas = "" if subject.program.value_of("pd") is not None else "import pandas as pd; "
    columns = [j for j in range(data.values.shape[1]) if _are_names(data.values[:1000, j])]
    frame, note = f"pd.DataFrame({data.name})", "0 for what is no number; or drop these rows"
    if columns:
        frame, note = f"pd.get_dummies({frame}, columns={columns})", "for each text a column of 0 and 1"
    numbers = f'{frame}.apply(pd.to_numeric, errors="coerce").fillna(0).to_numpy("float32")'
    return f"{pandas}{data.name} = {numbers}  # {note}"


def _are_names(column: np.ndarray) -> bool:
    """Whether a column holds names of kinds: most of it are texts, and few of these are numbers or gaps."""
    texts = [value.strip() for value in column if isinstance(value, str)]
    names = [
        text
        for text in texts
        if text and not _NUMBER.fullmatch(text) and not re.fullmatch(r"(?i:na|n/a|nan|null|none|-|\?)", text)
    ]
    return len(names) > len(column) / 2


def _readers(subject: Subject) -> list[Node]:
    """List the nodes that see x first."""
    graph = subject.graph
    return [node for entry in graph.inputs for node in graph.readers(entry)] if graph else []


def _not_an_array(name: str, reading: Argument, takes_text: bool, are_labels: bool) -> Iterator[Finding]:
    if reading.form == "image":
        yield Finding(
            "input-type",
            "error",
            f"{name} is a PIL image, not an array.",
            "Keras takes arrays whose first axis counts the examples.",
            f"{name} = np.asarray({name})[np.newaxis]  # a batch of one image",
        )
    elif reading.form == "list" and reading.of != "nothing" and not (are_labels and reading.of == "texts"):
        if reading.of == "texts":
            fix = f"{name} = np.array({name}, dtype=object)"
            fix += "" if takes_text else "  # and a TextVectorization layer first in the model"
        elif "different lengths" in reading.of:
            fix = f"{name} = keras.utils.pad_sequences({name})  # or make all of one size"
            if reading.of.startswith(("pictures", "arrays")):
                fix = f"{name} = np.stack([keras.ops.image.resize(image, (64, 64)) for image in {name}])"
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


def length_mismatch(subject: Subject) -> Iterator[Finding]:
    """As many targets as examples, and some of both."""
    x = [data for data in subject.x.parts if data.values.ndim]
    y = [data for data in subject.y.parts if data.values.ndim]
    if subject.x.form in ("image", "unknown") and not y:
        yield from _no_labels(subject)
        return
    yield from _no_labels(subject)
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
    if not x:
        return
    if len(set(lengths.values())) < 2:
        yield from _weights_of_another_length(subject, x[0])
        return
    first, second = next((a, b) for a in (*x, *y) for b in (*x, *y) if lengths[a.name] != lengths[b.name])
    names = [data.name for data in (first, second)]
    n = min(lengths[name] for name in names)
    both = ", ".join(f"{name}[:{n}]" for name in names)
    fix = f"{', '.join(names)} = {both}  # or find the step that dropped examples from only one of them"
    why = "Every example needs its own target; Keras stops with “Data cardinality is ambiguous”."
    if second in y and second.values.ndim > 1 and second.shape[1:] == first.shape[1:] and second.shape[1:] != (1,):
        why = (
            f"{second.name} looks like inputs: train_test_split gives X_train, X_test, y_train, y_test, in this order."
        )
        fix = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
    yield Finding(
        "length-mismatch",
        "error",
        f"{first.name} has {len(first.values):,} examples, {second.name} has {len(second.values):,}.",
        why,
        fix,
    )


def _weights_of_another_length(subject: Subject, x: Data) -> Iterator[Finding]:
    """``sample_weight`` has a weight for each example; one for each class is to be looked up by class."""
    weights, target = subject.options.get("sample_weight"), subject.target
    shape: tuple[int, ...] = getattr(weights, "shape", ())
    if not x.whole or len(shape) != 1 or shape[0] == len(x.values):
        return
    name = subject.program.name_of(weights, "weights")
    of_classes = target is not None and target.classes is not None and shape[0] == target.classes.max() + 1
    yield Finding(
        "length-mismatch",
        "error",
        f"sample_weight has {counted(shape[0], 'number')}, {x.name} has {len(x.values):,} examples.",
        "It wants a weight for each example; these are weights of classes."
        if of_classes
        else "It wants a weight for each example; Keras stops with “Data cardinality is ambiguous”.",
        f"sample_weight={name}[{subject.called[1]}]  # each example gets the weight of its class"
        if of_classes and target is not None and not target.is_one_hot
        else f"print(len({name}), len({x.name}))  # behind each line that changes one of them",
    )


def _no_labels(subject: Subject) -> Iterator[Finding]:
    """``fit`` without y, where x brings no labels of its own and the loss wants some."""
    x, y = subject.given
    loss = subject.model.loss if subject.model.compiled else None
    if subject.method != "fit" or y is not None or loss is None or subject.has_own_training:
        return
    name = subject.called[0]
    if isinstance(x, tuple) and len(x) == 2:
        yield Finding(
            "length-mismatch",
            "error",
            "fit was given the pair (X, y) as one argument, so there is no y.",
            "Keras takes the pair for two inputs.",
            f"{subject.name}.fit(*{name})" if name != "X" else f"{subject.name}.fit(X, y)",
        )
    elif subject.x.form in ("array", "frame") and subject.x.parts:
        yield Finding(
            "length-mismatch",
            "error",
            f"fit was given {name} with {len(subject.x.parts[0].values):,} examples, but no y.",
            "The loss compares predictions with labels, so it needs them.",
            f"{subject.name}.fit({name}, y)",
        )


def input_shape(subject: Subject) -> Iterator[Finding]:
    """Axes and sizes of x against what the model takes."""
    if subject.x.form in ("list", "unknown", "nothing"):
        return
    if len(subject.entries) == len(subject.x.parts) > 0:
        for entry, data in zip(subject.entries, subject.x.parts, strict=True):
            if not subject.fits(entry, data):
                yield _unfit(subject, entry, data)
                return
        if len(subject.entries) == 1:
            yield from _channels_first(subject, subject.entries[0])
    elif subject.graph is not None and not subject.entries and len(subject.x.parts) == 1:
        yield from _unfit_for_first_layer(subject, subject.x.parts[0])


def is_swapped(subject: Subject) -> bool:
    """Whether x and y stand in each other's places: what is given as y is what the only input takes, and x is not."""
    if not len(subject.entries) == len(subject.x.parts) == len(subject.y.parts) == 1:
        return False
    (entry,), (x,), (y,) = subject.entries, subject.x.parts, subject.y.parts
    return (
        len(entry.shape) > 2 and not subject.fits(entry, x) and subject.fits(entry, y) and len(x.shape) < len(y.shape)
    )


def _unfit(subject: Subject, entry: Entry, data: Data) -> Finding:
    expected, got = entry.shape[1:], data.shape[1:]
    name = data.name
    seen = f"The model takes examples of shape {shape_in_words(expected)}; {name} has the shape {data.shape}"
    if is_swapped(subject):
        y, method = subject.called[1], subject.method or "fit"
        return Finding(
            "input-rank",
            "error",
            f"{seen}, and {y}, which is given as the labels, is what it takes.",
            "The inputs come first, then the labels.",
            subject.program.rewritten(method, x=y, y=name) or f"{subject.name}.{method}({y}, {name})",
        )
    if _is_one(subject, entry, data):
        return Finding(
            "input-rank",
            "error",
            f"{seen}: that is one example, without the axis that counts the examples.",
            "Keras always takes batches, even a batch of one.",
            f"{name} = {name}[np.newaxis]",
        )
    # X of shape (n, …) and Input(shape=(n or None, …)); what reads sequences wants that axis, though.
    if got and expected[1:] == got and not _reads_sequences(subject, entry):
        return Finding(
            "batch-in-input-shape",
            "error",
            f"{seen}, so its examples are {shape_in_words(got)}.",
            f"The first number of Input(shape={shape_in_words(expected)}) seems to be the number of examples; Keras "
            "adds that axis by itself.",
            f"keras.Input(shape={shape_in_words(got)})",
        )
    if len(got) == 1 and expected == data.shape and _reads_sequences(subject, entry):
        # LSTM(32, input_shape=X.shape)
        return Finding(
            "input-rank",
            "error",
            f"{seen}, so that {len(data.values)}, the number of its rows, stands where the steps belong.",
            "The first layer reads sequences, (steps, features) for each example, and Keras counts the examples "
            "itself: a row alone is a sequence of one step.",
            f"{name} = {name}[:, np.newaxis]; keras.Input(shape=(1, {got[0]}))",
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
    if own == channels and _takes_any_size(subject, entry):
        return Finding(
            "input-size",
            "hint",
            f"{seen}.",
            "Keras takes them all the same: the network sums up whatever size comes. But it was made for another.",
            mend,
        )
    return Finding("input-size", "error", f"{seen}.", "A model takes only the sizes that it was made for.", mend)


def _reads_sequences(subject: Subject, entry: Entry) -> bool:
    graph = subject.graph
    return graph is not None and any(node.kind in SEQUENCE_READERS for node in graph.onward(entry.node))


def _takes_any_size(subject: Subject, entry: Entry) -> bool:
    """Whether a Sequential, which does not compare shapes itself, pools all pixels or steps before any dense layer."""
    if not isinstance(subject.model, keras.Sequential) or subject.graph is None:
        return False
    for node in subject.graph.onward(entry.node):
        if node.kind.startswith("Global") or node.kind in ("LSTM", "GRU", "SimpleRNN", "Bidirectional"):
            return True
        if node.kind not in _ANY_SIZE and not node.kind.startswith(("Conv", "MaxPool", "AveragePool", "Random")):
            return False
    return False


def _is_one(subject: Subject, entry: Entry, data: Data) -> bool:
    """Whether it is a single example, its batch axis forgotten; as many targets as rows speak against it."""
    if subject.y.parts and len(subject.y.parts[0].values) == len(data.values):
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
            f"keras.Input(shape={shape_in_words(got)}); keras.layers.Flatten()  # behind it, as the first layer",
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


def _channels_first(subject: Subject, entry: Entry) -> Iterator[Finding]:
    """Input((3, 32, 32)) in front of a convolution that takes the last axis for the channels."""
    graph, shape = subject.graph, entry.shape
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


def _unfit_for_first_layer(subject: Subject, data: Data) -> Iterator[Finding]:
    """Ask the first layer of a Sequential without Input what it takes."""
    assert subject.graph is not None
    if subject.model.built:
        return
    first = subject.graph.nodes[subject.graph.inputs[0]]
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
        kept = data.shape[: needed - 1]
        fix = f"{name} = {name}.reshape({shape_in_words((*kept, -1))})"
    yield Finding(
        "input-rank",
        "error",
        f'The first layer, "{first.operation.name}", takes {needed} axes; {name} has the shape {data.shape}.',
        why,
        fix,
    )


def input_not_finite(subject: Subject) -> Iterator[Finding]:
    """Find NaN and infinity, which spread to every weight, unless the model or the loss takes care of them."""
    takes_care = any(node.kind in _TAKE_NAN for node in _readers(subject))
    for data in (*(() if takes_care else subject.x.parts), *(() if subject.has_own_loss else subject.y.parts)):
        if data.bad:
            of = f"of the {data.rows.size:,} numbers in" if data.whole else "of the first numbers in"
            yield Finding(
                "input-not-finite",
                "error",
                f"{data.bad:,} {of} {data.name} {'is' if data.bad == 1 else 'are'} NaN or infinite.",
                "One of them is enough: the loss becomes NaN, then every weight, and all predictions with them.",
                _mend_not_finite(data, data in subject.x.parts, subject.called[1] if subject.y.parts else ""),
            )
            return


def _mend_not_finite(data: Data, is_input: bool, labels: str) -> str:
    if not data.of and data.part == 0 and is_input and data.values.ndim == 2 and labels:
        x = data.name
        return f"good = np.isfinite({x}).all(axis=1); {x}, {labels} = {x}[good], {labels}[good]"
    return data.mended("np.nan_to_num({})") + "  # 0 in their place; or leave these examples out"


def index_out_of_range(subject: Subject) -> Iterator[Finding]:
    """Find an index for which an Embedding has no row."""
    graph = subject.graph
    if graph is None:
        return
    starts = [entry.node for entry in subject.entries] or list(graph.inputs)
    if len(starts) != len(subject.x.parts):
        return
    for start, data in zip(starts, subject.x.parts, strict=True):
        first = next((node for node in graph.onward(start) if node.kind != "InputLayer"), None)
        if first is None or first.kind != "Embedding" or not data.is_numeric or not data.rows.size or data.bad:
            continue
        rows = first.operation.input_dim
        if data.low >= 0 and data.high < rows:
            continue
        wrong = data.low if data.low < 0 else data.high
        written = f"keras.layers.Embedding({int(data.high) + 1}, {first.operation.output_dim})"
        if len(calls := list(subject.program.calls("Embedding"))) == 1:
            written = in_line(changed(calls[0], (), {"input_dim": str(int(data.high) + 1)}))
        fix = written if wrong >= 0 else f"np.argwhere({data.name} < 0)  # find where they come from"
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
    index_out_of_range,
)
