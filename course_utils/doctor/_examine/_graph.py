"""How a network's layers follow each other: the same steps for Sequential and functional models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

_KERAS = ("keras.", "keras_core.", "tf_keras.")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Pass their input on without bending it: what is linear before them is linear after them.
LINEAR = _names(
    """
    InputLayer Flatten Reshape Permute RepeatVector Identity Dropout SpatialDropout1D SpatialDropout2D
    SpatialDropout3D GaussianNoise BatchNormalization AveragePooling1D AveragePooling2D AveragePooling3D
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D ZeroPadding1D ZeroPadding2D
    ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D Rescaling
    Normalization Add Average Subtract Concatenate ActivityRegularization
    """
)
# Change the picture or its shape, never its scale.
KEEPS_SCALE = _names(
    """
    InputLayer Flatten Reshape Permute Identity Dropout SpatialDropout2D ZeroPadding1D ZeroPadding2D
    Cropping1D Cropping2D RandomFlip RandomRotation RandomZoom RandomTranslation RandomCrop Resizing
    CenterCrop MaxPooling2D AveragePooling2D
    """
)
# After these it no longer matters how large the numbers were.
RESCALES = _names("BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization")
SEQUENCE_READERS = _names("LSTM GRU SimpleRNN RNN Bidirectional TimeDistributed Conv1D SeparableConv1D ConvLSTM1D")
WEIGHTED = _names(
    """
    Dense EinsumDense Conv1D Conv2D Conv3D DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
    Conv1DTranspose Conv2DTranspose Conv3DTranspose
    """
)
DROPOUTS = _names("Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout")
_WITH_ACTIVATION = WEIGHTED | {"LSTM", "GRU", "SimpleRNN", "Activation"}
# An output goes through these without leaving its range.
_KEEPS_RANGE = _names(
    """
    Flatten Reshape Permute Identity Dropout Cropping1D Cropping2D Cropping3D UpSampling2D
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D Squeeze Mean Max
    """
)
_ACTIVATION_LAYERS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "LeakyReLU": "leaky_relu",
    "PReLU": "leaky_relu",
    "ELU": "elu",
    "BatchNormalization": "linear",
}


def kind(operation: Any) -> str:
    """Name the class of one of Keras' own layers or operations; of any other, say that it is "unknown"."""
    cls = type(operation)
    return cls.__name__ if f"{cls.__module__}.".startswith(_KERAS) else "unknown"


@dataclass(frozen=True)
class Step:
    """One call of a layer, with the numbers of the steps before and after it."""

    operation: Any
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Class of the layer, "unknown" if it is not Keras' own."""
        return kind(self.operation)


@dataclass(frozen=True)
class Graph:
    """The steps from inputs to outputs, in an order in which they can be taken.

    Attributes
    ----------
    steps : tuple of Step
    inputs, outputs : tuple of int
        Numbers of the steps that take each input and give each output.
    """

    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def readers(self, entry: int) -> tuple[Step, ...]:
        """List the steps that read an input first."""
        step = self.steps[entry]
        return tuple(self.steps[number] for number in step.after) if step.kind == "InputLayer" else (step,)

    def onward(self, number: int) -> Iterator[Step]:
        """Follow the steps from one of them for as long as there is only one way to go."""
        while True:
            step = self.steps[number]
            yield step
            if len(step.after) != 1:
                return
            number = step.after[0]

    def backward(self, number: int) -> Iterator[Step]:
        """Follow the steps towards the input for as long as there is only one way to go."""
        while True:
            step = self.steps[number]
            yield step
            if len(step.before) != 1:
                return
            number = step.before[0]


def graph_of(model: keras.Model) -> Graph | None:
    """Read how a model's layers follow each other.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    Graph or None
        None for a subclassed model, whose ``call`` only Python can read.
    """
    if isinstance(model, keras.Sequential):
        return _chain(list(_unfolded(model)))
    if not getattr(model, "outputs", None) or not getattr(model, "inputs", None):
        return None
    return _functional(model)


def _unfolded(model: keras.Sequential) -> Iterator[Any]:
    for layer in model.layers:
        if isinstance(layer, keras.Sequential):
            yield from _unfolded(layer)
        else:
            yield layer


def _chain(layers: list[Any]) -> Graph | None:
    if not layers:
        return None
    last = len(layers) - 1
    steps = tuple(Step(layer, (i - 1,) if i else (), (i + 1,) if i < last else ()) for i, layer in enumerate(layers))
    return Graph(steps, (0,), (last,))


def _functional(model: keras.Model) -> Graph:
    operations: list[Any] = []
    before: list[tuple[int, ...]] = []
    numbers: dict[tuple[int, int], int] = {}
    sources = {id(tensor): i for i, tensor in enumerate(model.inputs)}
    inputs = [-1] * len(model.inputs)

    # From the outputs back to the inputs, without recursion: networks are deeper than Python's stack.
    waiting = list(model.outputs)
    while waiting:
        tensor = waiting[-1]
        if _key(tensor) in numbers:
            waiting.pop()
            continue
        history = tensor._keras_history
        operation = history.operation
        came_from = [] if id(tensor) in sources else operation._inbound_nodes[history.node_index].input_tensors
        unknown = [parent for parent in came_from if _key(parent) not in numbers]
        if unknown:
            waiting += unknown
            continue
        parents = tuple(dict.fromkeys(numbers[_key(parent)] for parent in came_from))
        for part in _unfolded(operation) if isinstance(operation, keras.Sequential) else [operation]:
            operations.append(part)
            before.append(parents)
            parents = (len(operations) - 1,)
        numbers[_key(tensor)] = parents[0]
        if id(tensor) in sources:
            inputs[sources[id(tensor)]] = parents[0]
    outputs = tuple(numbers[_key(tensor)] for tensor in model.outputs)
    after: list[list[int]] = [[] for _ in operations]
    for number, parents in enumerate(before):
        for parent in parents:
            after[parent].append(number)
    steps = tuple(Step(*parts) for parts in zip(operations, before, (tuple(a) for a in after), strict=True))
    return Graph(steps, tuple(inputs), outputs)


def _key(tensor: Any) -> tuple[int, int]:
    """Which call of which layer gave a symbolic tensor."""
    history = tensor._keras_history
    return id(history.operation), history.node_index


def activation(layer: Any) -> str | None:
    """Name a layer's activation.

    Parameters
    ----------
    layer : keras.Layer

    Returns
    -------
    str or None
        "linear" for a layer that has none; None for one that cannot be told.
    """
    if kind(layer) == "TimeDistributed":
        return activation(layer.layer)
    if kind(layer) in _ACTIVATION_LAYERS:
        return _ACTIVATION_LAYERS[kind(layer)]
    if kind(layer) not in _WITH_ACTIVATION:
        return None
    function = getattr(layer, "activation", None)
    if function is None:
        return "linear"
    if kind(function) in _ACTIVATION_LAYERS:  # activation=keras.layers.LeakyReLU()
        return _ACTIVATION_LAYERS[kind(function)]
    module = f"{getattr(function, '__module__', '')}."
    return getattr(function, "__name__", None) if module.startswith(_KERAS) else None


def output_activation(graph: Graph, output: int) -> str | None:
    """Name the activation that an output has gone through, or None where that cannot be told."""
    for step in graph.backward(output):
        operation = step.operation
        if step.kind in _KEEPS_RANGE or (step.kind == "Activation" and activation(operation) == "linear"):
            continue
        if step.kind in ("Functional", "Sequential"):
            inner = graph_of(operation)
            return output_activation(inner, inner.outputs[0]) if inner and len(inner.outputs) == 1 else None
        return activation(operation)
    return None


def every_layer(model: Any) -> Iterator[Any]:
    """List a model's layers, those of models and wrappers in it too."""
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from every_layer(layer)
        if kind(layer) in ("TimeDistributed", "Bidirectional"):
            yield layer.layer if hasattr(layer, "layer") else layer.forward_layer
