"""Code: metric-mismatch

Source: keras-team/keras#19716, #18362 'FBetaScore expects 2D inputs with shape (batch_size, output_dim)'; tensorflow/addons#2653
True cause: keras.metrics.F1Score wants labels shaped as the output: one column (n, 1) or one-hot rows; class ids (n,) are refused.
Tutor: y = y.reshape(-1, 1) for one unit; to_categorical(y) and categorical_crossentropy for several.
"""

import keras
import numpy as np

rng = np.random.default_rng(12)
x = rng.normal(size=(100, 5)).astype("float32")
y = (x[:, 0] > 0).astype("int64")
model = keras.Sequential(
    [keras.Input((5,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.F1Score(threshold=0.5)])
model.fit(x, y, epochs=2, verbose=0)
