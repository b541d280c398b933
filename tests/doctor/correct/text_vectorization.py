"""Raw sentences; the vectorisation is a part of the model."""

import keras
import numpy as np
import tensorflow as tf

BACKENDS = ("tensorflow",)
rng = np.random.default_rng(33)
labels = rng.integers(0, 2, 64)
good, bad = ["lovely", "great", "fine"], ["awful", "poor", "dull"]
x = tf.constant([f"a {rng.choice(good if label else bad)} film" for label in labels])
y = labels

vectorize = keras.layers.TextVectorization(max_tokens=50, output_sequence_length=4)
vectorize.adapt(x)
model = keras.Sequential(
    [
        keras.Input((), dtype="string"),
        vectorize,
        keras.layers.Embedding(50, 8),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
