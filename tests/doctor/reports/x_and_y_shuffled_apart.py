"""Code: validation-at-chance

Source: keras-team/keras#3849/#10506 'Model is not learning anything when I use keras fit_generator' (x and y no longer belong together)
True cause: x and y were shuffled separately, so labels do not belong to their examples.
Tutor: One permutation for both: p = rng.permutation(len(x)); x, y = x[p], y[p].
"""

import keras
import numpy as np

rng = np.random.default_rng(37)
x = rng.normal(size=(600, 6)).astype("float32")
y = (x[:, 0] > 0).astype("float32")
rng.shuffle(x)
rng.shuffle(y)
model = keras.Sequential(
    [keras.Input((6,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=25, validation_split=0.2, verbose=0)
print({k: round(v[-1], 3) for k, v in history.history.items()})
