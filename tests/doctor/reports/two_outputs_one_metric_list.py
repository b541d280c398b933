"""Code: outputs-mismatch

Source: keras-team/keras#21259 'For a model with multiple outputs, when providing the metrics argument as a list, it should have as many entries as the model has outputs'
True cause: With several outputs, metrics must say which metric belongs to which output.
Tutor: metrics={'price': ['mae'], 'kind': ['accuracy']} or one list per output.
"""

import keras
import numpy as np

rng = np.random.default_rng(19)
x = rng.normal(size=(80, 4)).astype("float32")
price, kind = x.sum(axis=1), (x[:, 0] > 0).astype(int)
i = keras.Input((4,))
h = keras.layers.Dense(8, activation="relu")(i)
model = keras.Model(
    i, [keras.layers.Dense(1, name="price")(h), keras.layers.Dense(1, activation="sigmoid", name="kind")(h)]
)
model.compile("adam", loss={"price": "mse", "kind": "binary_crossentropy"}, metrics=["accuracy"])
model.fit(x, [price, kind], epochs=2, verbose=0)
