"""Data sets and generators: what they give, whether they end, and what may be given beside them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from .._report import Finding
from .._shapes import Shape, fits, shape_in_words
from .._subject._counting import batches_of, stuck
from .._subject._data import is_loader, is_tensorflow_data, reshuffled
from .._subject._model import Subject
from .._subject._program import argument_of, called, changed, exchanged, function_tree, in_line, nodes_of, own_words

_LISTED = ("classes", "labels", "filenames", "filepaths")  # what an iterator over files tells in their order
_INFINITE = -1  # as tf.data counts


def _is_stream(subject: Subject) -> bool:
    x = subject.given[0]
    return subject.is_tensorflow_data or isinstance(x, keras.utils.PyDataset) or inspect.isgenerator(x) or is_loader(x)


def what(x: Any) -> str:
    """Say what kind of data set it is."""
    if isinstance(x, keras.utils.PyDataset):
        return "PyDataset"
    return {"generator": "generator", "DataLoader": "DataLoader"}.get(type(x).__name__, "tf.data.Dataset")


def dataset_arguments(subject: Subject) -> Iterator[Finding]:
    """Find labels or a split beside a data set, which has labels of its own and no end to cut off."""
    if not _is_stream(subject):
        return
    x, y = subject.given
    name, of = subject.called[0], what(x)
    if y is not None:
        yield Finding(
            "dataset-arguments",
            "error",
            f"{name} is a {of}, which brings its own labels, and {subject.called[1]} is given, too.",
            "A data set gives pairs (X, y), so there is no place for other labels; Keras stops with an error.",
            _fit_with(subject, drop=("y",)),
        )
    elif subject.options.get("validation_split"):
        split = float(subject.options["validation_split"])
        fix = _fit_with(subject, drop=("validation_split",))
        if subject.is_tensorflow_data:
            n = int(x.cardinality())
            held = max(int(n * split), 1) if n > 0 else 10
            cut = f"held_out, {name} = {name}.take({held}), {name}.skip({held}); "
            if reshuffled(x) is not None:  # take and skip would cut each pass at another place
                cut = f"{name}, held_out = keras.utils.split_dataset({name}, right_size={split:g}); "
            fix = cut + _fit_with(subject, drop=("validation_split",), validation_data="held_out")
        yield Finding(
            "dataset-arguments",
            "error",
            f"validation_split={split:g} is given, but {name} is a {of}.",
            "Keras can cut the end off an array only. A stream of batches must be divided before.",
            fix,
        )


def _fit_with(subject: Subject, drop: tuple[str, ...] = (), **changes: str) -> str:
    for call in subject.program.calls("fit"):
        args = call.args[:1] if "y" in drop else call.args
        new = ast.Call(call.func, args, call.keywords)
        return in_line(changed(new, drop, changes))
    more = "".join(f", {name}={value}" for name, value in changes.items())
    return f"{subject.name}.fit({subject.called[0]}{more})"


def batch_source(subject: Subject) -> Iterator[Finding]:
    """Find generators that were not called, lengths that are no whole numbers, and batches that are lists."""
    x, name = subject.given[0], subject.called[0]
    if inspect.isfunction(x):
        needed = [p for p in inspect.signature(x).parameters.values() if p.default is p.empty]
        if inspect.isgeneratorfunction(x):
            yield Finding(
                "batch-source",
                "error",
                f"{name} is the function that makes a generator, not a generator.",
                "A function with yield gives its batches only when it is called.",
                f"{name} = {name}({', '.join(p.name for p in needed)})",
            )
        return
    if not isinstance(x, keras.utils.PyDataset):
        return
    length = type(x).__len__(x) if "__len__" in dir(type(x)) else 0
    if not isinstance(length, int | np.integer):
        yield length_is_no_integer(type(x), length)
        return
    if length == 0:
        yield Finding(
            "batch-source",
            "error",
            f"{name} has no batches: __len__ of {type(x).__name__} returns 0.",
            "There are fewer examples than one batch holds, and the division drops the rest.",
            "return -(-len(self.x) // self.batch_size)",
        )
        return
    batch = x[0]
    if isinstance(batch, list) and len(batch) in (2, 3):
        yield not_a_pair(f"{type(x).__name__}.__getitem__ returns", batch)


def shuffled_apart(subject: Subject) -> Iterator[Finding]:
    """Find a ``PyDataset`` that shuffles its inputs between epochs and leaves the labels where they are."""
    cls = type(subject.given[0])
    if not isinstance(subject.given[0], keras.utils.PyDataset):
        return
    gives, between = (function_tree(getattr(cls, name, None)) for name in ("__getitem__", "on_epoch_end"))
    if gives is None or between is None:
        return
    served = {
        in_line(node.value)
        for node in ast.walk(gives)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)
    }
    moved = {
        part
        for node in ast.walk(between)
        if isinstance(node, ast.Call) and called(node) in ("shuffle", "permutation")
        for argument in node.args[:1]
        if (part := in_line(argument)) in served
    }
    both = {in_line(node) for node in ast.walk(between) if isinstance(node, ast.Attribute)} & served
    if len(moved) != 1 or both != moved or len(served) != 2:
        return
    (one,), (other,) = moved, served - moved
    yield Finding(
        "order-mismatch",
        "error",
        f"on_epoch_end of {cls.__name__} shuffles {one} and leaves {other} as it is.",
        "From then on each example has the label of another, and there is nothing to learn.",
        f"order = np.random.permutation(len({one})); {one}, {other} = {one}[order], {other}[order]  # in on_epoch_end",
    )


def flat_batches(subject: Subject) -> Iterator[Finding]:
    """Find batches ``(a, b, y)``, of which a model with two inputs gets the first alone."""
    inputs = len(getattr(subject.model, "inputs", None) or ())
    spec = getattr(subject.given[0], "element_spec", None) if subject.is_tensorflow_data else None
    if inputs < 2 or not isinstance(spec, tuple) or len(spec) != inputs + 1:
        return
    if any(isinstance(part, tuple | list | dict) for part in spec):
        return
    name = subject.called[0]
    letters = [chr(ord("a") + number) for number in range(inputs)]
    yield Finding(
        "batch-source",
        "error",
        f"{name} gives {inputs + 1} things in a row, and the model has {inputs} inputs.",
        "Keras takes the first for the input, the second for the labels and a third for their weights: several inputs "
        "stand in brackets of their own.",
        f"{name} = {name}.map(lambda {', '.join(letters)}, y: (({', '.join(letters)}), y))",
    )


def length_is_no_integer(cls: type, length: Any) -> Finding:
    """Make the finding for a ``__len__`` that returns no whole number."""
    fix = "return -(-len(self.x) // self.batch_size)"
    tree = function_tree(cls.__len__)  # type: ignore[attr-defined]
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            fix = f"return int({in_line(value)})"
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):  # the last batch counts, too
                over = ast.BinOp(ast.UnaryOp(ast.USub(), value.left), ast.FloorDiv(), value.right)
                fix = f"return {in_line(ast.UnaryOp(ast.USub(), over))}"
    return Finding(
        "batch-source",
        "error",
        f"__len__ of {cls.__name__} returns {length!r}, a {type(length).__name__}, and no whole number.",
        "It says how many batches there are. np.ceil and a division with / give numbers with a fraction.",
        fix,
    )


def not_a_pair(who: str, batch: Any) -> Finding:
    """Make the finding for a batch that is a list where a tuple belongs."""
    return Finding(
        "batch-source",
        "error",
        f"{who} a list of {len(batch)}, not a pair (X, y).",
        "Keras takes a list for several inputs of a model without labels; only a tuple is inputs and labels.",
        "yield X, y  # with round brackets or none; in a PyDataset: return X, y",
    )


def not_batched(subject: Subject) -> Iterator[Finding]:
    """Find a ``tf.data.Dataset`` that gives single examples, or batches of batches."""
    held_out = subject.options.get("validation_data")
    datasets = ((subject.given[0], subject.called[0]), (held_out, subject.program.name_of(held_out, "val_ds")))
    for data, name in datasets:
        spec = _spec(data)
        if spec is not None and len(subject.entries) == 1:
            yield from _batched_otherwise(subject.entries[0].shape, tuple(spec.shape), name)
        elif spec is not None and not subject.entries and _gives_examples(data):
            yield from _batched_otherwise((None, *spec.shape), tuple(spec.shape), name)


def _batched_otherwise(expected: Shape, got: Shape, name: str) -> Iterator[Finding]:
    if len(got) == len(expected) - 1 and fits(expected[1:], got) and (got or expected[1:] == (1,)):
        yield Finding(
            "input-rank",
            "error",
            f"{name} was never batched: it gives one example at a time, of shape {shape_in_words(got)}.",
            "Keras takes the first axis for the examples of a batch, also when it is the height of a picture.",
            f"{name} = {name}.batch(32)",
        )
    elif len(got) == len(expected) + 1 and fits(expected[1:], got[2:]) and got[0] is None and got[1] is None:
        yield Finding(
            "input-rank",
            "error",
            f"{name} was batched twice: its batches have the shape {shape_in_words(got)}.",
            "The data set was made of batches already, so that batch() made batches of batches.",
            f"{name} = {name}.unbatch()",
        )


def _gives_examples(data: Any) -> bool:
    """Whether a ``tf.data.Dataset`` gives pairs whose label is a single number: those of one example."""
    spec = data.element_spec
    return isinstance(spec, tuple) and len(spec) > 1 and getattr(getattr(spec[1], "shape", None), "rank", None) == 0


def _spec(data: Any) -> Any:
    """Read what a ``tf.data.Dataset`` says of its inputs, if it is one array."""
    if not is_tensorflow_data(data):
        return None
    spec = data.element_spec
    spec = spec[0] if isinstance(spec, tuple) and spec else spec
    return spec if hasattr(spec, "shape") and spec.shape.rank is not None else None


def unknown_shape(subject: Subject) -> Iterator[Finding]:
    """Find a data set that does not say how many axes its examples have."""
    if not subject.is_tensorflow_data:
        return
    parts = keras.tree.flatten(subject.given[0].element_spec)
    if not any(hasattr(part, "shape") and part.shape.rank is None for part in parts):
        return
    name = subject.called[0]
    shapes = [entry.shape for entry in subject.entries] or [(None, None)]
    first = next(subject.given[0].take(1).as_numpy_iterator(), None)
    pair = isinstance(first, tuple) and len(first) == 2 and all(hasattr(part, "shape") for part in first)
    if pair and first is not None:
        ranks = np.ndim(first[0]), np.ndim(first[1])
        batched = ranks[0] == len(shapes[0]) if subject.entries else min(ranks) > 0 and len(first[0]) == len(first[1])
        x, y = (tuple(part.shape) for part in first)
        x, y = ((None, *x[1:]), (None, *y[1:])) if batched else (x, y)
        fix = f"{name} = {name}.map(lambda x, y: (tf.ensure_shape(x, {x}), tf.ensure_shape(y, {y})))"
    else:
        fix = f"{name} = {name}.map(lambda x, y: (tf.ensure_shape(x, {shapes[0]}), y))"
    yield Finding(
        "unknown-shape",
        "error",
        f"{name} does not tell the shape of what it gives: its element_spec is {subject.given[0].element_spec}."[:240],
        "from_generator without output_signature and tf.py_function lose it, and Keras builds layers from shapes.",
        fix,
    )


def endless(subject: Subject) -> Iterator[Finding]:
    """Find a data set without an end, where ``fit`` is not told when an epoch is over."""
    held_out = subject.options.get("validation_data")
    pairs = (
        (subject.given[0], "steps_per_epoch", subject.called[0], "the first epoch"),
        (held_out, "validation_steps", subject.program.name_of(held_out, "validation_data"), "the first validation"),
    )
    for data, option, name, lasts in pairs:
        if subject.options.get(option) or not (because := _never_ends(data)):
            continue
        if subject.method in ("", "fit") or option == "steps_per_epoch":
            how = f"drop .repeat() from {name}: fit repeats by itself" if "repeat" in because else ""
            yield Finding(
                "endless-data",
                "error",
                f"{name} never ends: {because}. And {option} does not say when enough is enough.",
                f"{lasts.capitalize()} would go on for ever.",
                _fit_with(subject, (), **{option: "100"}) + (f"  # or {how}" if how else ""),
            )
            return


def _never_ends(data: Any) -> str:
    cardinality = getattr(data, "cardinality", None)
    if callable(cardinality) and int(cardinality()) == _INFINITE:
        return "it was made with repeat()"
    if inspect.isgenerator(data):
        tree = function_tree(data.gi_code)
        loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)] if tree else []
        if any(isinstance(loop.test, ast.Constant) and loop.test.value for loop in loops):
            leaves = any(isinstance(node, ast.Break | ast.Return) for loop in loops for node in ast.walk(loop))
            return "" if leaves else "its generator loops while True"
    return ""


def runs_out(subject: Subject) -> Iterator[Finding]:
    """Find a data set that is shorter than ``fit`` is told, or a generator that ends after the first epoch."""
    data, name = subject.given[0], subject.called[0]
    steps, epochs = subject.options.get("steps_per_epoch"), subject.options.get("epochs") or 1
    if subject.is_tensorflow_data:
        n = int(data.cardinality())
        if isinstance(steps, int) and 0 < n < steps:
            yield Finding(
                "data-runs-out",
                "warning",
                f"steps_per_epoch is {steps}, but {name} has {n} batches only.",
                "Keras warns and ends each epoch early; without steps_per_epoch an epoch is what there is.",
                _fit_with(subject, drop=("steps_per_epoch",)),
            )
        return
    if not inspect.isgenerator(data) or epochs < 2:
        return
    tree = function_tree(data.gi_code)
    endless_loop = tree is None or any(isinstance(node, ast.While | ast.YieldFrom) for node in ast.walk(tree))
    given = None if endless_loop or not steps else batches_of(tree, data)
    if not endless_loop and (not steps or (given is not None and given < steps * epochs)):
        yield Finding(
            "data-runs-out",
            "warning",
            f"{name} is a generator that ends, and epochs={epochs} asks for it {epochs} times.",
            "A generator can be gone through once: after the first epoch there is nothing left to train on.",
            "# put the loop of the generator into `while True:`"
            + ("" if steps else f", and then\n{_fit_with(subject, steps_per_epoch='100')}"),
        )


def always_the_same(subject: Subject) -> Iterator[Finding]:
    """Find a generator that goes round for ever and gives what it gave first."""
    generator = subject.given[0]
    tree = function_tree(generator.gi_code) if inspect.isgenerator(generator) else None
    start = stuck(tree) if tree is not None else None
    if start is None:
        return
    yield Finding(
        "batch-source",
        "error",
        f"{generator.__name__} always gives the same batch: nothing in its loop changes {start}.",
        "The model learns these few examples by heart and never sees the others.",
        f"{start} = ({start} + batch_size) % n  # behind the yield; n: the number of examples",
    )


def zipped_apart(subject: Subject) -> Iterator[Finding]:
    """Find inputs and labels that are shuffled each on its own before they are put in pairs."""
    # A training step of one's own may want pairs that do not belong together: horses and zebras, labelled and not.
    if not subject.is_tensorflow_data or subject.has_own_training:
        return
    for call in subject.program.calls("zip"):
        parts = call.args[0].elts if call.args and isinstance(call.args[0], ast.Tuple) else call.args
        shuffles = [_shuffle_of(subject, part) for part in parts]
        if len(shuffles) < 2 or not all(shuffles) or not isinstance(call.func, ast.Attribute):
            continue
        seeds = {in_line(seed) if (seed := argument_of(one, "seed")) else "" for one in shuffles if one is not None}
        if len(seeds) == 1 and "" not in seeds:
            continue  # which gives all the same order
        names = [in_line(part) for part in parts]
        size = next((in_line(one.args[0]) for one in shuffles if one is not None and one.args), "1000")
        yield Finding(
            "order-mismatch",
            "error",
            f"{' and '.join(names)} are shuffled, each on its own, before {in_line(call)} puts them in pairs.",
            "Each gets an order of its own, so that an example meets the label of another, and there is nothing to "
            "learn.",
            f"{in_line(call)}.shuffle({size})  # in pairs first, and shuffled then; take .shuffle from what is zipped",
        )
        return


def _shuffle_of(subject: Subject, part: ast.expr) -> ast.Call | None:
    """Find the call of ``shuffle`` by which a data set was made."""
    made = [part, *(subject.program.expressions(part.id) if isinstance(part, ast.Name) else ())]
    for value in made:
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            if called(value) == "shuffle":
                return value
            value = value.func.value
    return None


def labels_of_another_pass(subject: Subject) -> Iterator[Finding]:
    """Find a data set that shuffles in each pass, and a program that predicts in one and reads labels in another."""
    for call in subject.program.calls("predict"):
        given = call.args[0] if call.args else None
        if not isinstance(given, ast.Name):
            continue
        name = given.id
        data = subject.program.value_of(name)
        listed = next((kind for kind in _LISTED if _shuffles(data) and _is_asked_for(subject, name, kind)), "")
        if not listed and (
            not is_tensorflow_data(data) or reshuffled(data) is None or not _read_for_labels(subject, name)
        ):
            continue
        yield Finding(
            "order-mismatch",
            "warning",
            f"The program predicts from {name}, which shuffles, and reads {name}.{listed}, which is in file order."
            if listed
            else f"The program predicts from {name} and reads its labels in another pass, and {name} is shuffled anew "
            "in each.",
            "The first prediction then belongs to another example than the first label: whatever compares them gets "
            "the accuracy of guessing.",
            _unshuffled(subject, name),
        )
        return


def _shuffles(data: Any) -> bool:
    return isinstance(data, keras.utils.PyDataset) and getattr(data, "shuffle", False) is True


def _is_asked_for(subject: Subject, name: str, attribute: str) -> bool:
    """Whether the program reads an attribute of what it calls so."""
    wanted = f"{name}.{attribute}"
    nodes = (node for scope in subject.program.scopes for node in nodes_of(scope))
    return any(isinstance(node, ast.Attribute) and ast.unparse(node) == wanted for node in nodes)


def inputs_in_another_order(subject: Subject) -> Iterator[Finding]:
    """Find a program that gives the same inputs to ``fit`` in one order, and to ``predict`` in another."""
    learned = next((own for call in subject.program.calls("fit") if (own := _own_words(call))), None)
    for call in subject.program.calls("predict", "evaluate") if learned else ():
        given = _own_words(call)
        if not learned or not given or len(given) != len(learned):
            continue
        order = [[i for i, words in enumerate(given) if words & known] for known in learned]
        places = [found[0] for found in order if len(found) == 1]
        if sorted(places) != list(range(len(learned))) or places == sorted(places):
            continue
        argument = argument_of(call, "x")
        assert isinstance(argument, ast.List)
        right = f"[{', '.join(in_line(argument.elts[place]) for place in places)}]"
        yield Finding(
            "order-mismatch",
            "warning",
            f"{called(call)} gets the inputs in another order than fit: {in_line(argument)}.",
            "A list tells inputs apart by their places alone, and Keras is content where the shapes fit.",
            in_line(changed(call, (), {"x": right})),
        )
        return


def _own_words(call: ast.Call) -> list[set[str]]:
    """List for each input of a call the words that are in its name, and in no other's."""
    given = argument_of(call, "x")
    if not isinstance(given, ast.List) or len(given.elts) < 2:
        return []
    return own_words(in_line(part) for part in given.elts)


def _read_for_labels(subject: Subject, name: str) -> bool:
    """Whether the program goes through a data set for its labels and does not predict on the way."""
    for scope in subject.program.scopes:
        for node in nodes_of(scope):
            loops = getattr(node, "generators", [node] if isinstance(node, ast.For) else [])
            if not any(_is_read(loop.iter, name) for loop in loops):
                continue
            if not any(isinstance(each, ast.Call) and called(each).startswith("predict") for each in ast.walk(node)):
                target = loops[0].target
                return isinstance(target, ast.Tuple) and len(target.elts) == 2 and not _is_used(target.elts[0], node)
    return False


def _is_read(node: ast.expr, name: str) -> bool:
    """Whether it is a data set, or that in single examples: ``test``, ``test.unbatch()``."""
    if isinstance(node, ast.Call) and called(node) in ("unbatch", "as_numpy_iterator"):
        node = node.func.value if isinstance(node.func, ast.Attribute) else node
    return isinstance(node, ast.Name) and node.id == name


def _is_used(target: ast.expr, within: ast.AST) -> bool:
    names = {ast.unparse(target)}
    return any(isinstance(n, ast.Name) and n.id in names and isinstance(n.ctx, ast.Load) for n in ast.walk(within))


def _unshuffled(subject: Subject, name: str) -> str:
    """Write the line that makes a data set, without what shuffles it."""
    for line in subject.program.assigned(name):
        for call in (each for each in ast.walk(line.value) if isinstance(each, ast.Call)):
            if called(call) == "shuffle" and isinstance(call.func, ast.Attribute):
                return f"{name} = {in_line(exchanged(line.value, call, call.func.value))}"
            if called(call).endswith(("_dataset_from_directory", "flow_from_directory", "flow_from_dataframe")):
                value = exchanged(line.value, call, changed(call, (), {"shuffle": "False"}))
                return f"{name} = {in_line(value)}"
    return f"# make {name} without shuffle"


CHECKS = (
    dataset_arguments,
    batch_source,
    flat_batches,
    shuffled_apart,
    unknown_shape,
    not_batched,
    endless,
    runs_out,
    always_the_same,
    zipped_apart,
    labels_of_another_pass,
    inputs_in_another_order,
)
