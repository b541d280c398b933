"""A loss that is negative by its nature: −1 is perfect."""

import keras
import numpy as np

rng = np.random.default_rng(51)
x = rng.normal(size=(80, 5)).astype("float32")
y = (x @ rng.normal(size=(5, 3))).astype("float32")

model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3)])
model.compile(optimizer="adam", loss=keras.losses.CosineSimilarity())
fit_options = {"epochs": 3}
