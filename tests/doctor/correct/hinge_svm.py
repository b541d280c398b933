"""Labels −1 and 1 with the hinge loss and a penalty on the weights: a support vector machine."""

import keras
import numpy as np

rng = np.random.default_rng(57)
x = rng.normal(size=(100, 4)).astype("float32")
y = np.where(x[:, 0] > 0, 1.0, -1.0)

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(1e-3))])
model.compile(optimizer="sgd", loss="hinge")
fit_options = {"epochs": 2}
