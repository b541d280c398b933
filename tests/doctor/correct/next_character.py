"""A language model: for each place of a sequence the next symbol, as a softmax over all symbols."""

import keras
import numpy as np

text = np.array([ord(c) - ord("a") for c in "abcdefgh" * 40])
x = np.stack([text[i : i + 10] for i in range(0, 200, 3)])
y = np.stack([text[i + 1 : i + 11] for i in range(0, 200, 3)])

model = keras.Sequential(
    [
        keras.Input((10,), dtype="int32"),
        keras.layers.Embedding(8, 8),
        keras.layers.GRU(16, return_sequences=True),
        keras.layers.Dense(8, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
