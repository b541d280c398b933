"""A weight for each example."""

import keras
import numpy as np

rng = np.random.default_rng(45)
x = rng.normal(size=(80, 3)).astype("float32")
y = x.sum(axis=1)

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse", weighted_metrics=["mae"])
fit_options = {"epochs": 2, "sample_weight": np.where(y > 0, 2.0, 1.0)}
