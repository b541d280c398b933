"""Ratings from two embeddings and their product."""

import keras
import numpy as np

rng = np.random.default_rng(64)
users, films = rng.integers(0, 12, 200), rng.integers(0, 20, 200)
x = np.stack([users, films], axis=1)
y = ((users % 2 == films % 2) * 0.8 + 0.1).astype("float32")


class Recommender(keras.Model):
    def __init__(self):
        super().__init__()
        self.user, self.film = keras.layers.Embedding(12, 4), keras.layers.Embedding(20, 4)
        self.bias = keras.layers.Embedding(20, 1)

    def call(self, inputs):
        user, film = self.user(inputs[:, 0]), self.film(inputs[:, 1])
        score = keras.ops.sum(user * film, axis=1, keepdims=True) + self.bias(inputs[:, 1])
        return keras.ops.sigmoid(score)


model = Recommender()
model.compile(optimizer="adam", loss="binary_crossentropy")
fit_options = {"epochs": 2}
