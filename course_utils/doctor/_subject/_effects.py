"""What layers do to the numbers that pass through them: bend, scale, bound."""

from __future__ import annotations

from typing import Any

from ...network import Graph, graph_of, kind, of_keras


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
# Whatever comes in goes out with as many axes, each of its size.
KEEPS_AXES = _names(
    """
    Identity Dropout AlphaDropout GaussianNoise GaussianDropout Activation ReLU LeakyReLU PReLU ELU Softmax
    BatchNormalization LayerNormalization ActivityRegularization
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
    return getattr(function, "__name__", None) if of_keras(function) else None


def output_activation(graph: Graph, output: int) -> str | None:
    """Name the activation that an output has gone through, or None where that cannot be told."""
    for node in graph.backward(output):
        operation = node.operation
        if node.kind in _KEEPS_RANGE or (node.kind == "Activation" and activation(operation) == "linear"):
            continue
        if node.kind in ("Functional", "Sequential"):
            inner = graph_of(operation)
            return output_activation(inner, inner.outputs[0]) if inner and len(inner.outputs) == 1 else None
        return activation(operation)
    return None
