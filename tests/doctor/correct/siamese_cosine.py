"""One encoder for two inputs, compared by the cosine of their angle, −1 to 1."""

import keras
import numpy as np

rng = np.random.default_rng(50)
left = rng.normal(size=(80, 6)).astype("float32")
same = rng.integers(0, 2, 80)
right = np.where(same[:, None] == 1, left + 0.1 * rng.normal(size=left.shape), rng.normal(size=left.shape))
x, y = [left, right.astype("float32")], (2.0 * same - 1).astype("float32")

encoder = keras.Sequential([keras.Input((6,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(8)])
a, b = keras.Input((6,)), keras.Input((6,))
cosine = keras.layers.Dot(axes=1, normalize=True)([encoder(a), encoder(b)])
model = keras.Model([a, b], cosine)
model.compile(optimizer="adam", loss="mse")
fit_options = {"epochs": 2}
