"""Four measurements, three classes, integer labels."""

import keras
import numpy as np

rng = np.random.default_rng(0)
y = rng.integers(0, 3, 120)
x = rng.normal(size=(120, 4)) + np.eye(3, 4)[y] * 3

model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "batch_size": 16, "validation_split": 0.2}
