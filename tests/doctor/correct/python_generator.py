"""A generator that never ends, with steps_per_epoch."""

import keras
import numpy as np


def batches():
    rng = np.random.default_rng(27)
    while True:
        x = rng.normal(size=(16, 3)).astype("float32")
        yield x, (x[:, :1] > 0).astype("float32")


model = keras.Sequential(
    [keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
x, y = batches(), None
fit_options = {"epochs": 2, "steps_per_epoch": 4}
