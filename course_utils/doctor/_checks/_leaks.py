"""Leaks: what tells the answer among the inputs, and training examples among those to validate on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import numpy as np

from .._report import Finding
from .._subject._data import Data, origin, reshuffled, steps
from .._subject._model import Subject
from .._subject._program import argument_of, called, changed, in_line

# Steps of a tf.data.Dataset after which every example is still there.
_ALL_OF_IT = re.compile("_?(Parallel)?(Batch|Cache|Map|Options|PaddedBatch|Prefetch|Repeat|Shuffle)Dataset")
_MANY = 20  # examples: fewer are not meant to stand for all
_COLUMNS = 10_000  # of a table; more are pixels
_COMPARED = 200  # validation examples that are looked for
_MOST = 20_000  # training examples among which they are looked for: more take too long
_SHARED = 0.1  # share of the validation examples; fewer may be real duplicates


def target_in_input(subject: Subject) -> Iterator[Finding]:
    """Find a column of the input that is the target, or tells its two values apart; of sequences, in the last step."""
    target, parts = subject.target, subject.x.parts
    if target is None or len(parts) != 1 or not parts[0].is_numeric or parts[0].values.ndim not in (2, 3):
        return
    data, y = parts[0], target.rows.reshape(len(target.rows), -1)
    # To tell what an earlier step held is what memories are tried with; the last one need not be remembered.
    rows = data.rows if data.values.ndim == 2 else data.rows[:, -1]
    if y.shape[1] != 1 or len(y) != len(rows) or len(y) < _MANY or data.shape[1] < 2 or rows.shape[1] > _COLUMNS:
        return
    y = y[:, 0]
    values = np.unique(y)
    if len(values) < 2:
        return
    same = (rows == y[:, None]).all(axis=0)
    if data.values.ndim == 3:
        if same.any():
            yield _in_last_step(data, target.name, int(np.flatnonzero(same)[0]))
        elif found := _in_window(subject, data, target.name, y):
            yield found
        return
    if len(values) == 2:  # scaled, too
        one = y == values[0]
        fixed = (np.ptp(rows[one], axis=0) == 0) & (np.ptp(rows[~one], axis=0) == 0)
        same |= fixed & (rows[one][0] != rows[~one][0])
    if not same.any() or same.all():
        return
    column = int(np.flatnonzero(same)[0])
    names = getattr(subject.given[0], "columns", None)
    named = f"The column {names[column]!r}" if names is not None else f"Column {column}"
    fix = f"{data.name} = np.delete({data.name}, {column}, axis=1)"
    if names is not None:
        fix = f"{data.name} = {data.name}.drop(columns={names[column]!r})"
    yield Finding(
        "target-in-input",
        "warning",
        f"{named} of {data.name} is {target.name} itself: the answer is among what the model may look at.",
        "It will be nearly always right, in validation, too, and useless where the answer is not known yet.",
        fix if not data.of else data.mended(f"np.delete({{}}, {column}, axis=1)"),
    )


def _comes_from(subject: Subject, call: ast.Call, most: int = 3) -> bool:
    """Whether what the model is trained on is what a call gives, or was made of it."""
    waiting = [subject.program.name_of(subject.given[0], "")]
    for _ in range(most):
        lines = [line for name in waiting for line in subject.program.assigned(name)]
        if any(line.value is call for line in lines):
            return True
        waiting = [node.id for line in lines for node in ast.walk(line.value) if isinstance(node, ast.Name)]
    return False


def _in_last_step(data: Data, target: str, feature: int) -> Finding:
    where = f"{data.name}[:, -1{f', {feature}' if data.shape[2] > 1 else ''}]"
    values, width = data.values[:_MANY], data.shape[1]
    a_step_apart = not data.of and np.array_equal(values[1:, :-1], values[:-1, 1:])
    return Finding(
        "target-in-input",
        "warning",
        f"{where} is {target} itself: the last step of each sequence is the answer.",
        "The model need only copy it. If it is to tell what comes next, the target must lie behind the sequence.",
        f"{data.name}, {target} = {data.name}[:-1], {target}[1:]  # each window begins a step after the last"
        if a_step_apart
        else f"{data.mended('{}[:, :-1]')}  # what is left has {width - 1} steps, and {target} is the next",
    )


def _in_window(subject: Subject, data: Data, target: str, y: np.ndarray) -> Finding | None:
    """Find windows of a series that hold their own target, as where both begin at the same place."""
    call = next(subject.program.calls("timeseries_dataset_from_array"), None)
    if call is None or not data.of or data.rows.size > _MOST * 100:
        return None
    same = (data.rows == y[:, None, None]).all(axis=0)
    if not same.any():
        return None
    step = int(np.argwhere(same)[0, 0])
    given = argument_of(call, "targets") or (call.args[1] if len(call.args) > 1 else None)
    width = argument_of(call, "sequence_length") or (call.args[2] if len(call.args) > 2 else None)
    fix = f"targets[{data.shape[1] - step}:]  # in timeseries_dataset_from_array: what lies behind the first window"
    if given is not None and any(word.arg == "targets" for word in call.keywords) and step == 0:
        length = in_line(width) if width is not None else str(data.shape[1])
        fix = in_line(changed(call, (), {"targets": f"{in_line(given)}[{length}:]"}))
    return Finding(
        "target-in-input",
        "warning",
        f"{target} is step {step} of its own window: the answer is among what the model may look at.",
        "The target of a window is what has its index, so both begin at the same place. What is to be told in advance "
        "must lie behind the window.",
        fix,
    )


def validation_in_training(subject: Subject) -> Iterator[Finding]:
    """Find examples that serve for training and for validation."""
    held_out = subject.options.get("validation_data")
    if held_out is None:
        return
    found = _same_source(subject, held_out) or _same_files(subject, held_out) or _same_rows(subject, held_out)
    if found:
        seen, fix = found
        yield Finding(
            "validation-in-training",
            "warning",
            seen,
            "Validation is to tell how the model does on examples that it has not learned. On these it may be right by "
            "heart.",
            fix,
        )


def windows_split_at_random(subject: Subject) -> Iterator[Finding]:
    """Find windows of a series, each a step after the last, that are shuffled before some are held out."""
    for call in subject.program.calls("train_test_split"):
        shuffles = argument_of(call, "shuffle")
        if (
            not call.args
            or not _comes_from(subject, call)
            or not isinstance(call.args[0], ast.Name)
            or (shuffles and in_line(shuffles) == "False")
        ):
            continue
        name = call.args[0].id
        values = _array(subject.program.value_of(name))
        if values is None or values.ndim not in (2, 3) or len(values) <= _MANY or values.shape[1] < 3:
            continue
        few = values[: _MANY + 1]
        if not np.array_equal(few[1:, :-1], few[:-1, 1:]) or np.ptp(few) == 0:
            continue
        yield Finding(
            "validation-in-training",
            "warning",
            f"Each example of {name} is the one before it, moved by a step, and train_test_split shuffles them.",
            "Nearly the same example is then on both sides, and what is held out says nothing of times to come. A "
            "series is cut once: the later part is held out.",
            in_line(changed(call, ("random_state", "stratify"), {"shuffle": "False"})),
        )
        return


def _same_source(subject: Subject, held_out: Any) -> tuple[str, str] | None:
    """Find two data sets made from one: at least one of them from all of it, or both cut out anew in each pass."""
    data = subject.given[0]
    if not subject.is_tensorflow_data or isinstance(held_out, tuple | list):
        return None
    mine, others = list(steps(data)), list(steps(held_out))
    source = next((step for step in mine if any(step is other for other in others)), None)
    if source is None:
        return None
    name, other = subject.called[0], subject.program.name_of(held_out, "validation_data")
    all_of_mine, all_of_others = (
        all(_ALL_OF_IT.fullmatch(type(step).__name__) for step in takewhile(lambda step: step is not source, way))
        for way in (mine, others)
    )
    if all_of_mine or all_of_others:
        seen = f"{other} holds all examples, those of {name} among them."
        if all_of_mine:
            seen = f"The examples of {other} are also in {name}, which the model learns."
        if data is held_out:
            seen = f"{name} serves for training and for validation."
        split = f"{name}, held_out = keras.utils.split_dataset({name}, right_size=0.2)"
        call = subject.program.rewritten("fit", subject.name, validation_data="held_out")
        return seen, f"{split}; {call}" if call else split
    if reshuffled(source) is None:
        return None
    return (
        f"{name} and {other} are cut from one data set, which is shuffled anew in each pass.",
        subject.program.rewritten(
            "shuffle", otherwise="reshuffle_each_iteration=False", reshuffle_each_iteration="False"
        ),
    )


def _same_files(subject: Subject, held_out: Any) -> tuple[str, str] | None:
    """Find files that are in both data sets, as where a folder is split twice with different seeds."""
    files, others = (origin(data, "file_paths") or () for data in (subject.given[0], held_out))
    both = {*files} & {*others}
    if len(both) <= _SHARED * len({*others}):
        return None
    name = subject.program.name_of(held_out, "validation_data")
    return (
        f"{len(both)} of the {len({*others})} files in {name} are also in {subject.called[0]}.",
        _split_alike(subject, name),
    )


def _split_alike(subject: Subject, name: str) -> str:
    """Write the line that makes the validation set, with the split of the training set."""
    training, validation = (
        next((call for call in made if isinstance(call, ast.Call) and called(call).endswith("_from_directory")), None)
        for made in (subject.program.expressions(one) for one in (subject.called[0], name))
    )
    split = argument_of(training, "validation_split") if training else None
    seed = argument_of(training, "seed") if training else None
    if validation is None or seed is None:
        return "# split once: the same validation_split and the same seed in both calls"
    alike = {"validation_split": in_line(split)} if split else {}
    return (
        f"{name} = {in_line(changed(validation, (), {**alike, 'seed': in_line(seed), 'subset': repr('validation')}))}"
    )


def _same_rows(subject: Subject, held_out: Any) -> tuple[str, str] | None:
    """Find rows of one array that are also in the other."""
    if not isinstance(held_out, tuple | list) or not len(held_out) or len(subject.x.parts) != 1:
        return None
    x, other = subject.x.parts[0].values, _array(held_out[0])
    if other is None or x.shape[1:] != other.shape[1:] or x.ndim < 2 or min(len(x), len(other)) < _MANY:
        return None
    shared = _shared(x, other)
    if shared <= _SHARED:
        return None
    name = subject.program.name_of(held_out[0], "X_val")
    mine = subject.called[0]
    whole = "All" if shared > 0.99 else f"About {shared:.0%} of the"
    seen = f"{whole} {len(other):,} examples in {name} are also in {mine}, which the model learns."
    if name == mine:
        seen = f"{mine} serves for training and for validation."
    return seen, _apart(subject, x, other)


def _apart(subject: Subject, x: np.ndarray, other: np.ndarray) -> str:
    """Write the call with what is not held out, if that is the beginning; or with a split of Keras' own."""
    if len({row.tobytes() for row in np.ascontiguousarray(x)}) < 0.99 * len(x):
        return "# split first, and only then copy the examples of the rare class, those of the training part alone"
    n = len(x) - len(other)
    names = zip(("x", "y"), subject.called, strict=True)
    for call in subject.program.calls("fit", "examine"):
        if n > 0 and np.array_equal(x[n:], other):
            return in_line(changed(call, (), {argument: f"{name}[:{n}]" for argument, name in names}))
        return in_line(changed(call, ("validation_data",), {"validation_split": "0.2"}))
    return "validation_split=0.2  # in fit, in place of validation_data"


def _array(data: Any) -> np.ndarray | None:
    if isinstance(data, np.ndarray):
        return data
    return data.to_numpy() if hasattr(data, "to_numpy") and hasattr(data, "columns") else None


def _shared(x: np.ndarray, other: np.ndarray) -> float:
    """Share of the rows of an array that another has, too; 0 where equal rows may be chance."""
    if x is other:
        return 1.0
    if x.dtype != other.dtype or len(x) > _MOST or x.dtype.kind == "O":
        return 0.0
    rows = [row.tobytes() for row in np.ascontiguousarray(x)]
    known = {*rows}
    if len(known) < 0.99 * len(rows) and not _are_measured(np.unique(x, axis=0)):
        return 0.0
    chosen = np.ascontiguousarray(other[:: max(len(other) // _COMPARED, 1)])
    return float(np.mean([row.tobytes() in known for row in chosen]))


def _are_measured(rows: np.ndarray) -> bool:
    """Whether rows hold so many different numbers that equal ones are copies and no chance."""
    return rows.dtype.kind == "f" and len(np.unique(rows)) > rows.size / 2


CHECKS = (target_in_input, validation_in_training, windows_split_at_random)
