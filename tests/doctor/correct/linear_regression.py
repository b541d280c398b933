"""A single Dense unit: a straight line is a correct model too."""

import keras
import numpy as np

x = np.linspace(-1, 1, 100).reshape(-1, 1)
np.random.default_rng(4).shuffle(x)
y = 3 * x + 0.5

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
fit_options = {"epochs": 3}
