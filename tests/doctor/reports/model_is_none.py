"""Code: not-a-model

Source: keras-team/keras#8737, #13938 'NoneType object has no attribute fit'
True cause: compile (and add, build) return None, which replaced the model; or the function that builds it lacks return.
Tutor: Do not assign: model.compile(...); end the function with return model.
"""

import keras
import numpy as np


def make_net():
    net = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    net.compile("adam", "mse")


model = make_net()
model.fit(np.zeros((4, 4)), np.zeros(4))
