"""House prices in one number, scaled by a Normalization layer that was adapted."""

import keras
import numpy as np

rng = np.random.default_rng(3)
x = np.stack([rng.uniform(30, 200, 150), rng.integers(1, 6, 150), rng.uniform(1900, 2020, 150)], axis=1)
y = 2.0 * x[:, 0] / 100 + 0.3 * x[:, 1] + rng.normal(0, 0.1, 150)

normalization = keras.layers.Normalization()
normalization.adapt(x)
model = keras.Sequential(
    [keras.Input((3,)), normalization, keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)]
)
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error", metrics=["mae"])
fit_options = {"epochs": 3, "validation_split": 0.2}
