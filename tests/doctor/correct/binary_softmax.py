"""Two classes as a softmax over two units."""

import keras
import numpy as np

rng = np.random.default_rng(7)
x = rng.normal(size=(96, 6)).astype("float32")
y = (x.sum(axis=1) > 0).astype("uint8")

model = keras.Sequential(
    [keras.Input((6,)), keras.layers.Dense(12, activation="elu"), keras.layers.Dense(2, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
fit_options = {"epochs": 2}
