"""A tf.data pipeline: shuffled, batched, prefetched; validation data not shuffled."""

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(29)
features = rng.normal(size=(128, 4)).astype("float32")
labels = (features[:, 0] > 0).astype("int32") + (features[:, 1] > 0)
data = tf.data.Dataset.from_tensor_slices((features, labels))
x, y = data.take(96).shuffle(96, seed=0).batch(16).prefetch(1), None

model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3, activation="softmax")]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "validation_data": data.skip(96).batch(16)}
