"""Callbacks that watch what this fit measures."""

import keras
import numpy as np

rng = np.random.default_rng(46)
x = rng.normal(size=(100, 4)).astype("float32")
y = (x[:, 0] + x[:, 1] > 0).astype("int32")

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {
    "epochs": 3,
    "validation_data": (x[80:], y[80:]),
    "callbacks": [
        keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=2, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=1),
        keras.callbacks.TerminateOnNaN(),
    ],
}
x, y = x[:80], y[:80]
