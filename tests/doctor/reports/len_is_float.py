"""Code: batch-source

Source: antoniosudoso/attention-nilm#6 'Length of Data Generator is a float'; keras-team/keras#9703
True cause: __len__ of a PyDataset must be an integer: np.ceil returns a float.
Tutor: return int(np.ceil(n / batch)) / math.ceil.
"""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, size=16):
        super().__init__()
        self.x, self.y, self.size = x, y, size

    def __len__(self):
        return np.ceil(len(self.x) / self.size)

    def __getitem__(self, i):
        part = slice(i * self.size, (i + 1) * self.size)
        return self.x[part], self.y[part]


rng = np.random.default_rng(32)
data = Batches(rng.normal(size=(70, 4)).astype("float32"), np.arange(70) % 2)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(data, epochs=1, verbose=0)
