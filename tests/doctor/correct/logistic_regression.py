"""One unit, sigmoid, binary cross-entropy, K = 2."""

import keras
import numpy as np

rng = np.random.default_rng(5)
x = rng.normal(size=(128, 5)).astype("float32")
y = (x @ np.array([1, -2, 0.5, 0, 1]) > 0).astype("float32")

model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()])
fit_options = {"epochs": 2}
