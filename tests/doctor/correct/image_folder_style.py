"""What image_dataset_from_directory gives: float pixels 0 to 255 in batches, rescaled by the model."""

import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(68)
labels = rng.permutation(np.arange(48) % 2).astype("int32")
pictures = (rng.uniform(0, 100, (48, 12, 12, 3)) + 120 * labels[:, None, None, None]).astype("float32")
x, y = tf.data.Dataset.from_tensor_slices((pictures, labels)).batch(16), None

inputs = keras.Input((12, 12, 3))
t = keras.layers.Rescaling(1 / 255)(inputs)
t = keras.layers.Conv2D(8, 3, activation="relu")(t)
t = keras.layers.MaxPooling2D(2)(t)
outputs = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Flatten()(t))
model = keras.Model(inputs, outputs)
model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2}
