"""Code: loss-not-finite

Source: mkocabas/focal-loss-keras#24, keras-team/keras#5733 'Custom loss always returns NaN'
True cause: A hand-written loss takes log of a prediction that reaches exactly 0 or 1.
Tutor: Clip: p = ops.clip(p, 1e-7, 1 - 1e-7); or keras.losses.BinaryFocalCrossentropy().
"""

import numpy as np
import tensorflow as tf
from tensorflow import keras


def focal(y_true, y_pred, gamma=2.0):
    return -tf.reduce_mean(
        y_true * (1 - y_pred) ** gamma * tf.math.log(y_pred) + (1 - y_true) * y_pred**gamma * tf.math.log(1 - y_pred)
    )


rng = np.random.default_rng(17)
x = (300 * rng.normal(size=(200, 5))).astype("float32")
y = (x[:, :1] > 0).astype("float32")
model = keras.Sequential(
    [keras.Input((5,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", loss=focal, metrics=["accuracy"])
history = model.fit(x, y, epochs=6, verbose=0)
print(history.history["loss"])
