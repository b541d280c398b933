"""One forecast from a window of several scaled quantities; the validation data are the latest."""

import keras
import numpy as np

rng = np.random.default_rng(55)
t = np.arange(300)
series = np.stack([np.sin(t / 8), np.cos(t / 8), rng.normal(0, 0.3, 300)], axis=1)
x = np.stack([series[i : i + 12] for i in range(0, 280, 4)]).astype("float32")
y = series[12 : 12 + 280 : 4, 0].astype("float32")

model = keras.Sequential([keras.Input((12, 3)), keras.layers.LSTM(8), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="huber", metrics=["mae"])
fit_options = {"epochs": 2, "validation_data": (x[50:], y[50:])}
x, y = x[:50], y[:50]
