"""A convolutional autoencoder that removes noise."""

import keras
import numpy as np

rng = np.random.default_rng(38)
y = np.zeros((60, 8, 8, 1), "float32")
for image in y:
    image[rng.integers(0, 8)] = 1
x = np.clip(y + rng.normal(0, 0.2, y.shape), 0, 1).astype("float32")

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        keras.layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
        keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="mse")
fit_options = {"epochs": 2}
