"""Two recurrent layers, the first returning its whole sequence."""

import keras
import numpy as np

rng = np.random.default_rng(35)
x = rng.normal(size=(48, 6, 3)).astype("float32")
y = (x.sum(axis=(1, 2)) > 0).astype("int32")

model = keras.Sequential(
    [
        keras.Input((6, 3)),
        keras.layers.Bidirectional(keras.layers.GRU(6, return_sequences=True)),
        keras.layers.GRU(6),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
