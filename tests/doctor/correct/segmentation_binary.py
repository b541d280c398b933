"""A mask of zeros and ones: one sigmoid map, as in a U-net."""

import keras
import numpy as np

rng = np.random.default_rng(53)
y = np.zeros((40, 8, 8, 1), "float32")
for mask in y:
    row, column = rng.integers(0, 5, 2)
    mask[row : row + 4, column : column + 4] = 1
x = (0.6 * y + rng.uniform(0, 0.4, y.shape)).astype("float32")

inputs = keras.Input((8, 8, 1))
down = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
middle = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(keras.layers.MaxPooling2D()(down))
up = keras.layers.concatenate([down, keras.layers.UpSampling2D()(middle)])
model = keras.Model(inputs, keras.layers.Conv2D(1, 1, activation="sigmoid")(up))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
