"""Sorted data without a validation split: fit shuffles them itself."""

import keras
import numpy as np

rng = np.random.default_rng(61)
y = np.repeat([0, 1], 40)
x = rng.normal(size=(80, 4)).astype("float32") + 2 * y[:, None]

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
