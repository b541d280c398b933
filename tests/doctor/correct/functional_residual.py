"""A residual net in the functional style."""

import keras
import numpy as np

rng = np.random.default_rng(18)
y = rng.integers(0, 3, 72)
x = rng.uniform(0, 0.4, (72, 8, 8, 3)).astype("float32")
x[np.arange(72), ..., y] += 0.5


def block(t, filters):
    shortcut = keras.layers.Conv2D(filters, 1)(t)
    t = keras.layers.Conv2D(filters, 3, padding="same", activation="relu")(t)
    t = keras.layers.Conv2D(filters, 3, padding="same")(t)
    return keras.layers.Activation("relu")(keras.layers.Add()([t, shortcut]))


inputs = keras.Input((8, 8, 3))
t = keras.layers.GlobalAveragePooling2D()(block(block(inputs, 4), 8))
model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(t))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
