import keras
import numpy as np


class Net(keras.Model):
    def __init__(self):
        self.hidden = keras.layers.Dense(8, activation="relu")
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.hidden(x))


model = Net()
model.compile(optimizer="adam", loss="mse")
model.fit(np.ones((20, 4)), np.ones((20, 1)), verbose=0)
