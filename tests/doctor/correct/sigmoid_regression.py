"""Targets between 0 and 1, so that a sigmoid fits a regression."""

import keras
import numpy as np

rng = np.random.default_rng(58)
x = rng.normal(size=(100, 3)).astype("float32")
y = 1 / (1 + np.exp(-x.sum(axis=1)))

model = keras.Sequential(
    [keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="mse", metrics=[keras.metrics.RootMeanSquaredError()])
fit_options = {"epochs": 2}
