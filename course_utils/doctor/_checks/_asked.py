"""What the program does with a model's answers later on, read before it trains: arithmetic, names of classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .._report import Finding
from .._subject._data import origin
from .._subject._model import Subject
from .._subject._program import Program, Scope, called, in_line, names_in, nodes_of

_NAMES = "class_names"


def broadcasting(subject: Subject) -> Iterator[Finding]:
    """Find labels of shape (n,) from which predictions of shape (n, 1) are subtracted, after training."""
    head = subject.head
    if head is None or head.units != 1 or head.shape is None or len(head.shape) != 2:
        return
    functions = {scope.name: scope for scope in subject.program.scopes if isinstance(scope, ast.FunctionDef)}
    for scope in subject.program.scopes:
        columns = _columns(subject, scope)
        for place, names in _places(scope, functions) if columns else ():
            for node in nodes_of(place):
                found = _spread_out(subject, node, names, columns)
                if found is None:
                    continue
                name, other, count = found
                yield Finding(
                    "broadcasting",
                    "warning",
                    f"{in_line(node)} takes {other}, shape ({count},), and {name}, shape ({count}, 1), apart.",
                    f"NumPy spreads them out to ({count}, {count}): each prediction is compared with every label, "
                    "and the mean of that says nothing of the model.",
                    f"{name} = {in_line(columns[name])}.ravel()",
                )
                return


def _columns(subject: Subject, scope: Scope) -> dict[str, ast.expr]:
    """Find what a scope names of the model's predictions, and gives no other value."""
    assigned = [
        (node.targets[0].id, node.value)
        for node in nodes_of(scope)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    names = [name for name, _ in assigned]
    # One that is flattened later has another shape by then.
    return {name: value for name, value in assigned if names.count(name) == 1 and _is_prediction(subject, value)}


def _places(scope: Scope, functions: dict[str, ast.FunctionDef]) -> Iterator[tuple[Scope, dict[str, str] | None]]:
    """Go through a scope, and the functions that it calls with names: with what they call those of the scope."""
    yield scope, None
    for node in nodes_of(scope):
        function = (
            functions.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        )
        if function is None or not isinstance(node, ast.Call):
            continue
        given = zip((argument.arg for argument in function.args.args), node.args, strict=False)
        yield function, {parameter: value.id for parameter, value in given if isinstance(value, ast.Name)}


def _spread_out(
    subject: Subject, node: ast.AST, names: dict[str, str] | None, columns: dict[str, ast.expr]
) -> tuple[str, str, int] | None:
    """Name the column and the row of a subtraction, as their scope does, and say how many examples they have."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return None
    if not isinstance(node.left, ast.Name) or not isinstance(node.right, ast.Name):
        return None
    name, other = (side.id if names is None else names.get(side.id, "") for side in (node.left, node.right))
    if (name in columns) == (other in columns):
        return None
    name, other = (name, other) if name in columns else (other, name)
    shape: tuple[int, ...] = getattr(subject.program.value_of(other), "shape", ())
    return (name, other, shape[0]) if len(shape) == 1 and shape[0] > 1 else None


def _is_prediction(subject: Subject, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "predict":
        return False
    return subject.program.value_of(ast.unparse(node.func.value)) is subject.model


def numbered_folders(subject: Subject) -> Iterator[Finding]:
    """Find folders named by numbers, which are sorted as texts, and a program that counts the classes itself."""
    names = origin(subject.given[0], "class_names")
    if not isinstance(names, list) or len(names) < 2 or not all(str(name).isdigit() for name in names):
        return
    if [int(name) for name in names] == sorted(int(name) for name in names):
        return
    if _looks_up_names(subject.program) or not any(True for _ in subject.program.calls("argmax")):
        return
    first = next(i for i, name in enumerate(sorted(names, key=int)) if name != names[i])
    name = subject.called[0]
    fix = f"[int({name}.class_names[i]) for i in answers]  # answers: what argmax gives"
    for call in subject.program.calls("argmax"):
        fix = f"np.array({name}.class_names)[{in_line(call)}].astype(int)"
        break
    yield Finding(
        "order-mismatch",
        "warning",
        f"The folders are classes in the order {', '.join(names[:5])}, …: class {first} is folder {names[first]!r}.",
        "Names of folders are sorted as texts, where 10 comes before 2. Who counts from the first to the last "
        "gives the answers other names.",
        fix,
    )


def _looks_up_names(program: Program) -> bool:
    """Whether a program does anything with the names of the classes but to show or to count them."""
    for scope in program.scopes:
        nodes = list(nodes_of(scope))
        names, idle = _names_of_classes(nodes), _only_shown(nodes)
        for node in nodes:
            is_name = isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)
            if (is_name or _is_class_names(node)) and id(node) not in idle:
                return True
    return False


def _is_class_names(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == _NAMES


def _names_of_classes(nodes: list[ast.AST]) -> set[str]:
    """List what a scope calls the names of the classes."""
    lines = [line for line in nodes if isinstance(line, ast.Assign) and _is_class_names(line.value)]
    return {name for line in lines for name in names_in(line.targets[0])}


def _only_shown(nodes: list[ast.AST]) -> set[int]:
    """Identify what is only printed, counted or given another name; what is picked out of a list is looked up."""
    shown = [node for node in nodes if isinstance(node, ast.Call) and called(node) in ("print", "len")]
    idle = {id(node) for call in shown for node in ast.walk(call)}
    idle |= {id(line.value) for line in nodes if isinstance(line, ast.Assign)}
    picked = {id(part) for node in nodes if isinstance(node, ast.Subscript) for part in ast.walk(node.value)}
    return idle - picked


def names_by_hand(subject: Subject) -> Iterator[Finding]:
    """Find a list of the classes' names in another order than the folders have, in which an answer is looked up."""
    names = _in_order(subject.given[0])
    for scope in subject.program.scopes if names else ():
        for node in nodes_of(scope):
            if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
                continue
            if "argmax" not in ast.unparse(_written(subject.program, node.slice)):
                continue
            for listed in subject.program.expressions(node.value.id):
                by_hand = _texts(listed)
                if by_hand != names and sorted(by_hand) == sorted(names):
                    rule = (
                        "Folders are numbered in the order of the alphabet."
                        if names == sorted(names)
                        else "That order numbers the answers."
                    )
                    yield Finding(
                        "order-mismatch",
                        "error",
                        f"{node.value.id} lists the classes as {', '.join(by_hand[:5])}; in {subject.called[0]} they "
                        f"are {', '.join(names[:5])}.",
                        f"{rule} Names in another order are given to the wrong answers.",
                        f"{node.value.id} = {names}".replace("'", '"'),
                    )
                    return


def _in_order(x: Any) -> list[str]:
    """List the names of a data set's or an iterator's classes by their numbers; nothing where it has none."""
    names = origin(x, "class_names")
    if not isinstance(names, list):
        numbers = getattr(x, "class_indices", None)
        names = sorted(numbers, key=lambda name: numbers[name]) if isinstance(numbers, dict) else []
    return [str(name) for name in names]


def _written(program: Program, node: ast.expr) -> ast.expr:
    """Follow a name to what it was made by."""
    return next(program.expressions(node.id), node) if isinstance(node, ast.Name) else node


def _texts(node: ast.expr) -> list[str]:
    """Read a list of texts that stands in the program."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return [str(part.value) for part in parts if isinstance(part, ast.Constant)]


def mixed_masks(subject: Subject) -> Iterator[Finding]:
    """Find class numbers of pixels that are resized as if they were colours."""
    head = subject.head
    if head is None or head.shape is None or len(head.shape) != 4 or head.loss is None:
        return
    if head.loss.kind not in ("sparse", "categorical", "binary"):
        return
    for call in subject.program.calls("resize"):
        given = call.args[0] if call.args else None
        words = {node.id.lower() for node in ast.walk(given) if isinstance(node, ast.Name)} if given else set()
        about = [word for word in words if any(part in word for part in ("mask", "label", "segm", "trimap"))]
        method = next((word.value for word in call.keywords if word.arg in ("method", "interpolation")), None)
        if not about or isinstance(call.func, ast.Name) or len(call.args) > 2:
            continue
        if method is not None and "nearest" in in_line(method).lower():
            continue
        word = "interpolation" if in_line(call.func).split(".")[0] in ("ops", "keras", "cv2") else "method"
        fixed = ast.Call(
            call.func,
            call.args,
            [*(w for w in call.keywords if w.arg != word), ast.keyword(word, ast.Constant("nearest"))],
        )
        if in_line(call.func).startswith("cv2"):
            fixed.keywords[-1].value = ast.parse("cv2.INTER_NEAREST", mode="eval").body
        yield Finding(
            "labels-type",
            "warning",
            f"{in_line(call)} mixes class numbers: between class 0 and class 3 it makes 1s and 2s.",
            "Resizing takes means of neighbours, which is right for colours; a mask's numbers are names.",
            in_line(fixed),
        )
        return


CHECKS = (broadcasting, numbered_folders, names_by_hand, mixed_masks)
