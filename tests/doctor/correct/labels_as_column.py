"""Labels of shape (n, 1), which Keras understands as well, and a few classes more than a handful."""

import keras
import numpy as np

rng = np.random.default_rng(62)
y = rng.integers(0, 10, (200, 1))
x = rng.normal(size=(200, 10)).astype("float32") + 2 * np.eye(10, dtype="float32")[y[:, 0]]

model = keras.Sequential(
    [keras.Input((10,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
