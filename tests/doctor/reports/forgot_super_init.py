"""Code: super-init-missing

Source: wzhe06/SparrowRecSys#34 'You must call super().__init__() in the layer constructor'
True cause: The subclass sets layers before (or without) super().__init__().
Tutor: super().__init__() as the first line of __init__.
"""

import keras


class Net(keras.Model):
    def __init__(self):
        self.hidden = keras.layers.Dense(8, activation="relu")
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.hidden(x))


net = Net()
import numpy as np

net.compile("adam", "mse")
net.fit(np.zeros((8, 3)), np.zeros(8), verbose=0)
