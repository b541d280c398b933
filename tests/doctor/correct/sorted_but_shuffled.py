"""Data that came class by class, shuffled before validation_split takes their end."""

import keras
import numpy as np

rng = np.random.default_rng(60)
y = np.repeat([0, 1, 2], 40)
x = rng.normal(size=(120, 4)).astype("float32") + np.eye(3, 4, dtype="float32")[y] * 2
order = rng.permutation(len(x))
x, y = x[order], y[order]

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(12, activation="relu"), keras.layers.Dense(3, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "validation_split": 0.25}
