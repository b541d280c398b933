"""Code: loss-without-gradient

Source: keras-team/tf-keras#52 'Warn user directly when custom loss is not differentiable'; keras#10321, #11157 'No gradients provided for any variable'
True cause: The loss takes argmax (or round) of the prediction, which has no gradient.
Tutor: Use the scores themselves in the loss; count matches only in a metric.
"""

import keras
import numpy as np
from keras import ops


def mistakes(y_true, y_pred):
    return ops.mean(
        ops.cast(ops.not_equal(ops.cast(y_true, "int64"), ops.cast(ops.argmax(y_pred, axis=-1), "int64")), "float32")
    )


rng = np.random.default_rng(27)
x, y = rng.normal(size=(64, 4)).astype("float32"), np.arange(64) % 3
model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")]
)
model.compile("adam", loss=mistakes)
model.fit(x, y, epochs=2, verbose=0)
