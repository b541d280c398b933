"""Waves of two frequencies, told apart by a one-dimensional convolution."""

import keras
import numpy as np

rng = np.random.default_rng(12)
y = rng.integers(0, 2, 100)
t = np.linspace(0, 1, 64)
x = np.sin(2 * np.pi * ((3 + 5 * y)[:, None] * t + rng.uniform(0, 1, (100, 1))))[..., None].astype("float32")

model = keras.Sequential(
    [
        keras.Input((64, 1)),
        keras.layers.Conv1D(8, 7, activation="relu"),
        keras.layers.MaxPooling1D(2),
        keras.layers.Conv1D(8, 5, activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
