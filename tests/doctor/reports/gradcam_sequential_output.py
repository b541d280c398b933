"""Code: never-called

Source: keras-team/keras#20116, keras-io#1903 'The layer sequential has never been called and thus has no defined output'
True cause: A Sequential model without Input has no symbolic output, even after fit.
Tutor: Begin the model with keras.Input(shape=...), or use model.layers[-1].output.
"""

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(6)
x = rng.random((32, 20, 20, 1)).astype("float32")
y = np.arange(32) % 2
model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(4, 3, activation="relu", name="last_conv"),
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, epochs=1, verbose=0)
cam_model = tf.keras.Model([model.inputs], [model.get_layer("last_conv").output, model.output])
