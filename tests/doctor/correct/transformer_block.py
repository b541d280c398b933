"""Attention, residual connections, layer normalisation: a small transformer classifier."""

import keras
import numpy as np

rng = np.random.default_rng(36)
x = rng.integers(0, 30, (64, 8))
y = (x[:, 0] > 14).astype("int32")

inputs = keras.Input((8,), dtype="int32")
t = keras.layers.Embedding(30, 16)(inputs)
attended = keras.layers.MultiHeadAttention(num_heads=2, key_dim=8)(t, t)
t = keras.layers.LayerNormalization()(t + attended)
t = keras.layers.LayerNormalization()(t + keras.layers.Dense(16, activation="relu")(t))
t = keras.layers.Dropout(0.1)(keras.layers.GlobalAveragePooling1D()(t))
model = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(t))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
