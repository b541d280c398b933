"""Each example may have several labels at once: sigmoid over three units, binary cross-entropy."""

import keras
import numpy as np

rng = np.random.default_rng(8)
x = rng.normal(size=(128, 6)).astype("float32")
y = (x[:, :3] + x[:, 3:] > 0).astype("float32")

model = keras.Sequential(
    [keras.Input((6,)), keras.layers.Dense(24, activation="relu"), keras.layers.Dense(3, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["binary_accuracy"])
fit_options = {"epochs": 2}
