"""Code: loss-label-mismatch

Source: keras-team/keras#3396 'No error thrown for binary crossentropy with multiple classes'; frlim/data2040_final#1; lukas/ml-class#34
True cause: binary_crossentropy with one-hot labels and a softmax over K classes: every column counts as its own yes/no, loss (and binary accuracy) look far better than they are.
Tutor: categorical_crossentropy for one of K classes.
"""

import keras
import numpy as np

rng = np.random.default_rng(13)
x = rng.random((300, 28, 28, 1)).astype("float32")
y = keras.utils.to_categorical(rng.integers(0, 10, 300), 10)
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.MaxPooling2D(4),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy", "binary_accuracy"])
history = model.fit(x, y, epochs=5, validation_split=0.2, verbose=0)
print({k: round(v[-1], 3) for k, v in history.history.items()})
