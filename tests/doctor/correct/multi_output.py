"""A class and a number from the same features: two heads, two losses."""

import keras
import numpy as np

rng = np.random.default_rng(16)
x = rng.normal(size=(96, 6)).astype("float32")
y = {"kind": (x[:, 0] > 0).astype("int32") + (x[:, 1] > 0), "size": x[:, 2:3] * 2}

inputs = keras.Input((6,))
hidden = keras.layers.Dense(24, activation="relu")(inputs)
kind = keras.layers.Dense(3, activation="softmax", name="kind")(hidden)
size = keras.layers.Dense(1, name="size")(hidden)
model = keras.Model(inputs, {"kind": kind, "size": size})
model.compile(
    optimizer="adam",
    loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
    loss_weights={"kind": 1.0, "size": 0.5},
    metrics={"kind": ["accuracy"]},
)
fit_options = {"epochs": 2}
