"""Inputs by name, as a dictionary."""

import keras
import numpy as np

rng = np.random.default_rng(15)
x = {"size": rng.normal(size=(80, 2)), "colour": rng.integers(0, 5, (80, 1))}
y = x["size"].sum(axis=1) + x["colour"][:, 0] / 5

size, colour = keras.Input((2,), name="size"), keras.Input((1,), dtype="int32", name="colour")
embedded = keras.layers.Flatten()(keras.layers.Embedding(5, 3)(colour))
hidden = keras.layers.Dense(16, activation="relu")(keras.layers.concatenate([size, embedded]))
model = keras.Model({"size": size, "colour": colour}, keras.layers.Dense(1)(hidden))
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
fit_options = {"epochs": 2}
