"""The last layers thawed, and compiled again with a small learning rate, as fine-tuning wants."""

import keras
import numpy as np

rng = np.random.default_rng(42)
y = rng.integers(0, 3, 60)
x = rng.normal(size=(60, 6)).astype("float32") + np.eye(3, 6)[y]

model = keras.Sequential(
    [
        keras.Input((6,)),
        keras.layers.Dense(16, activation="relu", name="first"),
        keras.layers.Dense(16, activation="relu", name="second"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.get_layer("first").trainable = False
model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
