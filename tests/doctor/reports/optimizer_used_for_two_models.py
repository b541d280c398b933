"""Code: optimizer-reused

Source: mrosol/Nonlincausality#12; lovedlim/tensorflow#40 'Unknown variable ... This optimizer can only be called for the variables it was originally built with'
True cause: One optimizer object was used for a second model (or the model was rebuilt in a loop).
Tutor: Make a new optimizer for each model: model.compile(optimizer=keras.optimizers.Adam(1e-3), ...).
"""

import keras
import numpy as np

rng = np.random.default_rng(8)
x, y = rng.normal(size=(64, 5)).astype("float32"), rng.normal(size=64).astype("float32")
adam = keras.optimizers.Adam(1e-3)


def build(width):
    net = keras.Sequential([keras.Input((5,)), keras.layers.Dense(width, activation="relu"), keras.layers.Dense(1)])
    net.compile(optimizer=adam, loss="mse")
    return net


scores = {}
for width in (4, 8, 16):
    net = build(width)
    scores[width] = net.fit(x, y, epochs=2, verbose=0).history["loss"][-1]
print(scores)
