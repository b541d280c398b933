"""Failures of data on its way: labels made one-hot, batches of generators, files of a folder, answers of a model."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .._report import Finding
from .._subject._failure import Failure, error
from .._subject._program import called, changed, exchanged, function_tree, in_line, is_users, nodes_of

_MOST_FILES = 5000
_MOST_CLASSES = 50  # more beginnings of file names than these are no classes
_HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")  # of the files that TensorFlow decodes


def to_categorical(failure: Failure) -> Finding | None:
    """Find labels that cannot be made one-hot."""
    inside = next((f for f in failure.frames if f.f_code.co_name == "to_categorical" and not is_users(f)), None)
    if inside is None:
        return None
    found = re.search(r"to_categorical\(\s*(\w+)", failure.line)
    y = found[1] if found else "y"
    if failure.find("invalid literal for int|could not convert string"):
        return error(
            "labels-type", "to_categorical was given labels that are text.", "It takes class numbers from 0 on.",
            f"names, {y} = np.unique({y}, return_inverse=True)",
        )  # fmt: skip
    if found := failure.find(r"index (-?\d+) is out of bounds for axis 1 with size (\d+)"):
        label, classes = int(found[1]), int(found[2])
        return error(
            "labels-out-of-range",
            f"There is a label {label}, but with num_classes={classes} labels must be 0 to {classes - 1}.",
            "Each class gets its own column, counted from 0.",
            f"{y} = {y} - 1  # if the labels are 1 to {classes}"
            if label == classes else f"num_classes={label + 1}",
        )  # fmt: skip
    return None


def probabilities_as_classes(failure: Failure) -> Finding | None:
    """Find scikit-learn's metrics, given what predict returns."""
    if not failure.in_module("sklearn"):
        return None
    found = failure.find(
        r"Classification metrics can't handle a mix of ([\w-]+) and (continuous(?:-multioutput)?) targets"
    )
    mixed = failure.find(
        r"Classification metrics can't handle a mix of (multilabel-indicator) and (binary|multiclass) targets"
    )
    if not found and not mixed:
        return None
    name = next(_predictions(failure), "")
    if mixed and not found:
        return error(
            "metric-mismatch",
            "The metric was given one-hot labels and class numbers.",
            "It compares them one by one, so both must be of one kind.",
            "y_true = y_true.argmax(axis=1)  # the one-hot labels",
        )
    assert found is not None
    several = "multioutput" in found[2]
    line = re.search(r"(\w+)\.predict\(([^()]*)\)", failure.line)
    written = name or (line[0] if line else "model.predict(X)")
    classes = f"{written}.argmax(axis=1)" if several else f"({written}[:, 0] > 0.5).astype(int)"
    return error(
        "metric-mismatch",
        f"The metric was given {found[1]} labels and numbers with fractions, as predict returns them.",
        "predict gives a probability for each class, not the class.",
        f"{name} = {classes}" if name else classes,
    )


def other_axis(failure: Failure) -> Finding | None:
    """Find scikit-learn's metrics, given ``argmax`` over the examples in place of the classes."""
    found = failure.find(r"inconsistent numbers of samples: \[([\d, ]+)\]")
    if not found or not failure.in_module("sklearn"):
        return None
    for scope in failure.program.scopes:
        for node in nodes_of(scope):
            if not isinstance(node, ast.Assign) or not re.search(rf"\b{ast.unparse(node.targets[0])}\b", failure.line):
                continue
            for call in ast.walk(node.value):
                if isinstance(call, ast.Call) and called(call) == "argmax" and _is_over_examples(call):
                    return error(
                        "metric-mismatch",
                        f"The metric was given {found[1].replace(', ', ' and ')} numbers: argmax over axis 0 tells for "
                        "each class which example has most of it.",
                        "The first axis counts the examples, the last one the classes; asked is the class of each "
                        "example.",
                        in_line(_over_classes(node, call)),
                    )
    return None


def _is_over_examples(call: ast.Call) -> bool:
    return ast.unparse(call.args[-1]) == "0" if not call.keywords and call.args else _axis(call) == "0"


def _axis(call: ast.Call) -> str:
    return next((ast.unparse(word.value) for word in call.keywords if word.arg == "axis"), "")


def _over_classes(statement: ast.Assign, call: ast.Call) -> ast.Assign:
    keywords = [word for word in call.keywords if word.arg != "axis"]
    args = call.args if _axis(call) else call.args[:-1]
    new = ast.Call(call.func, args, [*keywords, ast.keyword("axis", ast.Constant(1))])
    return ast.Assign(statement.targets, exchanged(statement.value, call, new), lineno=statement.lineno)


def _predictions(failure: Failure) -> Iterator[str]:
    """Name variables of the failing line that hold numbers with fractions."""
    for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", failure.line)):
        value = failure.program.value_of(word)
        if getattr(getattr(value, "dtype", None), "kind", "") == "f" and getattr(value, "ndim", 0) == 2:
            yield word


def generator(failure: Failure) -> Finding | None:
    """Find a generator or ``PyDataset`` that does not give pairs, or a length that is no whole number."""
    if failure.find("passing a Python generator to a Keras model, the generator must return a tuple"):
        return error(
            "batch-source",
            "The generator yields something else than a tuple, for instance a list [X, y].",
            "Keras takes a list for several inputs.",
            "yield X, y",
        )
    if failure.find(r"cannot be interpreted as an integer") and failure.in_module(
        "data_adapters", "py_dataset_adapter"
    ):
        owner = next(
            (frame.f_locals.get("self") for frame in failure.frames if _is_source(frame.f_locals.get("self"))), None
        )
        source = owner if owner is not None else getattr(failure.call, "x", None)
        if source is not None:
            from .._checks._batches import length_is_no_integer

            return length_is_no_integer(type(source), type(source).__len__(source))
    return _flat_tuple(failure) or _list_of_inputs(failure)


def _flat_tuple(failure: Failure) -> Finding | None:
    """Find ``yield a, b, y``, of which a model with two inputs takes the second for the labels."""
    words = failure.find(r"expects (\d+) (?:named )?input\(s\).{0,80}?received (\d+)|Missing data for input")
    x, model = getattr(failure.call, "x", None), failure.model
    if not words or not inspect.isgenerator(x):
        return None
    inputs = len(getattr(model, "inputs", None) or ())
    tree = function_tree(x.gi_code)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == inputs + 1 > 2:
            *given, labels = (in_line(each) for each in node.value.elts)
            return error(
                "batch-source",
                f"{x.__name__} yields {inputs + 1} things in a row, and the model has {inputs} inputs.",
                "Keras takes the first for the input, the second for the labels and a third for their weights: several "
                "inputs stand in brackets of their own.",
                f"yield ({', '.join(given)}), {labels}",
            )
    return None


def _list_of_inputs(failure: Failure) -> Finding | None:
    """Find ``yield [a, b], y``: a data set of TensorFlow takes tuples and dictionaries, and lists for arrays."""
    x = getattr(failure.call, "x", None)
    if not failure.find(r"must contain objects that are subclass of `tf\.TypeSpec` but found <class 'list'>"):
        return None
    tree = function_tree(x.gi_code) if inspect.isgenerator(x) else None
    for node in ast.walk(tree) if tree else ():
        pair = node.value if isinstance(node, ast.Yield) else None
        if isinstance(pair, ast.Tuple) and any(isinstance(part, ast.List) for part in pair.elts):
            parts = [ast.Tuple(part.elts) if isinstance(part, ast.List) else part for part in pair.elts]
            fix = f"yield {', '.join(map(in_line, parts))}"
            break
    else:
        fix = "yield (first, second), y  # round brackets: a tuple"
    return error(
        "batch-source",
        f"{getattr(x, '__name__', 'The generator')} gives its inputs as a list, and a list stands for one array here.",
        "Keras makes a data set of TensorFlow of a generator, in which several inputs are a tuple or a dictionary.",
        fix,
    )


def _is_source(thing: Any) -> bool:
    return any(cls.__name__ == "PyDataset" for cls in type(thing).__mro__)


def shapeless(failure: Failure) -> Finding | None:
    """Find a ``tf.data.Dataset`` that lost its shapes."""
    if not failure.find(r"unknown TensorShape|unknown rank|[Cc]annot take the length of shape") or not failure.in_keras:
        return None
    name = failure.x if failure.call else "dataset"
    return error(
        "unknown-shape",
        f"{name} does not tell the shape of what it gives.",
        "from_generator without output_signature and tf.py_function lose it, and Keras builds layers from shapes.",
        f"{name} = {name}.map(lambda x, y: (tf.ensure_shape(x, (None, 4)), tf.ensure_shape(y, (None,))))",
    )


def broken_file(failure: Failure) -> Finding | None:
    """Find a picture in a folder that cannot be decoded, and say which."""
    if not failure.find(
        r"Unknown image file format|Input is empty|Invalid PNG|Invalid JPEG|Invalid GIF|Got \d+ frames|DecodeJpeg"
        r"|decode_(?:image|jpeg|png)|cannot identify image file|image file is truncated|DecodeImage|[Cc]orrupt"
    ):
        return None
    named = failure.find(r"cannot identify image file ['\"]([^'\"]+)['\"]")
    broken = [named[1]] if named else _broken_among(_files(failure))
    which = f": {', '.join(Path(path).name for path in broken[:3])}" if broken else ""
    count = f"{len(broken)} " if broken else "At least one "
    files = "files" if len(broken) > 1 else "file"
    verb = "are no pictures" if len(broken) > 1 else "is no picture"
    paths = ", ".join(repr(str(path)) for path in broken[:20])
    return error(
        "broken-file",
        f"{count}{files} of the folder {verb} that can be read{which}.",
        "A download was cut off, or a file of another kind has the name of a picture.",
        f"import os; [os.remove(path) for path in [{paths}]]  # before the data set is made"
        if broken
        else "from PIL import Image; Image.open(path).verify()  # for each file: the one that fails is it",
    )


def _files(failure: Failure) -> list[str]:
    from .._subject._data import origin

    things = [failure.call.x if failure.call else None, *(value for _, value in failure.program.values())]
    for thing in things:
        kind = type(thing).__module__
        if thing is not None and ("tensorflow" in kind or "keras" in kind):
            paths = origin(thing, "file_paths")
            if isinstance(paths, list) and paths:
                return [str(path) for path in paths[:_MOST_FILES]]
    return []


def _broken_among(paths: list[str]) -> list[str]:
    broken = []
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                head = file.read(8)
                file.seek(0, 2)
                size = file.tell()
                file.seek(max(size - 12, 0))
                tail = file.read()
        except OSError:
            broken.append(path)
            continue
        cut = (head.startswith(_HEADS[1]) and b"IEND" not in tail) or (
            head.startswith(_HEADS[0]) and b"\xff\xd9" not in tail
        )
        if not head.startswith(_HEADS) or cut:
            broken.append(path)
    return broken


def class_names_lost(failure: Failure) -> Finding | None:
    """Find ``class_names`` asked of what ``map`` or ``cache`` has made of the data set that had them."""
    found = failure.find(r"^'_?(\w*Dataset)' object has no attribute '(class_names|file_paths)'")
    data = getattr(failure.exception, "obj", None)
    if not found or not isinstance(failure.exception, AttributeError) or data is None:
        return None
    from .._subject._data import origin

    wanted = found[2]
    if origin(data, wanted) is None:
        return None
    name = failure.program.name_of(data, "dataset")
    first = next((other for other, value in failure.program.values() if wanted in getattr(value, "__dict__", {})), "")
    read = next(failure.program.calls("image_dataset_from_directory", "text_dataset_from_directory"), None)
    known = first or (in_line(read) if read is not None else "dataset")
    return error(
        "class-names-lost",
        f"{name} has no {wanted}: it is a {found[1]}, made of the data set that has them.",
        f"Only what reads the folder notes {wanted}; map, cache, prefetch and the like return a new data set without.",
        f"{known}.{wanted}  # in place of {name}.{wanted}",
    )


def no_class_folders(failure: Failure) -> Finding | None:
    """Find a folder that holds its pictures itself, with no folder for each class."""
    found = failure.find(r"No (?:images|videos|text files|audio files) found in directory (.+?)\. Allowed format")
    inside = next((f for f in failure.frames if f.f_code.co_name.endswith("_dataset_from_directory")), None)
    if not found or inside is None or inside.f_locals.get("class_names"):
        return None
    folder = Path(found[1])
    files = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    holds = f"holds {len(files)} files, such as {files[0]}, and" if files else "has"
    return error(
        "folders-not-classes",
        f"The folder {folder.name} {holds} no folder for each class.",
        "Keras reads the classes from the folders inside the given one. What lies beside them it does not see.",
        _labelled(failure, files) or f"# put the pictures of each class into a folder of its own inside {folder.name}",
    )


def _labelled(failure: Failure, files: list[str]) -> str:
    """Write the call with the labels that the files' names begin with, in the order of their names, as Keras wants."""
    kinds = sorted({found[0] for name in files if (found := re.match("[A-Za-z]+", name))})
    for call in failure.program.calls("image_dataset_from_directory"):
        if 1 < len(kinds) <= _MOST_CLASSES and call.args:
            names = f"sorted(os.listdir({in_line(call.args[0])}))"
            labels = f'[{json.dumps(kinds)}.index(re.match("[A-Za-z]+", name)[0]) for name in {names}]'
            return f"import os, re; {in_line(changed(call, (), {'labels': labels}))}"
    return ""


def list_of_arrays(failure: Failure) -> Finding | None:
    """Find ``from_tensor_slices([x, y])``, where a tuple is a pair and a list is one array."""
    if not any(frame.f_code.co_name == "from_tensor_slices" for frame in failure.frames):
        return None
    for call in failure.program.calls("from_tensor_slices"):
        if call.args and isinstance(call.args[0], ast.List) and len(call.args[0].elts) > 1:
            pair = ast.Tuple(call.args[0].elts)
            return error(
                "batch-source",
                f"from_tensor_slices got the list {in_line(call.args[0])}.",
                "TensorFlow makes one array of a list, and these do not fit into one. A tuple is a pair of inputs and "
                "labels.",
                in_line(ast.Call(call.func, [pair, *call.args[1:]], call.keywords)),
            )
    return None


def one_column_back(failure: Failure) -> Finding | None:
    """Find a scaler of several columns that is to take one of them back to its scale."""
    frame = next((f for f in failure.frames if f.f_code.co_name == "inverse_transform" and not is_users(f)), None)
    scaler = frame.f_locals.get("self") if frame else None
    columns = getattr(scaler, "n_features_in_", None)
    got: tuple[int, ...] = getattr(failure.argument_of("inverse_transform"), "shape", ())
    if not columns or len(got) != 2 or got[1] == columns:
        return None
    for call in failure.program.calls("inverse_transform"):
        if not call.args or not isinstance(call.func, ast.Attribute):
            continue
        name, given = in_line(call.func.value), in_line(call.args[0])
        ranges = hasattr(scaler, "data_min_")
        back = (
            f"{given} * {name}.data_range_[-1] + {name}.data_min_[-1]"
            if ranges
            else f"{given} * {name}.scale_[-1] + {name}.mean_[-1]"
        )
        return error(
            "input-size",
            f"{name} was fitted to {columns} columns, and inverse_transform gets {got[1]}.",
            "It has a minimum and a scale for each column, and does not know which of them these numbers were.",
            f"{back}  # the last column's; put the number of yours in place of -1",
        )
    return None


def column_of_numbers(failure: Failure) -> Finding | None:
    """Find a table of files whose labels, or names of files, are numbers, where Keras looks for texts."""
    found = failure.find(
        r'If class_mode="(\w+)", y_col="(\w+)" column values must be|column x_col=(\w+) must be strings'
    )
    inside = next((f for f in failure.frames if f.f_code.co_name == "flow_from_dataframe" and not is_users(f)), None)
    if not found or inside is None:
        return None
    column = found[2] or found[3]
    table = failure.program.name_of(inside.f_locals.get("dataframe"), "df")
    text = f'{table} = {table}.assign({column}={table}["{column}"].astype(str))'
    return error(
        "labels-type",
        f"The column {column} of {table} holds numbers, and " + ("the names of files are texts." if found[3] else
        f"class_mode={found[1]!r} takes the names of classes."),
        "Keras numbers the classes itself, in the order of their names, and so wants texts. Quantities to predict go "
        'with class_mode="raw".',
        text,
    )  # fmt: skip


RECOGNISERS = (
    column_of_numbers,
    list_of_arrays,
    one_column_back,
    class_names_lost,
    no_class_folders,
    to_categorical,
    probabilities_as_classes,
    other_axis,
    generator,
    shapeless,
    broken_file,
)
