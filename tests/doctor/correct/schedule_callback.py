"""A learning rate set by a callback, and a history of thirty short epochs."""

import keras
import numpy as np

rng = np.random.default_rng(48)
x = rng.normal(size=(96, 3)).astype("float32")
y = (x[:, 0] > 0).astype("int32")

model = keras.Sequential(
    [keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {
    "epochs": 30,
    "batch_size": 48,
    "validation_split": 0.25,
    "callbacks": [keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 * 0.97**epoch)],
}
