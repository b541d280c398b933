"""What the network itself tells: compiled, built, trainable, bent, regularised, adapted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import keras
import numpy as np

from ...network import Graph, Node, all_layers, kind, optimized_variables
from .._report import Finding
from .._subject._effects import DROPOUTS, LINEAR, WEIGHTED, activation
from .._subject._model import Subject
from .._subject._program import argument_of, changed, in_line, nodes_of
from ._scale import is_application

# From here on an optimizer hardly ever trains a network: hundreds of times its default. Below `_LEAST`, nothing moves.
_MOST = {
    **dict.fromkeys(("Adam", "AdamW", "Nadam", "Adamax", "RMSprop", "Lion", "Lamb"), 0.5),
    "SGD": 5.0,
}
_USUAL = {"SGD": "0.001 to 0.1"}
_LEAST = 1e-8
_HEADS = 4  # layers that are freed one by one
_SPENT = 1e-3  # of a schedule's first rate


def not_compiled(subject: Subject) -> Iterator[Finding]:
    """``fit`` needs ``compile``, and ``compile`` a loss."""
    model = subject.model
    will_train = subject.y.form != "nothing" or subject.method in ("fit", "evaluate", "train_on_batch")
    if not model.compiled:
        if will_train:
            yield Finding(
                "not-compiled",
                "error",
                "The model is not compiled, so it has no loss and no optimizer yet.",
                "fit and evaluate need both: the loss says what is wrong with a prediction, the optimizer mends "
                "the weights.",
                f'{subject.name}.compile(optimizer="adam", loss="{a_loss_for(subject)}")',
            )
        return
    own = any(kind(layer) == "unknown" for layer in subject.layers) or subject.graph is None
    if model.loss is None and will_train and not own and not subject.has_own_training and not model.losses:
        yield Finding(
            "not-compiled",
            "error",
            "The model is compiled without a loss.",
            "Without one there is nothing to minimise: TensorFlow and torch stop with an error, on JAX the loss is "
            "0 and nothing is learned.",
            subject.recompiled(loss=f'"{a_loss_for(subject)}"'),
        )


def a_loss_for(subject: Subject) -> str:
    """Name the loss that goes with the model's last activation and the labels."""
    head = subject.head
    if head is None or head.activation in (None, "linear"):
        return "mse" if head is None or head.units in (None, 1) else "sparse_categorical_crossentropy"
    if head.activation == "sigmoid":
        return "binary_crossentropy"
    if head.target is not None and head.target.is_one_hot:
        return "categorical_crossentropy"
    return "sparse_categorical_crossentropy" if head.activation == "softmax" else "mse"


def not_built(subject: Subject) -> Iterator[Finding]:
    """Without an Input nothing is known of the shapes before the first batch; with x at hand, ``fit`` builds it."""
    model = subject.model
    if not model.built and not model.weights and subject.x.form == "nothing":
        mend = (
            f"keras.Input(shape={_shape_at_hand(subject)})  # as the first entry of the model: the shape of one example"
            if isinstance(model, keras.Sequential)
            else f"{subject.name}({subject.called[0]}[:1])  # once, before you ask for its weights"
        )
        yield Finding(
            "not-built",
            "hint",
            "The model has no weights yet: it has no Input, and no example has gone through it.",
            "Until then summary() shows no shapes, mistakes in them cannot be found, and weights cannot be counted, "
            "saved or loaded.",
            mend,
        )


def nothing_trainable(subject: Subject) -> Iterator[Finding]:
    """Every layer is frozen, or layers were frozen or freed after the optimizer had seen them."""
    model = subject.model
    if not model.compiled:
        return
    holders = [
        layer for layer in subject.layers if kind(layer) != "Normalization" and not getattr(layer, "layers", None)
    ]
    held = {id(weight): weight for layer in holders for weight in layer.weights}
    weights = [weight for weight in held.values() if "seed" not in weight.name]
    if weights and not model.trainable_weights:
        yield Finding(
            "nothing-trainable",
            "error",
            f"None of the model's {len(weights)} weight arrays is trainable: every layer is frozen.",
            "fit will run and change nothing: loss and accuracy stay as they are.",
            f"{_freed(subject)}; {compiled_again(subject)}",
        )
        return
    seen = optimized_variables(model)
    if not seen or subject.has_own_training:
        return
    now = {id(variable) for variable in model.trainable_variables}
    before = {id(variable) for variable in seen}
    if now != before and now & before:  # of another model altogether is another story
        yield Finding(
            "nothing-trainable",
            "error",
            f"{len(before)} weight arrays were trainable when the model was first trained, {len(now)} are now: layers "
            "were frozen or freed after compile.",
            "The optimizer still works on the old ones: TensorFlow may go on training what you froze, JAX stops "
            "with an error.",
            f"{compiled_again(subject)}  # again, after changing trainable",
        )


def _freed(subject: Subject) -> str:
    """Write the statements that free a frozen model, or, where some of it is borrowed, what is its own."""
    name, model = subject.name, subject.model
    own = {id(layer) for layer in all_layers(model)}
    for other, value in subject.program.values():
        if not isinstance(value, keras.Model) or value is model or not value.weights or other.startswith("_"):
            continue
        borrowed = {id(layer) for layer in (value, *all_layers(value))} & own
        heads = [i for i, layer in enumerate(model.layers) if layer.weights and id(layer) not in borrowed]
        if borrowed and heads and not model.trainable:
            return f"{name}.trainable = True; {other}.trainable = False"
        if borrowed and 0 < len(heads) <= _HEADS:
            return "; ".join(f"{name}.layers[{i - len(model.layers)}].trainable = True" for i in heads)
    # TensorFlow passes on nothing that is set to what it is already, so that layers frozen one by one would stay so.
    again = f"{name}.trainable = False; " if model.trainable else ""
    return f"{again}{name}.trainable = True"


def compiled_again(subject: Subject) -> str:
    """Write the call of ``compile`` as the program has it."""
    loss = subject.model.loss
    known = f'"{loss}"' if isinstance(loss, str) else f'"{a_loss_for(subject)}"'
    return subject.program.rewritten("compile", subject.name, f'{subject.name}.compile(optimizer="adam", loss={known})')


def _shape_at_hand(subject: Subject) -> str:
    """Shape of the examples that the program has under the usual names of inputs, or that of a row of four numbers."""
    for name in ("X", "x", "X_train", "x_train", "images", "data"):
        shape = getattr(subject.program.value_of(name), "shape", None)
        if shape is not None and len(shape) > 1:
            return str(tuple(int(size) for size in shape[1:]))
    return "(4,)"


def bent(layer: Any) -> str:
    """Write a layer with an activation."""
    config = layer.get_config()
    size = config.get("units", config.get("filters"))
    shape = f", {config['kernel_size'][0]}" if "kernel_size" in config else ""
    return f'keras.layers.{type(layer).__name__}({size}{shape}, activation="relu")  # "{layer.name}"'


def no_nonlinearity(subject: Subject) -> Iterator[Finding]:
    """Layers whose product is one layer."""
    graph = subject.graph
    if graph is None or not subject.model.compiled:
        return
    pair = _whole_is_linear(graph) or _redundant_pair(graph)
    if pair is None:
        return
    first, second = pair
    yield Finding(
        "no-nonlinearity",
        "warning",
        f'The layers "{first.name}" and "{second.name}" follow each other with no activation between them.',
        "Without one they compute no more than a single layer could: a weighted sum of weighted sums is a weighted "
        "sum.",
        bent(first),
    )


def _whole_is_linear(graph: Graph) -> tuple[Any, Any] | None:
    """Two weighted layers of a network in which nothing but the output bends."""
    weighted = [node for node in graph.nodes if node.kind in WEIGHTED]
    outputs = set(graph.outputs)
    for number, node in enumerate(graph.nodes):
        if node.kind in WEIGHTED or node.kind in ("Activation", "Softmax"):
            bends = activation(node.operation) != "linear"
            if bends and not (number in outputs or _leads_only_out(graph, node)):
                return None
        elif node.kind not in LINEAR and node.kind not in DROPOUTS:
            return None
    if len(graph.outputs) != 1:
        return None
    layers = [node.operation for node in weighted]
    return next((pair for pair in pairwise(layers) if not _is_bottleneck(*pair)), None)


def _leads_only_out(graph: Graph, node: Node) -> bool:
    """Whether nothing with weights comes after a node."""
    ahead = list(node.after)
    while ahead:
        following = graph.nodes[ahead.pop()]
        if following.kind in WEIGHTED:
            return False
        ahead.extend(following.after)
    return True


def _redundant_pair(graph: Graph) -> tuple[Any, Any] | None:
    """Two layers that one could replace: the first is linear and not narrower than what it lies between."""
    outputs = set(graph.outputs)
    for number, node in enumerate(graph.nodes):
        if node.kind not in ("Dense", "Conv2D") or activation(node.operation) != "linear" or number in outputs:
            continue
        following = list(graph.onward(number))[1:]
        skipped = {"Dropout", "Flatten", "Identity"} if node.kind == "Dense" else {"Dropout"}
        second = next((other for other in following if other.kind not in skipped), None)
        if second is None or second.kind != node.kind:
            continue
        between = following[: following.index(second)]
        if any(graph.nodes.index(other) in outputs for other in between):
            continue
        if node.kind == "Dense":
            flattened = "Flatten" in {other.kind for other in between}
            if not flattened and not _is_bottleneck(node.operation, second.operation):
                return node.operation, second.operation
        elif _is_square(node.operation) and _is_square(second.operation):
            return node.operation, second.operation
    return None


def _is_bottleneck(first: Any, second: Any) -> bool:
    """Whether a dense layer is narrower than what it lies between, as in a linear autoencoder."""
    if kind(first) != "Dense" or kind(second) != "Dense":
        return False
    kernel = getattr(first, "kernel", None) if first.built else None
    return bool(first.units < min(second.units if kernel is None else kernel.shape[0], second.units))


def _is_square(convolution: Any) -> bool:
    """Tell an ordinary convolution from half of a factorised one."""
    height, width = convolution.kernel_size
    return height == width > 1 and convolution.groups == 1


def dropout_too_high(subject: Subject) -> Iterator[Finding]:
    """Find a rate that leaves next to nothing, or dropout on the answer itself."""
    for layer in subject.layers:
        if kind(layer) in DROPOUTS and layer.rate >= 0.9:
            yield Finding(
                "dropout-too-high",
                "warning",
                f'The layer "{layer.name}" drops {layer.rate:.0%} of its inputs.',
                "Next to nothing reaches the following layer while training; usual rates are 0.1 to 0.5, and the "
                "rate is what is dropped, not what is kept.",
                f"keras.layers.{type(layer).__name__}({max(round(1 - layer.rate, 2), 0.1):g})",
            )
            return
    graph, head = subject.graph, subject.head
    if graph is None or head is None or head.loss is None:
        return
    for node in graph.backward(graph.outputs[0]):
        if node.kind in ("Dropout", "AlphaDropout") and node.operation.rate > 0:
            yield Finding(
                "dropout-too-high",
                "warning",
                f'The dropout layer "{node.operation.name}" comes after the output layer.',
                f"While training it sets {node.operation.rate:.0%} of the predictions to 0, right ones too, and the "
                "loss punishes them.",
                f"keras.layers.Dropout({node.operation.rate:g})  # before the output layer, not behind it",
            )
            return
        if node.kind not in ("Activation", "Softmax", "Flatten", "Reshape"):
            return


def learning_rate(subject: Subject) -> Iterator[Finding]:
    """Find a fixed learning rate that is far outside what the optimizer is used with."""
    optimizer = subject.model.optimizer if subject.model.compiled else None
    if optimizer is None or any(_sets_rate(callback) for callback in subject.callbacks):
        return
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    name = kind(optimizer)
    if not isinstance(optimizer.get_config().get("learning_rate"), float | int):
        yield from _schedule(subject, optimizer)
        return
    rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    usual = _USUAL.get(name, "0.0001 to 0.01")
    fix = f"keras.optimizers.{name}(learning_rate={0.01 if name == 'SGD' else 0.001})"
    if rate >= _MOST.get(name, np.inf):
        yield Finding(
            "learning-rate",
            "warning",
            f"The learning rate of {name} is {rate:g}; usual rates are {usual}.",
            "Steps this large jump over every minimum: the loss stays high, or becomes infinite.",
            fix,
        )
    elif rate < _LEAST and name in _MOST:
        yield Finding(
            "learning-rate",
            "warning",
            f"The learning rate of {name} is {rate:g}; usual rates are {usual}.",
            "Steps this small leave the weights where they are.",
            fix,
        )


def _slower(schedule: Any, steps: int) -> str:
    """Write a schedule that takes a number of batches for each of its steps."""
    config = {key: value for key, value in schedule.get_config().items() if value is not None and key != "name"}
    for key in ("decay_steps", "first_decay_steps", "warmup_steps", "boundaries"):
        if key in config:
            value = config[key]
            config[key] = [each * steps for each in value] if isinstance(value, list | tuple) else value * steps
    given = ", ".join(f"{key}={value!r}" for key, value in config.items())
    return f"keras.optimizers.schedules.{type(schedule).__name__}({given})"


def _schedule(subject: Subject, optimizer: Any) -> Iterator[Finding]:
    """Find a schedule that counts epochs, where Keras counts batches."""
    steps, epochs = _steps(subject), subject.options.get("epochs") or 1
    told = optimizer.get_config()["learning_rate"]
    if not isinstance(told, dict) or steps < 2 or epochs < 3:
        return
    schedule = keras.optimizers.schedules.deserialize(told)
    first, then = (float(keras.ops.convert_to_numpy(schedule(step))) for step in (0, steps))
    if first <= 0 or then > _SPENT * first:
        return
    name = type(schedule).__name__
    fix = f"{_slower(schedule, steps)}  # {steps} batches are an epoch"
    for call in subject.program.calls(name):
        given = argument_of(call, "decay_steps") or (call.args[1] if len(call.args) > 1 else None)
        if given is not None:
            new = ast.parse(f"{in_line(given)} * {steps}", mode="eval").body
            in_place = any(word.arg == "decay_steps" for word in call.keywords)
            mended = (
                changed(call, (), {"decay_steps": in_line(new)})
                if in_place
                else ast.Call(call.func, [call.args[0], new, *call.args[2:]], call.keywords)
            )
            fix = f"{in_line(mended)}  # {steps} batches are an epoch"
            break
    yield Finding(
        "learning-rate",
        "warning",
        f"{name} takes the learning rate from {first:.2g} to {then:.2g} within the first of {epochs} epochs.",
        f"A schedule counts batches, and an epoch has {steps} of them: after the first one hardly anything is learned.",
        fix,
    )


def _steps(subject: Subject) -> int:
    """Batches of an epoch; 0 where nobody knows."""
    if subject.is_tensorflow_data:
        return max(int(subject.given[0].cardinality()), 0)
    parts = subject.x.parts
    if not parts or not parts[0].whole or parts[0].values.ndim < 1:
        return 0
    examples = len(parts[0].values) * (1 - float(subject.options.get("validation_split") or 0))
    return int(examples) // int(subject.options.get("batch_size") or 32)


def _sets_rate(callback: Any) -> bool:
    return kind(callback) in ("LearningRateScheduler", "unknown")


def normalization_not_adapted(subject: Subject) -> Iterator[Finding]:
    """Find a Normalization layer that has never seen data."""
    # Those of trained networks have their numbers from the weights, or are to let through what comes.
    inside = [model for model in (subject.model, *subject.layers) if is_application(model)]
    theirs = {id(layer) for model in inside for layer in model.layers}
    for layer in subject.layers:
        if kind(layer) != "Normalization" or layer.input_mean is not None or id(layer) in theirs:
            continue
        mean, variance = getattr(layer, "adapt_mean", None), getattr(layer, "adapt_variance", None)
        if mean is not None and variance is not None:
            mean, variance = (keras.ops.convert_to_numpy(weight) for weight in (mean, variance))
            if np.any(mean != 0) or np.any(variance != 1):
                continue
        yield Finding(
            "normalization-not-adapted",
            "error",
            f'The Normalization layer "{layer.name}" was never adapted, so it has no means and standard deviations.',
            "It lets every feature through unchanged, without a word.",
            f"{subject.program.name_of(layer, 'normalization')}.adapt({subject.called[0]})  # before the model is "
            "built with it",
        )


def input_unused(subject: Subject) -> Iterator[Finding]:
    """Find an input that leads to no output, as where a line was copied and its input not changed."""
    graph = subject.graph
    if graph is None or len(graph.inputs) < 2:
        return
    names = [subject.program.name_of(tensor, tensor.name) for tensor in subject.model.inputs]
    for name, start in zip(names, graph.inputs, strict=True):
        node = graph.nodes[start]
        if node.kind != "InputLayer" or node.after or start in graph.outputs:
            continue
        others = [other for other in names if other != name]
        yield Finding(
            "input-unused",
            "warning",
            f"The input {name} leads to no output.",
            "Whatever stands in it, the model answers the same: it might as well not be there.",
            _copied_line(subject, others, name)
            or _copied_branch(subject, others, name)
            or _without(subject, names, name),
        )


def _copied_line(subject: Subject, others: list[str], unused: str) -> str:
    """Write the last of the lines that give the same input to a layer with the input that has none."""
    for scope in subject.program.scopes:
        for other in others:
            lines = [
                (node.lineno, node.targets, node.value)
                for node in nodes_of(scope)
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and isinstance(node.value.func, ast.Call)
                and [ast.unparse(argument) for argument in node.value.args] == [other]
            ]
            if len(lines) > 1:
                _, targets, call = max(lines, key=lambda line: line[0])
                call = ast.Call(call.func, [ast.Name(unused)], call.keywords)
                return in_line(ast.Assign(targets, call, lineno=1))
    return ""


def _copied_branch(subject: Subject, others: list[str], unused: str) -> str:
    """Write the first line of a branch that begins with what another branch has made, with the unused input."""
    for scope in subject.program.scopes:
        made = set(others)
        nodes = list(nodes_of(scope))
        joined = {
            word.id
            for node in nodes
            if isinstance(node, ast.List | ast.Tuple)
            for word in node.elts
            if isinstance(word, ast.Name) and isinstance(word.ctx, ast.Load)
        }
        for node in nodes:
            if not isinstance(node, ast.Assign) or not _calls_on_name(node):
                continue
            target, call = ast.unparse(node.targets[0]), node.value
            assert isinstance(call, ast.Call)
            given = in_line(call.args[0])
            if target not in made and given in made and given not in others and {target, given} <= joined:
                call = ast.Call(call.func, [ast.Name(unused)], call.keywords)
                return in_line(ast.Assign(node.targets, call, lineno=1))
            if given in made:
                made.add(target)
    return ""


def _calls_on_name(node: ast.Assign) -> bool:
    call = node.value
    of_layer = isinstance(call, ast.Call) and isinstance(call.func, ast.Call) and len(call.args) == 1
    return of_layer and isinstance(call, ast.Call) and isinstance(call.args[0], ast.Name)


def _without(subject: Subject, inputs: list[str], unused: str) -> str:
    """Write the line that makes the model, without one of its inputs."""
    kept = f"[{', '.join(name for name in inputs if name != unused)}]"
    note = "  # and leave its numbers out of the data, too"
    for call in subject.program.calls("Model"):
        given = argument_of(call, "inputs")
        if given is None or not {*inputs} <= {word.id for word in ast.walk(given) if isinstance(word, ast.Name)}:
            continue  # another model
        return in_line(changed(call, (), {"inputs": kept})) + note
    return f"keras.Model({kept}, outputs){note}"


CHECKS = (
    not_compiled,
    not_built,
    input_unused,
    nothing_trainable,
    no_nonlinearity,
    dropout_too_high,
    learning_rate,
    normalization_not_adapted,
)
