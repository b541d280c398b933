"""Pixels 0 to 255 as bytes; the model rescales them itself."""

import keras
import numpy as np

rng = np.random.default_rng(10)
y = rng.integers(0, 3, 90)
x = rng.integers(0, 60, (90, 10, 10, 3), dtype=np.uint8)
x[np.arange(90), :, :, y] += 150

model = keras.Sequential(
    [
        keras.Input((10, 10, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.RandomFlip("horizontal"),
        keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
