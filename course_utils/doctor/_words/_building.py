"""Failures before anything is computed: not compiled, not built, not connected, one name twice, no numbers yet."""

from __future__ import annotations

import ast
import re
from types import FunctionType
from typing import Any

from ...network import Graph, compiled_metrics, graph_to
from .._report import Finding
from .._subject._failure import Failure, error, is_keras
from .._subject._program import argument_of, called, changed, exchanged, in_line, nodes_of, parse


def not_compiled(failure: Failure) -> Finding | None:
    """Find fit without compile, or compile without a loss, where the model does not tell."""
    if not failure.in_keras:
        return None
    call = failure.call
    name = failure.program.name_of(call.model if call else None, "model")
    if failure.find(r"You must call `compile\(\)` before|has not been compiled|must compile your model"):
        return error(
            "not-compiled",
            f"{call.method if call else 'fit'} was called, but the model has not been compiled.",
            "compile says which loss to lower, how, and what to measure.",
            f'{name}.compile(optimizer="adam", loss="sparse_categorical_crossentropy")',
        )
    if failure.find("No loss to compute|no loss was provided|No loss found"):
        return error(
            "not-compiled",
            "The model was compiled without a loss.",
            "Training lowers the loss, so it needs one.",
            failure.program.rewritten("compile", name, 'loss="mse"', loss='"mse"'),
        )
    if failure.find(r"Expected `loss_weights` argument"):
        found = failure.find(r"loss_weights=(.+?) of type")
        written = found[1].strip() if found else '["accuracy"]'
        written = written if written.startswith(("[", "(")) else f'["{written}"]'
        return error(
            "compile-arguments",
            f"compile got {written} in the third place, which is that of loss_weights.",
            "In Keras 3 metrics stand in the fourth place: name them, and no place matters.",
            f"metrics={written}",
        )
    return None


def reused_optimizer(failure: Failure) -> Finding | None:
    """Find an optimizer that knows other weights than those it is to change, where the model does not tell."""
    if failure.find(
        "optimizer (?:can only be called for|was (?:originally )?built (?:with|for)) .*variables"
        "|Unknown variable: .*This optimizer"
    ) or failure.find(r"trainable_variables\) == \d+ whereas"):
        return error(
            "optimizer-reused",
            "The optimizer was prepared for other weights than those of this model.",
            "An optimizer keeps something for each weight, so each model needs one of its own, and a new one after "
            "changes of trainable.",
            failure.program.rewritten("compile", optimizer='"adam"') or _new_optimizer(failure),
        )
    return None


def _new_optimizer(failure: Failure) -> str:
    """Write the line that makes the optimizer of a training loop of one's own, which makes another one."""
    for call in failure.program.calls("apply_gradients", "apply"):
        owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        if not is_keras(failure.program.value_of(owner), "Optimizer"):
            continue
        for line in failure.program.assigned(owner):
            return f"{in_line(line)}  # again, before the weights are others"
    return 'optimizer="adam"'


def never_called(failure: Failure) -> Finding | None:
    """Find ``model.output`` of a model that has outputs, but was never called on a symbolic input."""
    found = failure.find(
        r"The layer (\S+) has never been called and thus has no defined (output|input)"
    ) or failure.find(r"'(Sequential|\w+)' object has no attribute '(output|input)'")
    if not found:
        return None
    model = next((thing for thing in _owners(failure) if is_keras(thing, "Model") and thing.built), None)
    if model is None or not getattr(model, f"{found[2]}s", None):
        return None
    name = failure.program.name_of(model, "model")
    return error(
        "never-called",
        f"{name} is built, but {name}.{found[2]} is asked for what came of calling it, and it was never called as a "
        "layer.",
        f"What belongs to its own graph is in {name}.inputs and {name}.outputs.",
        _line_with(failure, rf"\b{name}\.{found[2]}\b", f"{name}.{found[2]}s[0]"),
    )


def _owners(failure: Failure) -> list[Any]:
    own = [frame.f_locals.get("self") for frame in failure.frames]
    named = [value for name, value in failure.program.values() if re.search(rf"\b{re.escape(name)}\b", failure.line)]
    return [thing for thing in [getattr(failure.exception, "obj", None), *own, *named] if thing is not None]


def _line_with(failure: Failure, pattern: str, new: str) -> str:
    """Write the failing statement with something replaced, or only what is to stand there."""
    line = re.sub(pattern, new, " ".join(failure.line.split()))
    return line if line != failure.line and parse(line) is not None else new


def not_built(failure: Failure) -> Finding | None:
    """Find weights or shapes asked of a model that has none yet."""
    words = failure.in_keras and failure.find(
        r"isn't built|not yet been built|has not (?:yet )?been built|has no defined (?:output|input)"
        r"|has never been called|is not built|Weights for model .* have not yet been created"
    )
    # torch answers for what a property could not.
    if not words and not failure.find(
        r"^'Sequential' object has no attribute '(output_shape|input_shape|inputs|outputs|input|output)'"
    ):
        return None
    model = next((thing for thing in _owners(failure) if is_keras(thing, "Model")), None)
    if model is not None and model.built and model.weights:
        return None  # it has what it is said to lack
    name = failure.program.name_of(model, "model")
    shape = "(4,)"
    examples = next((value for _, value in failure.program.arrays("fiu") if value.ndim > 1), None)
    if examples is not None:
        shape = str(examples.shape[1:])
    return error(
        "not-built",
        f"{name} has no weights and no shapes yet, because it does not know the shape of its input.",
        "A layer makes its weights when it learns what it gets.",
        f"keras.Input(shape={shape})  # as the first entry of the model; or {name}.build((None, *{shape})) before this "
        "line",
    )


def disconnected(failure: Failure) -> Finding | None:
    """Find a model whose outputs do not come from its inputs."""
    if not failure.find(r"`inputs` not connected to `outputs`|Graph disconnected|not connected to"):
        return None
    inputs = [(name, value) for name, value in failure.program.values() if is_keras(value, "KerasTensor")]
    made = {name: value for name, value in inputs if _is_input(value)}
    given, needed = _symbolic(failure, "inputs"), _inputs_of(_symbolic(failure, "outputs"))
    names = [name for name, value in made.items() if any(value is each for each in needed)]
    wrong = [name for name, value in made.items() if any(value is each for each in _flat(given))]
    fix = "keras.Model(inputs, outputs)  # with the very tensor that keras.Input gave"
    if (inside := _from_inside(failure, given)) is not None:
        return inside
    if len(wrong) == 1 and (halfway := _from_halfway(failure, wrong[0], inputs)) is not None:
        return halfway
    if not names:
        names = _as_inputs_of_models(failure, needed)
    if names:
        new = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        for call in failure.program.calls("Model", "Functional"):
            fix = in_line(changed(call, (), {"inputs": new}))
            break
    return error(
        "graph-disconnected",
        f"The outputs of the model come from {' and '.join(names) or 'another input'}, but it was told that they come "
        f"from {' and '.join(wrong) or 'others'}.",
        "A model is the way from its inputs to its outputs. A second Input, or a name that was used again, breaks it.",
        fix,
    )


def _from_inside(failure: Failure, given: Any) -> Finding | None:
    """Find outputs of which some come from the inputs, and some from inside of a model that is used as a layer."""
    outputs = _flat(_symbolic(failure, "outputs"))
    strange = [all(root is not each for each in _flat(given) for root in _inputs_of(output)) for output in outputs]
    call = next(failure.program.calls("Model", "Functional"), None)
    written = argument_of(call, "outputs") if call is not None else None
    parts = written.elts if isinstance(written, ast.List | ast.Tuple) else []
    if len(parts) != len(outputs) or len(set(strange)) < 2:
        return None
    first = strange.index(True)
    for name, outer in failure.program.values():
        for layer in getattr(outer, "layers", ()) if is_keras(outer, "Model") and not name.startswith("_") else ():
            own = _flat(getattr(layer, "inputs", None) or []) if is_keras(layer, "Model") else []
            if any(root is each for root in _inputs_of(outputs[first]) for each in own):
                piece = in_line(parts[first])
                return error(
                    "graph-disconnected",
                    f"{piece} belongs to the graph inside of {layer.name}, which begins with an input of its own, and "
                    f"{in_line(parts[strange.index(False)])} to that of {name}.",
                    "A model inside of another is called there as one layer: what lies inside has no connection with "
                    "the inputs outside.",
                    f'body = {name}.get_layer("{layer.name}"); maps = keras.Model(body.inputs, [{piece}, body.output])'
                    "  # and call what stands behind body on its second output, layer by layer",
                )
    return None


def _from_halfway(failure: Failure, given: str, tensors: list[tuple[str, Any]]) -> Finding | None:
    """Find a model of the second half of another, such as a decoder, with a new input that nothing was called on."""
    call = next(failure.program.calls("Model", "Functional"), None)
    output, new = _symbolic(failure, "outputs"), failure.program.value_of(given)
    graph = None if isinstance(output, list | tuple | dict) else graph_to(output)
    was_read = any(tensor is not new and any(root is new for root in _inputs_of(tensor)) for _, tensor in tensors)
    if call is None or graph is None or was_read:
        return None
    for name, tensor in tensors:
        if tensor is output or _is_input(tensor) or tensor.shape != new.shape or not _leads_through(graph, tensor):
            continue
        written = argument_of(call, "outputs")
        result = in_line(written) if written is not None else "the output"
        return error(
            "graph-disconnected",
            f"{result} was made from {name}, not from {given}.",
            "A tensor keeps the way on which it was made. A second Input of the same shape has no part in it.",
            f"{in_line(changed(call, (), {'inputs': name}))}  # or call the layers behind {name} again, on {given}",
        )
    return None


def _leads_through(graph: Graph, tensor: Any) -> bool:
    """Whether all ways of a graph with one output go through a tensor."""
    made = graph_to(tensor)
    last = made.nodes[made.outputs[0]].operation if made is not None else None
    numbers = [number for number, node in enumerate(graph.nodes) if node.operation is last]
    waiting, seen = [graph.outputs[0]], set(numbers)
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            waiting += graph.nodes[number].before
            if not graph.nodes[number].before:
                return False
    return len(numbers) == 1


def _as_inputs_of_models(failure: Failure, tensors: list[Any]) -> list[str]:
    """Name inputs by the models that were made from them, as ``body.input``, the first made first; all or none."""
    found: dict[int, str] = {}
    for name, value in failure.program.values():
        if not is_keras(value, "Model") or name.startswith("_"):
            continue
        own = _flat(getattr(value, "inputs", None) or [])
        for place, each in enumerate(own):
            if any(each is tensor for tensor in tensors):
                found.setdefault(id(each), f"{name}.input" if len(own) == 1 else f"{name}.inputs[{place}]")
    return list(found.values()) if len(found) == len(tensors) else []


def _symbolic(failure: Failure, name: str) -> Any:
    """Find what Keras was given under a name; its innermost frames have only parts of it, or nothing yet."""
    held = (frame.f_locals.get(name) for frame in failure.frames)
    return next((thing for thing in held if any(is_keras(part, "KerasTensor") for part in _flat(thing))), None)


def _flat(thing: Any) -> list[Any]:
    if isinstance(thing, dict):
        return [each for part in thing.values() for each in _flat(part)]
    return [each for part in thing for each in _flat(part)] if isinstance(thing, list | tuple) else [thing]


def _is_input(tensor: Any) -> bool:
    graph = graph_to(tensor)
    return graph is not None and [node.kind for node in graph.nodes] == ["InputLayer"]


def _inputs_of(outputs: Any) -> list[Any]:
    found = []
    for output in _flat(outputs):
        graph = graph_to(output) if output is not None else None
        for node in graph.nodes if graph else ():
            if node.kind == "InputLayer":
                found.append(node.operation.output)
    return found


def no_gradient(failure: Failure) -> Finding | None:
    """Find a loss of the user's own through which no gradient comes."""
    if not failure.find(r"No gradients provided for any variable|does not require grad and does not have a grad_fn"):
        return None
    call = failure.call
    if call is None:
        return _predicted_in_a_tape(failure)
    if not call.model.trainable_variables:
        return None
    from .._checks._losses import own_loss_of, without_gradient
    from .._subject._model import subject_of

    subject = subject_of(failure)
    loss = own_loss_of(subject) or call.model.loss
    return without_gradient(subject, loss)


def _predicted_in_a_tape(failure: Failure) -> Finding | None:
    """Find ``model.predict`` inside a tape, which sees nothing of what that does."""
    tapes = (
        node
        for scope in failure.program.scopes
        for node in nodes_of(scope)
        if isinstance(node, ast.With) and any("GradientTape" in ast.unparse(item) for item in node.items)
    )
    for line in (line for tape in tapes for line in tape.body):
        for call in (node for node in ast.walk(line) if isinstance(node, ast.Call) and node.args):
            owner = ast.unparse(call.func).rpartition(".")[0]
            if called(call) not in ("predict", "predict_on_batch"):
                continue
            if not is_keras(failure.program.value_of(owner), "Model"):
                continue
            asked = ast.parse(f"{owner}({in_line(call.args[0])}, training=True)", mode="eval").body
            return error(
                "loss-without-gradient",
                f"{in_line(call.func)} is called inside the tape, and gives an array of NumPy.",
                "A tape records what is done with tensors. An array has no history, so that no weight has a part in "
                "the loss.",
                in_line(exchanged(line, call, asked)),
            )
    return None


def own_classes(failure: Failure) -> Finding | None:
    """Find callbacks that are classes, not made from them."""
    call = failure.call
    callbacks = call.options.get("callbacks") if call else None
    for given in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
        if isinstance(given, type) and failure.in_keras:
            return error(
                "layer-not-called",
                f"callbacks holds the class {given.__name__} itself, not a callback that was made from it.",
                "Without brackets the class is only named, not called.",
                _made_from(failure, given.__name__),
            )
    return None


# What a callback cannot be made without.
_NEEDED = {
    "ModelCheckpoint": '"best.keras"',
    "CSVLogger": '"training.csv"',
    "LearningRateScheduler": "lambda epoch, rate: 0.9 * rate",
}


def _made_from(failure: Failure, name: str) -> str:
    """Write the line that names a callback's class, the callback in its place; the others stay."""
    needed = _NEEDED.get(name, "")
    scopes = failure.program.scopes
    assigned = [node for scope in scopes for node in nodes_of(scope) if isinstance(node, ast.Assign)]
    for place in (*failure.program.calls("fit"), *assigned):
        for node in ast.walk(place):
            held = node.elts if isinstance(node, ast.List | ast.Tuple) else ()
            given = node.value if isinstance(node, ast.keyword) and node.arg == "callbacks" else None
            for part in (*held, given):
                if part is not None and ast.unparse(part).rpartition(".")[2] == name:
                    made = ast.parse(f"{ast.unparse(part)}({needed})", mode="eval").body
                    return in_line(exchanged(place, part, made))
    return f"callbacks=[keras.callbacks.{name}({needed})]"


def duplicate_name(failure: Failure) -> Finding | None:
    """Find two layers of one name."""
    found = (
        failure.find(r"should have unique names\. Name '([^']+)' is already")
        or failure.find(r'The name "([^"]+)" is used \d+ times in the model')
        or failure.find(r"All layers (?:added to|in) a .*?unique names?.*?['\"]([^'\"]+)['\"]")
    )
    if not found:
        return None
    return error(
        "duplicate-name",
        f"Two layers are called {found[1]!r}.",
        "Names tell layers apart, for instance when weights are loaded, so each must be different.",
        f'name="{found[1]}_2"  # for one of them; or no name at all: Keras then makes one up',
    )


def symbolic_tensor(failure: Failure) -> Finding | None:
    """Find NumPy or TensorFlow functions on tensors that have no numbers yet."""
    placeholder = failure.find(
        "A KerasTensor (?:cannot be used as input to a TensorFlow function|is symbolic)"
        "|(?:KerasTensor|Keras symbolic).*?(?:TensorFlow|NumPy|numpy)"
    )
    if placeholder and not failure.raised("AttributeError"):
        which = "A TensorFlow" if failure.find("input to a TensorFlow function") else "A NumPy or Python"
        return error(
            "symbolic-tensor",
            f"{which} function was called on a layer's output while the model is being built.",
            "There are no numbers yet, only a shape; Keras can keep only its own layers and operations.",
            _line_in_ops(failure),
        )
    if not failure.in_keras or not failure.user_frames:
        return None
    if own := _in_loss_or_metric(failure):
        return own
    traced = failure.raised("TracerArrayConversionError", "ConcretizationTypeError", "TracerBoolConversionError")
    if (
        (
            traced
            or failure.find(r"Cannot convert a symbolic tf\.Tensor|Using a symbolic `?tf\.Tensor`? as a Python")
            or failure.find(r"Can't call numpy\(\) on Tensor that requires grad")
            or (failure.raised("TypeError") and failure.in_module("fromnumeric") and failure.call)
        )
        and not failure.in_module("callbacks")
        and (failure.call or failure.layer is not None)
    ):
        return error(
            "symbolic-tensor",
            "A NumPy or TensorFlow function was called inside training, on a tensor of Keras.",
            "Keras has to follow every step to compute gradients, and it can follow only its own functions.",
            _line_in_ops(failure),
        )
    return None


def _in_loss_or_metric(failure: Failure) -> Finding | None:
    """Find ``.numpy()`` and scikit-learn in a loss or metric, which Keras calls with tensors that have no numbers."""
    asked = failure.find(
        r"has no attribute 'numpy'|numpy\(\) is only available when eager|Can't call numpy\(\) on Tensor"
    )
    scikit = failure.in_module("sklearn") and failure.call is not None
    if not asked and not scikit:
        return None
    from .._checks._metrics import needs_numbers, with_numbers
    from .._subject._model import subject_of

    model = failure.call.model if failure.call else None
    if model is None or not model.compiled:
        return None
    for function in (model.loss, *compiled_metrics(model)):
        if isinstance(function, FunctionType) and (what := needs_numbers(function)):
            return with_numbers(function, what, function is model.loss, subject_of(failure))
    return None


def _line_in_ops(failure: Failure) -> str:
    """Write the failing line with functions of ``keras.ops`` in place of NumPy's or TensorFlow's."""
    import keras

    line = " ".join(failure.line.split())
    same = {"concat": "concatenate", "pow": "power"}
    same |= {f"reduce_{name}": name for name in ("mean", "sum", "max", "min", "prod", "any", "all")}

    def replaced(found: re.Match[str]) -> str:
        name = same.get(found[1], found[1])
        return f"keras.ops.{name}" if hasattr(keras.ops, name) else found[0]

    new = re.sub(r"\b(?:np|numpy|tf|tensorflow)\.(?:math\.|linalg\.|nn\.)?(\w+)(?=\()", replaced, line)
    return new if new != line else "keras.ops.mean(x)  # functions of keras.ops in place of NumPy's or TensorFlow's"


RECOGNISERS = (
    never_called,
    not_built,
    duplicate_name,
    not_compiled,
    disconnected,
    no_gradient,
    reused_optimizer,
    own_classes,
    symbolic_tensor,
)
