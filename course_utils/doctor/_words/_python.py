"""Slips of Python: no model under the name, a class instead of a layer, a file called like a library."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from .._report import Finding
from .._subject._failure import Failure, error, is_keras
from .._subject._program import called, function_tree, in_line, is_users, parse
from ._old import keras_class

_LIBRARIES = ("keras", "tensorflow", "numpy", "jax", "torch", "pandas", "matplotlib", "sklearn", "PIL", "random")
_RETURN_NONE = ("compile", "add", "build", "summary", "load_weights", "save", "save_weights", "adapt", "pop")


def shadowed_module(failure: Failure) -> Finding | None:
    """Find a file of the user's that is imported in place of a library."""
    if not isinstance(failure.exception, ImportError | AttributeError):
        return None
    for name in _LIBRARIES:
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None) or ""
        hidden = f"'{name}" in failure.message or f"{name}." in failure.message or file in failure.message
        if file and hidden and _is_users_file(file) and not getattr(module, "__path__", None):
            return error(
                "shadowed-module",
                f"{name} is your own file {Path(file).name}, not the library.",
                "Python looks in the folder of the script first, and takes the first file of that name.",
                f'import os; os.rename("{Path(file).name}", "my_{Path(file).name}")  # and delete __pycache__',
            )
    return None


def hidden_module(failure: Failure) -> Finding | None:
    """Find a name of the user's, such as ``layers`` for a list of sizes, that hides the module of Keras."""
    exception = failure.exception
    found = re.fullmatch(r"'(\w+)' object has no attribute '(\w+)'", failure.message)
    if not isinstance(exception, AttributeError) or not found or not keras_class(found[2]):
        return None
    used = re.search(rf"\b(\w+)\.{found[2]}\b", failure.line)
    if not used or type(failure.program.value_of(used[1])).__name__ != found[1] or not failure.user_frames:
        return None
    module = keras_class(found[2])
    rooms = ("layers", "optimizers", "callbacks")
    import keras

    room = next((name for name in rooms if getattr(getattr(keras, name), found[2], None) is module), "layers")
    return error(
        "shadowed-module",
        f"{used[1]} is a {found[1]} here, not the module keras.{room}.",
        f"A name has one meaning at a time: your own {used[1]} hides the module that was imported under this name.",
        failure.line.replace(f"{used[1]}.{found[2]}", f"keras.{room}.{found[2]}"),
    )


def _is_users_file(file: str) -> bool:
    standard = str(Path(inspect.__file__).parent)
    return "site-packages" not in file and "dist-packages" not in file and not file.startswith(standard)


def not_a_model(failure: Failure) -> Finding | None:
    """Find None, a History, a class or a function where the model should be."""
    exception = failure.exception
    if isinstance(exception, TypeError) and (found := failure.find("'(History)' object is not subscriptable")):
        name = _named_in_line(failure, lambda thing: type(thing).__name__ == "History") or "history"
        key = re.search(r"\[(['\"]\w+['\"])\]", failure.line)
        return error(
            "not-a-model",
            f"{name} is the {found[1]} that fit returned, and its numbers are in {name}.history.",
            "A History also holds the epochs and the parameters of fit, so that its numbers have a place of their own.",
            f"{name}.history[{key[1] if key else repr('loss')}]",
        )
    if not isinstance(exception, AttributeError):
        return None
    found = failure.find(r"^'NoneType' object has no attribute '(\w+)'")
    wanted = found[1] if found else ""
    if found and not failure.in_keras and wanted in _METHODS_OF_MODELS:
        return _none(failure, wanted)
    if found := failure.find(r"^'History' object has no attribute '(\w+)'"):
        name = _named_in_line(failure, lambda thing: type(thing).__name__ == "History") or "model"
        return error(
            "not-a-model",
            f"{name} holds the History that fit returned, not the model.",
            "fit trains the model in its place and returns what happened; the model keeps its own name.",
            _unassigned(failure, name, "fit") or f"history = {name}.fit(X, y)  # so that {name} stays the model",
        )
    found = failure.find(r"^'(function|tuple|list|dict)' object has no attribute '(\w+)'")
    if found and not failure.in_keras:
        if found[2] not in _METHODS_OF_MODELS:
            return None
        kind = {"function": FunctionType, "tuple": tuple, "list": list, "dict": dict}[found[1]]
        name = _named_in_line(failure, lambda thing: isinstance(thing, kind))
        if not name:
            return None
        return error(
            "not-a-model",
            f"{name} is a {found[1]}, not a model.",
            "A function must be called to give what it returns."
            if found[1] == "function"
            else "Several values were returned at once, or a comma at the end of the line has made a tuple.",
            f"{name} = {name}()" if found[1] == "function" else f"{name} = {name}[0]",
        )
    return None


_METHODS_OF_MODELS = (
    *("fit", "evaluate", "predict", "compile", "summary", "add", "save", "layers", "load_weights", "save_weights"),
    *("get_layer", "train_on_batch", "output", "input", "inputs", "outputs", "weights", "trainable", "get_weights"),
)


def missing_arguments(failure: Failure) -> Finding | None:
    """Find a method called on the class: ``Sequential.fit(X, y)``, or ``model = Sequential`` without brackets."""
    found = failure.find(
        r"(?:\w+\.)?(?:add|fit|compile|predict|evaluate|summary)\(\) missing 1 required positional argument: "
        r"'(?:self|layer|y|x|optimizer)'"
    )
    if not found or not isinstance(failure.exception, TypeError):
        return None
    name = _named_in_line(failure, lambda thing: isinstance(thing, type) and _is_model_class(thing))
    if not name:
        return None
    cls = failure.program.value_of(name)
    return error(
        "not-a-model",
        f"{name} is the class {cls.__name__} itself, not a model that was made from it.",
        "Without brackets the class is only named, not called.",
        f"{name} = {_class_as_written(failure, name) or cls.__name__}()",
    )


def _class_as_written(failure: Failure, name: str) -> str:
    line = next(failure.program.assigned(name), None)
    return ast.unparse(line.value) if line is not None else ""


def _is_model_class(thing: type) -> bool:
    model = getattr(sys.modules.get("keras"), "Model", None)
    return isinstance(model, type) and issubclass(thing, model)


def _named_in_line(failure: Failure, fits: Callable[[Any], bool]) -> str:
    """Find the variable in the failing line whose value fits."""
    for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", failure.line)):
        value = failure.program.value_of(word)
        if value is not None and fits(value):
            return word
    return ""


def _none(failure: Failure, wanted: str) -> Finding | None:
    found = re.search(rf"([A-Za-z_][\w.]*)\s*\.\s*{wanted}\b", failure.line)
    if not found:
        found = re.search(rf"([A-Za-z_][\w.]*)\([^()]*\)\s*\.\s*{wanted}\b", failure.line)
    name = found[1] if found else "model"
    seen = f"{name} is None, not a model."
    assigned = _unassigned(failure, name, *_RETURN_NONE)
    if assigned:
        return error(
            "not-a-model",
            seen,
            f"{_method(assigned)} changes the model in its place and returns None, which was stored under its name.",
            f"{assigned}  # without “{name} =” in front",
        )
    function, last = _without_return(failure, name)
    if function:
        return error(
            "not-a-model",
            seen,
            f"The function {function} makes a model, but has no return, so that calling it gives None.",
            f"return {last}  # as the last line of {function}",
        )
    return error(
        "not-a-model",
        seen,
        "Methods such as compile and add return None, and so does a function without return.",
        f"print({name})  # behind each line that assigns it",
    )


def _method(line: str) -> str:
    found = re.search(r"\.(\w+)\(", line)
    return found[1] if found else "compile"


def _unassigned(failure: Failure, name: str, *methods: str) -> str:
    """Find ``model = model.compile(…)`` and write it without the assignment."""
    for node in failure.program.assigned(name):
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and called(call) in methods:
            line = in_line(call)
            # Sequential([…]).compile(…): the model has to be kept first.
            made = call.func.value
            if isinstance(made, ast.Call) and called(call) not in ("fit",):
                kept = in_line(ast.Assign([ast.Name(name)], made, lineno=1))
                then = ast.Call(ast.Attribute(ast.Name(name), called(call)), call.args, call.keywords)
                return f"{kept}; {in_line(then)}"
            return f"history = {line}" if called(call) == "fit" else line
    return ""


def _without_return(failure: Failure, name: str) -> tuple[str, str]:
    """Find the function that gave None, and what it should have returned."""
    calls = [node.value for node in failure.program.assigned(name)]
    calls += [ast.Call(ast.Name(name), [], [])]  # build().fit(…)
    for call in calls:
        function = failure.program.value_of(called(call)) if isinstance(call, ast.Call) else None
        if not isinstance(function, FunctionType):
            continue
        tree = function_tree(function)
        if not isinstance(tree, ast.FunctionDef):
            continue
        if any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(tree)):
            continue
        used = [
            node.func.value.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ]
        assigns = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        stored = [node.targets[0].id for node in assigns if isinstance(node.targets[0], ast.Name)]
        last = next((word for word in used[::-1] if word in stored), stored[-1] if stored else "model")
        return function.__name__, last
    return "", ""


def layer_not_called(failure: Failure) -> Finding | None:
    """Find Flatten for Flatten(), and a layer that is given to the next one before it has an input."""
    found = failure.find(
        r"Only instances of `?keras\.Layer`? can be added to a Sequential model\. Received: <class '[\w.]*?(\w+)'>"
    )
    if found:
        return error(
            "layer-not-called",
            f"The model was given the class {found[1]} itself, not a layer that was made from it.",
            "Without brackets the class is only named, not called.",
            f"{_as_written(failure, found[1])}()",
        )
    found = failure.find(
        r"Only input tensors may be passed as positional arguments\..*?: <(\w+) name=([\w/]+)"
    ) or failure.find(r"should be passed as a keyword argument: <(\w+) name=([\w/]+)")
    if found:
        name = _named_in_line(failure, lambda thing: getattr(thing, "name", "") == found[2]) or found[2]
        return error(
            "layer-not-called",
            f"A layer was given the layer {found[2]} ({found[1]}), not its output.",
            "In the functional way each layer is called with what comes before it; only then is there an output.",
            f"{name} = {name}(x)  # x being what comes before it",
        )
    if failure.raised("TypeError", "AttributeError", "ValueError") and "kerastensor" in failure.text.lower():
        return _tensor_as_argument(failure)
    return None


def _tensor_as_argument(failure: Failure) -> Finding | None:
    """Find Dense(x) and Flatten(x): the layer is made with the tensor, and was to be called with it."""
    for frame in failure.frames:
        if is_users(frame):
            continue
        made = frame.f_locals.get("self")
        if frame.f_code.co_name != "__init__" or not is_keras(made, "Layer"):
            continue
        tensor = next((v for k, v in frame.f_locals.items() if k != "self" and is_keras(v, "KerasTensor")), None)
        if tensor is None:
            continue
        cls = type(made).__name__
        name = failure.program.name_of(tensor, "x")
        return error(
            "layer-not-called",
            f"{cls} was made with {name}, the output of another layer, as its first argument.",
            "First a layer is made, with its options; then it is called with what comes before it.",
            f"{_as_written(failure, cls)}()({name})",
        )
    return None


def function_called(failure: Failure) -> Finding | None:
    """Find ``activation=keras.activations.relu()``: a function that was to be named, and is called with nothing."""
    found = failure.find(r"^(\w+)\(\) missing \d+ required positional arguments?: '(?:x|y_true)'")
    if not found or not isinstance(failure.exception, TypeError) or not failure.user_frames:
        return None
    tree = parse(failure.line)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.keyword) or not isinstance(node.value, ast.Call):
            continue
        call, name = node.value, called(node.value)
        if call.args or call.keywords or name not in (found[1], _alias(failure, call, found[1])):
            continue
        written = ast.unparse(call.func)
        return error(
            "layer-not-called",
            f"{node.arg}= wants the function {written} itself, but the brackets call it, with nothing to work on.",
            "The layer or model calls it later, with its numbers: without brackets a function is only named.",
            f"{node.arg}={written}",
        )
    return None


def _alias(failure: Failure, call: ast.Call, name: str) -> str:
    """Last part of the name of a call, if it calls the function of another name: losses.mse, mean_squared_error."""
    words = ast.unparse(call.func).split(".")
    thing = failure.program.value_of(words[0])
    for word in words[1:]:
        thing = getattr(thing, word, None)
    return words[-1] if getattr(thing, "__name__", "") == name else ""


def tensor_called(failure: Failure) -> Finding | None:
    """Find the output of a layer that is called as if it were one, as where it has taken the name of a class."""
    if not failure.find(r"'KerasTensor' object is not callable") or not isinstance(failure.exception, TypeError):
        return None
    tree = parse(failure.line)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)) if tree else ():
        name = ast.unparse(call.func)
        if not isinstance(call.func, ast.Name) or not is_keras(failure.program.value_of(name), "KerasTensor"):
            continue
        given = next((line for line in failure.program.assigned(name) if name in [_called_first(line.value)]), None)
        if given is not None:
            return error(
                "layer-not-called",
                f"{name} is no longer the class: a line above gave its name to the output of a layer.",
                "A name stands for one thing at a time, the last that was stored under it.",
                f"{name.lower()} = {in_line(given.value)}  # and {name.lower()} wherever this output is meant",
            )
        inner = in_line(call.args[0]) if len(call.args) == 1 else ""
        return error(
            "layer-not-called",
            f"{name} is the output of a layer, not a layer: it cannot be called.",
            "A layer is called with what comes before it, and what comes before is never called.",
            f"{inner}({name})" if inner else f"keras.layers.Dense(10)({name})",
        )
    return None


def _called_first(node: ast.expr) -> str:
    """Name what is called first in ``Dense(8)(x)``: Dense."""
    while isinstance(node, ast.Call):
        node = node.func
    return ast.unparse(node)


def return_missing(failure: Failure) -> Finding | None:
    """Find a ``call`` or a loss of one's own that computes something and returns nothing."""
    if not failure.find(
        r"None values not supported|inputs=None|NoneType|convert a value \(None\)|[Vv]alue None\b"
        r"|None is not a valid value|Invalid dtype: object"
    ):
        return None
    if not failure.in_keras:
        return None
    for tree in failure.program.trees:
        for function, owner in _called_by_keras(tree):
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Return | ast.Yield | ast.Raise)]
            if inner or len(function.body) < 1 or isinstance(function.body[-1], ast.Pass):
                continue
            of = f" of {owner}" if owner else ""
            last = function.body[-1]
            value = ast.unparse(last.targets[0]) if isinstance(last, ast.Assign) else ""
            value = value or (in_line(last.value) if isinstance(last, ast.Expr) else "outputs")
            return error(
                "return-missing",
                f"{function.name}{of} has no return, so that it gives None.",
                "Keras goes on with what it returns; what a function only computes is gone at its end.",
                f"return {value}  # as the last line of {function.name}{of}",
            )
    return None


def _called_by_keras(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """List what Keras calls for a value: ``call`` of layers and models, losses and metrics."""
    given = {
        word.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "compile"
        for argument in [*node.args, *(word.value for word in node.keywords)]
        for word in ast.walk(argument)
        if isinstance(word, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in given:
            yield node, ""
        if isinstance(node, ast.ClassDef) and node.bases:
            yield from (
                (function, node.name)
                for function in node.body
                if isinstance(function, ast.FunctionDef) and function.name in ("call", "compute_loss", "train_step")
            )


def _as_written(failure: Failure, cls: str) -> str:
    """Name a class as the failing line does: layers.Flatten."""
    found = re.search(rf"((?:\w+\.)*{cls})\b", failure.line)
    return found[1] if found else f"keras.layers.{cls}"


def super_init(failure: Failure) -> Finding | None:
    """Find a layer or model of one's own whose ``__init__`` does not begin with that of Keras."""
    words = failure.find(r"call `?super\(\)\.__init__\(\)`?|before super\(\)\.__init__")
    lacks = failure.find(
        r"^'(\w+)' object has no attribute '_(?:dtype_policy|tracker|layers|lock|trainable|metrics|modules|losses"
        r"|trainable_variables|supports_masking|called|optimizer|compile_\w+|run_eagerly|jit_compile|name|batch_size)'"
    ) or failure.find(r"cannot assign module before Module\.__init__\(\) call")
    if not words and not (lacks and failure.raised("AttributeError")):
        return None
    owner = next((type(thing) for thing in _selves(failure) if _is_own_class(type(thing))), None)
    if owner is None:
        return None
    init = owner.__init__
    options = "**kwargs" if inspect.isfunction(init) and "kwargs" in init.__code__.co_varnames else ""
    return error(
        "super-init-missing",
        f"__init__ of {owner.__name__} does not call that of Keras first.",
        "Keras prepares there what keeps layers and weights; before it nothing can be stored in the object.",
        f"super().__init__({options})  # as the first line of __init__ of {owner.__name__}",
    )


def state_in_call(failure: Failure) -> Finding | None:
    """Find a layer or model of one's own that makes layers or weights in ``call``."""
    if not failure.find(r"cannot add new elements of state|only supports singleton tf\.Variables|non-first call"):
        return None
    frame = next((f for f in failure.user_frames if is_keras(f.f_locals.get("self"), "Layer")), None)
    if frame is None or frame.f_code.co_name in ("__init__", "build"):
        return None
    method, owner = frame.f_code.co_name, type(frame.f_locals["self"]).__name__
    return error(
        "state-in-call",
        f"{method} of {owner} makes layers or weights, but it runs for every batch.",
        "New weights for each batch could learn nothing, so Keras takes those only that __init__ or build has made.",
        _made_before(failure, owner, set(frame.f_code.co_varnames[1 : frame.f_code.co_argcount])),
    )


def _made_before(failure: Failure, owner: str, arguments: set[str]) -> str:
    """Write the failing line for ``__init__``, or for ``build`` where it needs the shape of what ``call`` gets."""
    tree = parse(failure.line)
    line = tree.body[0] if tree else None
    if not isinstance(line, ast.Assign) or not ast.unparse(line.targets[0]).startswith("self."):
        # Dense(8)(x), made and called at once
        calls = [node for node in ast.walk(line) if isinstance(node, ast.Call)] if line else []
        made = next((node.func for node in calls if isinstance(node.func, ast.Call)), None)
        if made is None:
            return f"# make layers and weights in __init__ of {owner}, not in call"
        line = ast.Assign([ast.Attribute(ast.Name("self"), called(made).lower())], made, lineno=1)
    text = in_line(line)
    for argument in arguments:
        text = re.sub(rf"\b{argument}\.shape\b", "input_shape", text)
    if "input_shape" in text:
        return f"def build(self, input_shape):\n    {text}  # and no longer in call"
    return f"{text}  # as the last line of __init__ of {owner}, and no longer in call"


def _selves(failure: Failure) -> Iterator[Any]:
    exception = failure.exception
    if getattr(exception, "obj", None) is not None:
        yield exception.obj  # type: ignore[attr-defined]
    for frame in failure.frames:
        yield frame.f_locals.get("self")
        arguments = frame.f_locals.get("args")
        if isinstance(arguments, tuple) and arguments:
            yield arguments[0]


def _is_own_class(cls: type) -> bool:
    if not any(base.__module__.startswith("keras.") for base in cls.__mro__) or cls.__module__.startswith("keras."):
        return False
    init = cls.__dict__.get("__init__")
    if not inspect.isfunction(init):
        return False
    tree = function_tree(init)
    first = tree.body[0] if isinstance(tree, ast.FunctionDef) else None
    return not (isinstance(first, ast.Expr) and "super()" in ast.unparse(first))


def foreign_object(failure: Failure) -> Finding | None:
    """Find layers, optimizers and models of another library."""
    found = (
        failure.find(
            r"can be added to a Sequential model\. Received: <([\w.]+)[ \w]*.*? \(of type <class '([\w.]+)'>\)"
        )
        or failure.find(r"Could not interpret (optimizer) identifier: <?([\w.]+)")
        or failure.find(r"can be added to a Sequential model\. Received: ().*?\(of type <class '([\w.]+)'>\)")
    )
    given = next((f.f_locals["identifier"] for f in failure.frames if f.f_locals.get("identifier") is not None), None)
    if not found or (found[1] == "optimizer" and isinstance(given, str | type)):
        return None
    # Some of them print themselves in words of their own.
    kind = f"{type(given).__module__}.{type(given).__name__}" if found[1] == "optimizer" and given else found[2]
    library = kind.partition(".")[0]
    known = {
        "tensorflow_hub": 'keras.layers.TFSMLayer(path, call_endpoint="serving_default")  # runs it, without training',
        "tf_keras": None, "torch": None, "tensorflow": None, "tensorflow_addons": None, "optax": None,
        "sklearn": None, "transformers": None, "tensorflow_probability": None,
    }  # fmt: skip
    if library not in known or ("keras.src" in kind and library == "keras"):
        return None
    name = kind.rsplit(".", 1)[-1]
    import keras

    same = name.removesuffix("Optimizer").removeprefix("Legacy")
    room = keras.optimizers if found[1] == "optimizer" else keras.layers
    aliases = {"Linear": "Dense", "ReLU": "ReLU", "GradientDescent": "SGD", "BatchNorm2d": "BatchNormalization"}
    today = aliases.get(same, same)
    fix = known[library] or (
        f"keras.{room.__name__.rsplit('.', 1)[-1]}.{today}()"
        if hasattr(room, today)
        else "keras.layers.Lambda(function)"
    )
    what = "optimizer" if found[1] == "optimizer" else "layer"
    if what == "optimizer":
        fix = failure.program.rewritten("compile", otherwise=fix, optimizer=fix)
    return error(
        "foreign-object",
        f"{name} is of the package {library}, and no {what} of Keras 3.",
        "Keras 3 takes its own layers and optimizers only; those of older or other packages do not fit into it.",
        fix,
    )


def module_called(failure: Failure) -> Finding | None:
    """Find a module called like a class: ``keras.optimizers.adam(…)``."""
    if not isinstance(failure.exception, TypeError) or not failure.find("^'module' object is not callable"):
        return None
    for word in re.findall(r"[A-Za-z_][\w.]*(?=\()", failure.line):
        thing = failure.program.value_of(word.partition(".")[0])
        for part in word.split(".")[1:]:
            thing = getattr(thing, part, None)
        if isinstance(thing, ModuleType) and "keras" in thing.__name__:
            last = thing.__name__.rsplit(".", 1)[-1]
            names = {name.lower(): name for name in dir(thing)}
            if last in names:
                return error(
                    "unknown-name",
                    f"{word} is a module, not the class in it.",
                    "Names of classes begin with a capital letter.",
                    f"{word}.{names[last]}()",
                )
    return None


RECOGNISERS = (
    shadowed_module,
    hidden_module,
    super_init,
    state_in_call,
    layer_not_called,
    not_a_model,
    missing_arguments,
    function_called,
    tensor_called,
    return_missing,
    foreign_object,
    module_called,
)
