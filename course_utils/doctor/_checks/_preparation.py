"""Preparation: what was done to the training data, and not to others, or to others anew."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import numpy as np

from .._predicting import Trained, preparation, unlike
from .._report import Finding
from .._subject._data import read_both
from .._subject._model import Subject
from .._subject._parts import OF_A_PART, OF_TRAINING
from .._subject._program import Program, called, changed, in_line, nodes_of


def validation_unlike(subject: Subject) -> Iterator[Finding]:
    """Find validation data with numbers of another size than those that the model is trained on."""
    held_out, program = subject.options.get("validation_data"), subject.program
    x = held_out[0] if isinstance(held_out, tuple | list) and held_out else held_out
    if x is None or inspect.isgenerator(x) or inspect.isgenerator(subject.given[0]):
        return
    trained, name = Trained.on(subject.model, subject.given[0], program), program.name_of(x, "X_val")
    parts = read_both(x, None, (), (), (name, ""))[0].parts
    if trained is None or len(parts) != 1 or not parts[0].is_numeric or parts[0].shape[1:] != trained.shape:
        return
    seen = None if parts[0].bad else unlike(trained, parts[0])
    if seen is None:
        return
    prepared = preparation(program, subject.called[0]) if x is not held_out else None
    yield Finding(
        "preparation-differs",
        "warning",
        seen,
        "What was done to the training data has to be done to the validation data, too, with the numbers of the "
        "training; else they say nothing of the model.",
        (f"{name} = {prepared.replace('{}', name)}" if prepared else _read_alike(program, subject.called[0], name))
        or f"# prepare {name} as {trained.name} was: with the same functions, and scalers that are not fitted again",
    )


def _read_alike(program: Program, training: str, name: str) -> str:
    """Write the line that makes the validation data, with what prepares those of the training, if that is seen."""
    mapped = next((value for value in program.expressions(training) if _maps(value)), None)
    if isinstance(mapped, ast.Call):
        return f"{name} = {name}.map({', '.join(in_line(part) for part in (*mapped.args, *mapped.keywords))})"
    owners = []
    for data in (training, name):
        made = next(program.expressions(data), None)
        owner = made.func.value if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) else None
        owners.append(owner.id if isinstance(owner, ast.Name) else "")
    # train_datagen.flow_from_directory(…), where train_datagen = ImageDataGenerator(rescale=1 / 255, …)
    first, second = (next(program.expressions(owner), None) for owner in owners)
    if not isinstance(first, ast.Call) or not isinstance(second, ast.Call) or called(first) != called(second):
        return ""
    scaling = {
        word.arg: in_line(word.value)
        for word in first.keywords
        if word.arg in ("rescale", "preprocessing_function", "samplewise_center", "samplewise_std_normalization")
    }
    return f"{owners[1]} = {in_line(changed(second, (), scaling))}" if scaling else ""


def _maps(made: ast.expr) -> bool:
    """Whether a data set is made by ``map`` with something that divides or normalizes."""
    if not isinstance(made, ast.Call) or called(made) != "map":
        return False
    return any(
        (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name | ast.Attribute) and re.search("normal|scal|preproc", ast.unparse(node).lower()))
        for part in made.args
        for node in ast.walk(part)
    )


def fitted_anew(subject: Subject) -> Iterator[Finding]:
    """Find a scaler or an encoder that is fitted to the training data, and to those of the test once more."""
    fits = list(_fits(subject.program))
    for name, call, owner in fits:
        maker = _class_of(subject.program, owner)
        if not maker or OF_TRAINING.search(name) or not OF_A_PART.search(name):
            continue
        for other, first, fitted in fits:
            if not OF_TRAINING.search(other) or OF_A_PART.sub("", other) != OF_A_PART.sub("", name):
                continue
            if _class_of(subject.program, fitted) != maker or _same_classes(subject.program, maker, name, other):
                continue
            kept: ast.expr = ast.Name("fitted") if isinstance(fitted, ast.Call) else fitted
            fix = f"{name} = {in_line(ast.Call(ast.Attribute(kept, 'transform'), call.args, call.keywords))}"
            if kept is not fitted:
                again = ast.Call(ast.Attribute(kept, "fit_transform"), first.args, first.keywords)
                fix = f"fitted = {in_line(fitted)}; {other} = {in_line(again)}; {fix}"
            yield Finding(
                "preparation-differs",
                "warning",
                f"{in_line(owner)} is fitted to what becomes {name}, and what becomes {other} was prepared by another "
                "fit.",
                "Each fit learns other numbers: a scale, or which number stands for which class. The model knows those "
                "of the training.",
                fix,
            )
            return


def _fits(program: Program) -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """List what is given a name when something is fitted and applied at once, the call, and what is fitted."""
    for node in (node for scope in program.scopes for node in nodes_of(scope) if isinstance(node, ast.Assign)):
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and called(call) == "fit_transform":
            yield in_line(node.targets[0]), call, call.func.value


def _class_of(program: Program, owner: ast.expr) -> str:
    """Name the class of scikit-learn of what is fitted; "" for another."""
    thing = program.value_of(called(owner)) if isinstance(owner, ast.Call) else type(program.value_of(in_line(owner)))
    return thing.__name__ if str(getattr(thing, "__module__", "")).startswith("sklearn.") else ""


def _same_classes(program: Program, maker: str, *names: str) -> bool:
    """Whether an encoder of labels met as many classes in all parts, and so gave them the same numbers."""
    met = [program.value_of(name) for name in names]
    if not maker.startswith("Label") or not all(isinstance(one, np.ndarray) for one in met):
        return False
    return len({one.shape[1:] if one.ndim > 1 else int(np.unique(one).size) for one in met}) == 1


def adapted_anew(subject: Subject) -> Iterator[Finding]:
    """Find a function that makes and adapts a vocabulary or a scaler, and is called for training and test alike."""
    learners = ("adapt", "fit_on_texts", "fit_transform")
    makers = ("TextVectorization", "StringLookup", "Tokenizer", "StandardScaler", "MinMaxScaler", "LabelEncoder",
              "CountVectorizer", "TfidfVectorizer", "OneHotEncoder", "OrdinalEncoder")  # fmt: skip
    scopes, trained_on = subject.program.scopes, subject.program.name_of(subject.given[0], "")
    for function in (scope for scope in scopes if isinstance(scope, ast.FunctionDef)):
        inside = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        made = next((call for call in inside if called(call) in makers), None)
        learns = any(called(call) in learners for call in inside)
        if made is None or not learns or _gives(function, made):
            continue
        calls = [call for call in subject.program.calls(function.name) if isinstance(call.func, ast.Name)]
        if len(calls) < 2 or not any(line.value in calls for line in subject.program.assigned(trained_on)):
            continue
        yield Finding(
            "preparation-differs",
            "warning",
            f"{function.name} makes a new {in_line(made.func)} and fits it to what it is given, and it is called "
            f"{len(calls)} times.",
            "Each call learns other numbers: what is a word's number, or a column's scale, in training is another "
            "one in the test.",
            f"shared = {in_line(made)}  # once, before {function.name}; fit it to the training data, and let "
            f"{function.name} only apply it",
        )
        return


def _gives(function: ast.FunctionDef, made: ast.Call) -> bool:
    """Whether a function hands out what it has made, as one that is to be called once."""
    names = {
        node.targets[0].id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and node.value is made and isinstance(node.targets[0], ast.Name)
    }
    return any(
        isinstance(name, ast.Name) and name.id in names
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
        for name in (node.value.elts if isinstance(node.value, ast.Tuple) else [node.value])
    )


CHECKS = (validation_unlike, fitted_anew, adapted_anew)
