"""SqueezeNet 1.1, trained by its authors on the million photographs of ImageNet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ._file import arrays

if TYPE_CHECKING:
    import keras

NAME, SIZE = "squeezenet", 227
# Kernels of the 1×1 convolution that squeezes, and of each of the two that expand.
_FIRES = {2: (16, 64), 3: (16, 64), 4: (32, 128), 5: (32, 128), 6: (48, 192), 7: (48, 192), 8: (64, 256), 9: (64, 256)}
_POOLED = (3, 5)


def squeezenet() -> keras.Model:
    """Load SqueezeNet 1.1, which tells the 1,000 classes of ImageNet apart with 1,235,496 parameters.

    Its layers bear the authors' names: ``conv1``, ``fire2_squeeze1x1``, ``fire2_expand1x1``, ``fire2_expand3x3``,
    ``fire2`` (the two expanded side by side) and so on to ``fire9``, then ``conv10``.

    Returns
    -------
    keras.Model
        Not compiled. In go photographs of 227 × 227 pixels, (batch, 227, 227, 3), their channels in the order blue,
        green, red, 0 to 255 minus 103.939, 116.779 and 123.68: what
        ``keras.applications.imagenet_utils.preprocess_input(x, mode="caffe")`` makes of pixels in the usual order. Out
        come 1,000 logits, none of them negative, (batch, 1000): a softmax makes probabilities of them.

    Raises
    ------
    PretrainedError
        If the weights are missing or damaged.

    References
    ----------
    F. N. Iandola and others, "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
    https://arxiv.org/abs/1602.07360. The weights: https://github.com/forresti/SqueezeNet, version 1.1 (BSD licence).

    Examples
    --------
    >>> model = squeezenet()  # doctest: +SKIP
    >>> mean = [103.939, 116.779, 123.68]
    >>> model.predict(photos[..., ::-1] - mean).shape  # doctest: +SKIP
    (1, 1000)
    """
    weights = arrays(NAME)
    model = _network()
    for layer in model.layers:
        if layer.weights:
            parts = (weights[f"{layer.name}/{part}"] for part in ("kernel", "bias"))
            layer.set_weights([part.astype(np.float32) for part in parts])
    return model


def _network() -> keras.Model:
    import keras
    from keras import layers

    convolution = partial(layers.Conv2D, activation="relu")
    inputs = keras.Input((SIZE, SIZE, 3))
    x = convolution(64, 3, strides=2, name="conv1")(inputs)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for number, (squeezed, expanded) in _FIRES.items():
        name = f"fire{number}"
        squeeze = convolution(squeezed, 1, name=f"{name}_squeeze1x1")(x)
        ones = convolution(expanded, 1, name=f"{name}_expand1x1")(squeeze)
        threes = convolution(expanded, 3, padding="same", name=f"{name}_expand3x3")(squeeze)
        x = layers.Concatenate(name=name)([ones, threes])
        if number in _POOLED:
            # The authors' program rounds sizes up: of 56 it makes 28, and of 28 it makes 14.
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool{number}")(x)
    x = convolution(1000, 1, name="conv10")(x)
    return keras.Model(inputs, layers.GlobalAveragePooling2D(name="pool10")(x), name="squeezenet")
