"""Sequences of word numbers, padded with 0 and masked, into an LSTM."""

import keras
import numpy as np

rng = np.random.default_rng(34)
y = rng.integers(0, 2, 64)
words = [rng.integers(1, 50, rng.integers(3, 9)) + 50 * label for label in y]
x = keras.utils.pad_sequences(words, maxlen=8)

model = keras.Sequential(
    [
        keras.Input((8,), dtype="int32"),
        keras.layers.Embedding(100, 8, mask_zero=True),
        keras.layers.LSTM(8),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
