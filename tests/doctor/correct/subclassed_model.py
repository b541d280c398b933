"""A model as a class; its weights appear at the first call."""

import keras
import numpy as np

rng = np.random.default_rng(19)
x = rng.normal(size=(96, 5)).astype("float32")
y = (x[:, 0] > 0).astype("int32") + (x[:, 1] > 0)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.dropout = keras.layers.Dropout(0.2)
        self.out = keras.layers.Dense(3, activation="softmax")

    def call(self, inputs, training=False):
        return self.out(self.dropout(self.hidden(inputs), training=training))


model = Net()
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
