"""Code: labels-rank

Source: keras-team/keras#16228 'Shapes (None, 7) and (None, 1, 7) are incompatible'
True cause: The labels have an axis of length 1 too many.
Tutor: y = y.reshape(len(y), 7) / np.squeeze(y, axis=1).
"""

import keras
import numpy as np

rng = np.random.default_rng(29)
x = rng.normal(size=(70, 12)).astype("float32")
y = np.stack([keras.utils.to_categorical([k], 7) for k in np.arange(70) % 7])
model = keras.Sequential(
    [keras.Input((12,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(7, activation="softmax")]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2, verbose=0)
