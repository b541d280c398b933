"""Small volumes, as in medical scans."""

import keras
import numpy as np

rng = np.random.default_rng(13)
y = rng.integers(0, 2, 40).astype("float32")
x = rng.uniform(0, 0.5, (40, 6, 6, 6, 1)).astype("float32") + 0.5 * y[:, None, None, None, None]

model = keras.Sequential(
    [
        keras.Input((6, 6, 6, 1)),
        keras.layers.Conv3D(4, 3, activation="relu"),
        keras.layers.MaxPool3D(2),
        keras.layers.GlobalAveragePooling3D(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "batch_size": 8}
