"""Code: input-rank

Source: tensorflow/tensorflow#49238 (comment 2021-05-18: 'the batch size must be given using tf.data.Dataset.batch()')
True cause: the data set was never batched; single examples reach a model that expects batches.
Tutor: ds = ds.batch(32).
"""

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(40)
x, y = rng.random((60, 28, 28, 1)).astype("float32"), np.arange(60) % 10
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(60)
model = tf.keras.Sequential(
    [
        tf.keras.Input((28, 28, 1)),
        tf.keras.layers.Conv2D(4, 3, activation="relu"),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(ds, epochs=1, verbose=0)
