"""A base that stays as it is, and a new head: frozen before compiling."""

import keras
import numpy as np

rng = np.random.default_rng(40)
y = rng.integers(0, 2, 48)
x = (rng.uniform(0, 0.6, (48, 16, 16, 3)) + 0.4 * y[:, None, None, None]).astype("float32")

base = keras.Sequential(
    [
        keras.Input((16, 16, 3)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.GlobalAveragePooling2D(),
    ]
)
base.trainable = False
inputs = keras.Input((16, 16, 3))
features = base(inputs, training=False)
model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(keras.layers.Dropout(0.2)(features)))
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
