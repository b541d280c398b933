"""Pictures scaled to −1 … 1, strided convolutions instead of pooling, batch normalisation."""

import keras
import numpy as np

rng = np.random.default_rng(11)
y = rng.integers(0, 2, 80)
x = rng.integers(0, 100, (80, 16, 16, 3)).astype("float32")
x[y == 1, 4:12, 4:12] += 120
x = x / 127.5 - 1

model = keras.Sequential([keras.Input((16, 16, 3))])
for filters in (8, 16):
    model.add(keras.layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
    model.add(keras.layers.BatchNormalization(momentum=0.9))
    model.add(keras.layers.Activation("relu"))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "batch_size": 16}
