"""How large the numbers are: pixels between 0 and 1 once, features and targets within sight of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from ...network import Graph, Node, graph_of, kind, leaf_layers, run_model, watched, without_gradients
from .._report import Finding
from .._subject._data import Data
from .._subject._effects import KEEPS_SCALE, RESCALES, WEIGHTED
from .._subject._model import Subject
from .._subject._program import function_tree, in_line

_FEW = 64  # columns; a flattened picture has more
# Kilometres beside metres, years beside shares: such tables still train. Beyond these the first steps go astray.
_UNLIKE = 1000.0  # times the scale of another feature
_LARGE = 10_000.0  # standard deviation of one
_STEEP = 100.0  # of 2, from where gradient descent on a linear unit diverges
_FAR = 1000.0  # a target of this size is thousands of steps away from the first predictions, which lie near 0
_FAR_FOR_BOUNDED = 50.0  # the same behind layers whose outputs lie between -1 and 1
_BOUNDED = frozenset({"LSTM", "GRU", "SimpleRNN", "Bidirectional"})
_MANY = 20  # examples: the spread of fewer may be chance
_SAMPLE = 2  # pictures that go through a subclassed model


@dataclass(frozen=True)
class Body:
    """A trained network of ``keras.applications``: the module that made it, and the pixels that it takes."""

    module: str
    takes: str


_SYMMETRIC, _CENTRED = "pixels from -1 to 1", "pixels from 0 to 255 less their mean"
# Layers that only this network has; those that scale pixels themselves are known by doing so.
_BODIES = (
    ("block2_sepconv1", Body("xception", _SYMMETRIC)),
    ("block1_conv1", Body("vgg16", _CENTRED)),
    ("conv2_block1_preact_bn", Body("resnet_v2", _SYMMETRIC)),
    ("conv2_block1_concat", Body("densenet", "pixels divided by 255 and standardised")),
    ("conv2_block1_1_conv", Body("resnet", _CENTRED)),
    ("expanded_conv_depthwise", Body("mobilenet_v2", _SYMMETRIC)),
    ("conv_dw_1", Body("mobilenet", _SYMMETRIC)),
    ("mixed0", Body("inception_v3", _SYMMETRIC)),
    ("mixed_5b", Body("inception_resnet_v2", _SYMMETRIC)),
    ("stem_conv1", Body("nasnet", _SYMMETRIC)),
)


def is_application(model: Any) -> bool:
    """Whether a model is one of ``keras.applications``, whatever it is called."""
    names = {layer.name for layer in getattr(model, "layers", ())}
    return bool(names & {name for name, _ in _BODIES}) or any(
        name == "stem_conv" or name.endswith("prestem_normalization") for name in names
    )


def scale(subject: Subject) -> Iterator[Finding]:
    """Find pixels and features of a scale that the first layers were not made for."""
    graph = subject.graph
    if graph is None:
        yield from _subclassed(subject)
        return
    if subject.x.form == "list" or len(graph.inputs) != len(subject.x.parts):
        return
    for number, (start, data) in enumerate(zip(graph.inputs, subject.x.parts, strict=True)):
        if not data.is_numeric or data.bad or not data.rows.size:
            continue
        if subject.entries and not subject.fits(subject.entries[number], data):
            continue
        yield from _on_the_way(subject, data, graph, start)


def _on_the_way(subject: Subject, data: Data, graph: Graph, start: int) -> Iterator[Finding]:
    """Follow the numbers through what only scales them, to the first layer with weights, models inside included."""
    low, high = data.low, data.high
    scaled = False
    indifferent = any(node.kind in RESCALES for node in graph.nodes)
    for node in _way(graph, start):
        operation = node.operation
        if node.kind in KEEPS_SCALE:
            continue
        if node.kind == "Rescaling":
            factor, offset = (np.asarray(value, float) for value in (operation.scale, operation.offset))
            tiny = float(np.abs(factor).max()) <= 0.01
            if tiny and -1 <= low < high <= 1 and (scaled or data.values.dtype.kind == "f"):
                if scaled or _looks_like_pictures(data):
                    yield _twice(data, operation, low, high, scaled)
                return
            low, high, scaled = float((low * factor + offset).min()), float((high * factor + offset).max()), True
            continue
        if node.kind == "Normalization":
            yield from _normalized(subject, data, operation, low, high, scaled)
            return
        body = body_of(operation)
        if body is not None:
            yield from _for_body(subject, data, operation, body, low, high)
            return
        if node.kind in WEIGHTED and not scaled and not indifferent and not is_application(subject.model):
            yield from _pixels(data)
            if node.kind == "Dense":
                yield from _features(data, _too_steep(subject, data))
        return


def _normalized(subject: Subject, data: Data, layer: Any, low: float, high: float, scaled: bool) -> Iterator[Finding]:
    """Find what is scaled already before a layer that brings other numbers, or has learned them, scales it."""
    mean, variance = (getattr(layer, name, None) for name in ("mean", "variance"))
    if mean is None or variance is None:
        return
    mean, variance = (np.asarray(keras.ops.convert_to_numpy(value), float).ravel() for value in (mean, variance))
    if layer.input_mean is not None:
        if np.max(np.abs(mean)) > 50 and -1 <= low < high <= 1 and _looks_like_pictures(data):
            yield _twice(data, layer, low, high, scaled)
        return
    if scaled or data.of or data.values.ndim != 2 or mean.size != data.shape[1] or len(data.rows) < _MANY:
        return
    spread = data.rows.std(axis=0, dtype=float)
    after = float(np.median(spread / np.sqrt(np.maximum(variance, 1e-12))))
    standard = np.median(np.abs(data.rows.mean(axis=0, dtype=float))) < 0.5 and 0.5 < np.median(spread) < 2
    if standard and after < 0.1:
        yield Finding(
            "input-scaled-twice",
            "warning",
            f'{data.name} has the mean 0 and the spread 1 already, and the layer "{layer.name}" was adapted to other '
            f"numbers: what leaves it has a spread of {after:.2g}.",
            "To the network all examples are nearly the same: it learns slowly or not at all.",
            f"{subject.program.name_of(layer, 'normalization')}.adapt({data.name})  # to what fit gets; or leave out "
            "one of the two",
        )


def _way(graph: Graph, start: int) -> Iterator[Node]:
    """Go onward, into the models inside that are not themselves of ``keras.applications`` with weights to be met."""
    for node in graph.onward(start):
        inner = graph_of(node.operation) if node.kind in ("Functional", "Sequential") else None
        if inner is not None and len(inner.inputs) == 1 and body_of(node.operation) is None:
            yield from _way(inner, inner.inputs[0])
            return
        yield node


def body_of(model: Any) -> Body | None:
    """Which trained network a model inside is, if it leaves the scaling of pixels to others."""
    layers = getattr(model, "layers", None) or ()
    if len(layers) < 15 or any(kind(layer) in ("Rescaling", "Normalization") for layer in layers[:6]):
        return None
    names = {layer.name for layer in layers}
    return next((body for name, body in _BODIES if name in names), None)


def _is_trained(subject: Subject, model: Any) -> bool:
    """Whether a model inside brings weights along: it is frozen, or its batch norms have seen data before training."""
    if not model.trainable:
        return True
    optimizer = subject.model.optimizer if subject.model.compiled else None
    if optimizer is not None and int(keras.ops.convert_to_numpy(optimizer.iterations)) > 0:
        return False
    norm = next((layer for layer in model.layers if kind(layer) == "BatchNormalization"), None)
    return norm is not None and bool(np.any(keras.ops.convert_to_numpy(norm.moving_mean)))


def _for_body(subject: Subject, data: Data, model: Any, body: Body, low: float, high: float) -> Iterator[Finding]:
    raw = low >= 0 and 100 < high <= 255
    unit = low >= 0 and 0.5 < high <= 1
    wrong = (raw and body.takes != _CENTRED) or (unit and body.takes == _CENTRED)
    if not wrong or len(data.shape) != 4 or not _is_trained(subject, model):
        return
    prepare = f"keras.applications.{body.module}.preprocess_input"
    times = "" if raw else " * 255"
    yield Finding(
        "input-not-scaled",
        "warning",
        f'The trained network "{model.name}" takes {body.takes}, but gets them from {low:.3g} to {high:.3g}.',
        "Its weights were trained on pixels prepared in one way. Prepared in another, its filters see hardly anything "
        "that they know.",
        data.mended(f"{prepare}({{}}{times})"),
    )


def _twice(data: Data, layer: Any, low: float, high: float, scaled: bool) -> Finding:
    name = layer.name
    leave_out = f'# leave out the other layer that scales, and keep "{name}"'
    factor = float(np.max(np.abs(np.asarray(getattr(layer, "scale", 1 / 255)))))
    already = "Scaled by a layer before, the" if scaled else "The"
    return Finding(
        "input-scaled-twice",
        "warning",
        f"{already} pixels in {data.name} lie between {low:.3g} and {high:.3g}, and the layer "
        f'"{name}" divides them by {1 / factor:.4g} once more.',
        "To the network all pictures are nearly the same: it learns slowly or not at all.",
        leave_out if scaled else data.mended("({} + 1) * 127.5" if low < 0 else "{} * 255"),
    )


def _subclassed(subject: Subject) -> Iterator[Finding]:
    """Ask a model that only Python can read: what reaches its first layer, or what its code says."""
    parts = subject.x.parts
    if len(parts) != 1 or not parts[0].is_numeric or parts[0].bad or not parts[0].rows.size:
        return
    data = parts[0]
    if _looks_like_pictures(data) and data.values.dtype.kind == "f" and -1 <= data.low < data.high <= 1:
        if (layer := _scales_first(subject)) is not None:
            yield _twice(data, layer, data.low, data.high, scaled=False)
        return
    if not any(_pixels(data)) or any(kind(layer) in RESCALES | {"Normalization"} for layer in subject.layers):
        return
    if _reaches_a_layer_unscaled(subject, data):
        yield from _pixels(data)


def _scales_first(subject: Subject) -> Any:
    """Find the layer that divides the input in the code of ``call`` before anything else is done with it."""
    tree = function_tree(type(subject.model).call)
    if not isinstance(tree, ast.FunctionDef) or len(tree.args.args) < 2:
        return None
    given = tree.args.args[1].arg
    own = {f"self.{name}": _first_of(layer) for name, layer in vars(subject.model).items()}
    uses = [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and given in [ast.unparse(argument) for argument in call.args]
    ]
    first = min(uses, key=lambda call: (call.lineno, call.col_offset), default=None)
    layer: Any = own.get(ast.unparse(first.func)) if first is not None else None
    if first is None or kind(layer) != "Rescaling" or float(np.abs(np.asarray(layer.scale, float)).max()) > 0.01:
        return None
    # What is done to it before that call, x * 255 for one, is not this layer's doing.
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AugAssign)]
    return None if any(node.lineno < first.lineno and given in in_line(node) for node in assigned) else layer


def _first_of(layer: Any) -> Any:
    """Return the layer of a Sequential that gets its input first, or what is no Sequential itself."""
    while isinstance(layer, keras.Sequential) and layer.layers:
        layer = layer.layers[0]
    return layer


def _reaches_a_layer_unscaled(subject: Subject, data: Data) -> bool:
    model = subject.model
    if not model.built or not model.weights:
        if any(kind(layer) in ("Rescaling", "Lambda", "unknown") for layer in subject.layers) or not subject.layers:
            return False
        tree = function_tree(type(model).call)
        return tree is not None and not any(
            word in in_line(tree) for word in ("/", "*", "255", "scal", "process", "norm")
        )
    seen: list[float] = []

    def see(layer: Any, args: tuple[Any, ...], output: Any) -> Any:
        if kind(layer) in WEIGHTED and args and not seen:
            seen.append(float(np.max(keras.ops.convert_to_numpy(args[0]))))
        return output

    rows = data.values[:_SAMPLE].astype("float32")
    with watched(leaf_layers(model), see), without_gradients():
        run_model(model, keras.ops.convert_to_tensor(rows))
    return bool(seen) and seen[0] > 100


def _pixels(data: Data) -> Iterator[Finding]:
    pictures = _looks_like_pictures(data)
    if pictures and data.values.dtype.kind == "f" and data.low >= 0 and 0 < data.high <= 1 / 250:
        yield Finding(
            "input-scaled-twice",
            "warning",
            f"The greatest pixel in {data.name} is {data.high:.2g}: it seems to have been divided by 255 twice.",
            "To the network all pictures are nearly the same: it learns slowly or not at all.",
            data.mended("{} * 255") + "  # or run the cell that divides only once",
        )
    elif data.low >= 0 and 100 < data.high <= 255 and (pictures or _looks_like_flat_pictures(data)):
        yield Finding(
            "input-not-scaled",
            "warning",
            f"The pixels in {data.name} run from {data.low:.3g} to {data.high:.3g}, and nothing in the model "
            "rescales them.",
            "Inputs this large make the first losses huge and the training slow or unsteady; 0 to 1 suits every "
            "default.",
            data.mended("{} / 255"),
        )


def _looks_like_pictures(data: Data) -> bool:
    shape = data.shape
    if len(shape) == 4:
        return shape[-1] in (1, 3, 4) and min(shape[1:3]) >= 8
    return len(shape) == 3 and min(shape[1:]) >= 8 and (shape[1] == shape[2] or data.values.dtype == np.uint8)


def _looks_like_flat_pictures(data: Data) -> bool:
    return data.values.ndim == 2 and data.shape[1] >= _FEW and data.low == 0 and data.is_integral and data.high >= 200


def _too_steep(subject: Subject, data: Data) -> str:
    """Say that plain gradient descent leaps over the minimum, where it is sure to with features this large.

    A step of rate r changes a linear unit's answers by r times the sum of its squared features times their error; from
    2 on each step makes them worse.
    """
    optimizer = subject.model.optimizer if subject.model.compiled else None
    if kind(optimizer) != "SGD" or data.values.ndim != 2 or _looks_like_flat_pictures(data):
        return ""
    if any(getattr(optimizer, name, None) for name in ("clipnorm", "clipvalue", "global_clipnorm")):
        return ""
    times = _steps(subject) * float(np.mean(np.sum(np.square(data.rows.astype("float64")), axis=1)))
    if times < _STEEP:
        return ""
    return f"The features of {data.name} reach {np.abs(data.rows).max():,.6g}, and SGD takes steps in proportion."


def _features(data: Data, steep: str = "") -> Iterator[Finding]:
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
    elif steep:
        seen = steep
    else:
        return
    yield Finding(
        "input-not-scaled",
        "warning",
        seen,
        "The largest one drowns the others, and the first steps of training go far astray.",
        data.mended("({} - {}.mean(axis=0)) / {}.std(axis=0)") + "  # with the training data's mean and std, everywhere"
        if not data.of
        else "keras.layers.BatchNormalization()  # as the first layer",
    )


def target_scale(subject: Subject) -> Iterator[Finding]:
    """Find a target that lies far from the first predictions, which are near 0."""
    head, target, graph = subject.head, subject.target, subject.graph
    if head is None or target is None or head.loss is None or head.loss.kind != "regression" or target.bad:
        return
    if graph is None or head.activation not in ("linear", "relu", "softplus") or "percentage" in head.loss.name.lower():
        return
    last = graph.nodes[graph.outputs[0]]
    size = float(np.sqrt(np.mean(np.square(target.rows.astype("float64")))))
    before = next((node.kind for node in list(graph.backward(graph.outputs[0]))[1:] if node.kind != "Dropout"), "")
    far = _FAR_FOR_BOUNDED if before in _BOUNDED else _FAR
    if last.kind != "Dense" or size <= far or _starts_there(last.operation, size) or _steps(subject) > 0.05:
        return
    y = target.name
    fix = (
        f"y_mean, y_std = {y}.mean(), {y}.std(); {y} = ({y} - y_mean) / y_std  # and back: prediction * y_std + y_mean"
    )
    if target.of:
        fix = target.mended(f"{{}} / {10.0 ** np.floor(np.log10(size)):g}") + "  # and multiply the predictions by it"
    yield Finding(
        "target-not-scaled",
        "warning",
        f"The targets in {y} are about {size:,.4g} in size, and the first predictions lie near 0.",
        "Each step changes a weight by about the learning rate, so that it takes thousands of them only to get there; "
        "meanwhile always answering the mean would be better."
        if before not in _BOUNDED
        else f"The outputs of {before} lie between -1 and 1, so the last layer's weights would have to grow that "
        "large; until then the model answers nearly the same to everything.",
        fix,
    )


def _starts_there(layer: Any, size: float) -> bool:
    """Whether its bias, or a scale that the user gave it, already lies near the targets."""
    bias = getattr(layer, "bias", None)
    return bias is not None and float(np.max(np.abs(keras.ops.convert_to_numpy(bias)))) > 0.1 * size


def _steps(subject: Subject) -> float:
    optimizer = subject.model.optimizer if subject.model.compiled else None
    rate = optimizer.get_config().get("learning_rate") if optimizer is not None else 0.0
    return float(rate) if isinstance(rate, float | int) else 0.0


CHECKS = (scale, target_scale)
