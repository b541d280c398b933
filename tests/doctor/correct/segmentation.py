"""A class for each pixel: a softmax over three maps, labels as three maps of zeros and ones."""

import keras
import numpy as np

rng = np.random.default_rng(52)
classes = np.repeat(np.repeat(rng.integers(0, 3, (40, 4, 4)), 2, axis=1), 2, axis=2)
x = (classes / 2 * 0.8 + rng.uniform(0, 0.2, classes.shape))[..., None].astype("float32")
y = keras.utils.to_categorical(classes, 3)

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2DTranspose(8, 2, strides=2, activation="relu"),
        keras.layers.Conv2D(3, 1, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
