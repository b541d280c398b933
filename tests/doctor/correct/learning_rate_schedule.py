"""A learning rate that falls along a cosine, after a start at 0."""

import keras
import numpy as np

rng = np.random.default_rng(47)
x = rng.normal(size=(96, 4)).astype("float32")
y = keras.utils.to_categorical((x[:, 0] > 0).astype(int) + (x[:, 1] > 0), 3)

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3, activation="softmax")]
)
schedule = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=20, warmup_target=3e-3, warmup_steps=4)
model.compile(optimizer=keras.optimizers.Adam(schedule), loss="categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 3, "batch_size": 16}
