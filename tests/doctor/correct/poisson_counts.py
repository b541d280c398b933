"""Counts as targets, an exponential as the output."""

import keras
import numpy as np

rng = np.random.default_rng(56)
x = rng.normal(size=(100, 3)).astype("float32")
y = rng.poisson(np.exp(0.5 * x[:, 0])).astype("float32")

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="exponential")])
model.compile(optimizer="adam", loss="poisson")
fit_options = {"epochs": 2}
