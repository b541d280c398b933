"""Models inside models, and a layer used twice."""

import keras
import numpy as np

rng = np.random.default_rng(63)
x = rng.uniform(-1, 1, (80, 6)).astype("float32")
y = np.abs(x[:, :3] - x[:, 3:]).sum(axis=1)

half = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, activation="relu")], name="half")
inputs = keras.Input((6,))
left, right = half(inputs[:, :3]), half(inputs[:, 3:])
model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Subtract()([left, right]) ** 2))
model.compile(optimizer="adam", loss="mse")
fit_options = {"epochs": 2}
