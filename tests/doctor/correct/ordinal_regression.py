"""Ordered grades 0 to 3 as three questions "is it more than k?", each a sigmoid."""

import keras
import numpy as np

rng = np.random.default_rng(49)
x = rng.normal(size=(100, 2)).astype("float32")
grade = np.digitize(x[:, 0] + x[:, 1], [-1, 0, 1])
y = (grade[:, None] > np.arange(3)).astype("float32")

model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy")
fit_options = {"epochs": 2}
