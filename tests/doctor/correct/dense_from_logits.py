"""No activation on the output, and a loss that knows it."""

import keras
import numpy as np

rng = np.random.default_rng(2)
x = rng.uniform(-1, 1, (160, 2)).astype("float32")
y = (np.arctan2(x[:, 0], x[:, 1]) // (2 * np.pi / 3) + 2).astype("int32") % 3

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(24, activation="tanh"), keras.layers.Dense(3)])
model.compile(
    optimizer=keras.optimizers.AdamW(3e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
fit_options = {"epochs": 2}
