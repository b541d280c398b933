"""The next value at each time from the values before: causal convolutions."""

import keras
import numpy as np

wave = np.sin(np.arange(400) / 5) + 0.1 * np.random.default_rng(54).normal(size=400)
windows = np.lib.stride_tricks.sliding_window_view(wave, 21)[::4].astype("float32")
x, y = windows[:, :-1, None], windows[:, 1:, None]

model = keras.Sequential([keras.Input((20, 1))])
for rate in (1, 2, 4):
    model.add(keras.layers.Conv1D(8, 2, padding="causal", dilation_rate=rate, activation="relu"))
model.add(keras.layers.Conv1D(1, 1))
model.compile(optimizer="adam", loss="mse")
fit_options = {"epochs": 2, "shuffle": False}
