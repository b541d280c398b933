"""One class in fifteen: imbalanced, and told to fit."""

import keras
import numpy as np

rng = np.random.default_rng(44)
y = (np.arange(150) % 15 == 0).astype("int32")
x = rng.normal(size=(150, 3)).astype("float32") + 2 * y[:, None]

model = keras.Sequential(
    [keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[keras.metrics.Precision(), keras.metrics.Recall()])
fit_options = {"epochs": 2, "class_weight": {0: 1.0, 1: 14.0}}
