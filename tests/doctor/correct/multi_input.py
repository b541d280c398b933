"""A picture and a row of features, given as a list."""

import keras
import numpy as np

rng = np.random.default_rng(14)
y = rng.integers(0, 2, 64)
pictures = (rng.uniform(0, 0.5, (64, 8, 8, 1)) + 0.5 * y[:, None, None, None]).astype("float32")
features = rng.normal(size=(64, 3)).astype("float32")

picture, row = keras.Input((8, 8, 1)), keras.Input((3,))
seen = keras.layers.Flatten()(keras.layers.Conv2D(4, 3, activation="relu")(picture))
joined = keras.layers.Concatenate()([seen, keras.layers.Dense(8, activation="relu")(row)])
model = keras.Model([picture, row], keras.layers.Dense(1, activation="sigmoid")(joined))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
x = [pictures, features]
fit_options = {"epochs": 2}
