"""Activations as layers, and weights drawn for them."""

import keras
import numpy as np

rng = np.random.default_rng(66)
x = rng.normal(size=(80, 5)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("float32").reshape(-1, 1)

model = keras.Sequential([keras.Input((5,))])
for units in (16, 8):
    model.add(keras.layers.Dense(units, kernel_initializer="he_normal"))
    model.add(keras.layers.LeakyReLU(negative_slope=0.1) if units == 16 else keras.layers.PReLU())
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(optimizer="adam", loss="bce", metrics=["accuracy"])
fit_options = {"epochs": 2}
