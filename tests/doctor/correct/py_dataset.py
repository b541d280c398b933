"""A PyDataset that prepares its batches, shuffled anew after each epoch."""

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.rng = np.random.default_rng(28)
        self.labels = np.arange(96) % 3
        self.pixels = self.rng.integers(0, 80, (96, 6, 6, 1)) + 80 * self.labels[:, None, None, None]
        self.on_epoch_end()

    def __len__(self):
        return 6

    def __getitem__(self, index):
        rows = self.order[16 * index : 16 * (index + 1)]
        return self.pixels[rows].astype("float32") / 255, self.labels[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(96)


model = keras.Sequential(
    [
        keras.Input((6, 6, 1)),
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
x, y = Batches(), None
fit_options = {"epochs": 2}
