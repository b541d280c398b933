"""Half precision inside, a float32 output."""

import keras
import numpy as np

rng = np.random.default_rng(43)
x = rng.normal(size=(64, 8)).astype("float32")
y = (x[:, 0] > 0).astype("int32")

model = keras.Sequential(
    [
        keras.Input((8,)),
        keras.layers.Dense(16, activation="relu", dtype="mixed_float16"),
        keras.layers.Dense(2, activation="softmax", dtype="float32"),
    ]
)
model.compile(
    optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
fit_options = {"epochs": 2}
