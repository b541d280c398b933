"""Two outputs as a list, labels as a list."""

import keras
import numpy as np

rng = np.random.default_rng(17)
x = rng.uniform(0, 1, (64, 4)).astype("float32")
y = [(x[:, :1] > 0.5).astype("float32"), x.sum(axis=1, keepdims=True)]

inputs = keras.Input((4,))
hidden = keras.layers.Dense(16, activation="swish")(inputs)
model = keras.Model(
    inputs, [keras.layers.Dense(1, activation="sigmoid", name="a")(hidden), keras.layers.Dense(1, name="b")(hidden)]
)
model.compile(optimizer="adam", loss=["binary_crossentropy", "mse"], metrics=[["accuracy"], ["mae"]])
fit_options = {"epochs": 2}
