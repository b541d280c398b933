"""Small pictures in 0 to 1, a convolutional net as for MNIST."""

import keras
import numpy as np

rng = np.random.default_rng(9)
y = rng.integers(0, 4, 96)
x = rng.uniform(0, 0.3, (96, 12, 12, 1)).astype("float32")
for image, label in zip(x, y, strict=True):
    image[3 * label : 3 * label + 3] += 0.7

model = keras.Sequential(
    [
        keras.Input((12, 12, 1)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(4, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "validation_split": 0.25}
