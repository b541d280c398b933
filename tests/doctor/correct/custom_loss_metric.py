"""A loss and a metric written as functions with keras.ops."""

import keras
import numpy as np

rng = np.random.default_rng(21)
x = rng.uniform(-1, 1, (96, 3)).astype("float32")
y = x @ np.array([[1.0], [2.0], [-1.0]], dtype="float32")


def quantile_loss(y_true, y_pred):
    error = y_true - y_pred
    return keras.ops.mean(keras.ops.maximum(0.9 * error, -0.1 * error), axis=-1)


def within(y_true, y_pred):
    return keras.ops.cast(keras.ops.abs(y_true - y_pred) < 0.5, "float32")


model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss=quantile_loss, metrics=[within])
fit_options = {"epochs": 2}
