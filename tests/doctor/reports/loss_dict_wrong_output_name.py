"""Code: outputs-mismatch

Source: tensorflow/tensorflow#34691, #25955 'compile expects layer names instead of the output dictionary's keys'
True cause: The keys of loss={...} are not the names of the output layers.
Tutor: Name the output layers: Dense(1, name='price'), and use these names.
"""

import keras
import numpy as np

rng = np.random.default_rng(20)
x = rng.normal(size=(80, 4)).astype("float32")
i = keras.Input((4,))
h = keras.layers.Dense(8, activation="relu")(i)
a = keras.layers.Dense(1)(h)
b = keras.layers.Dense(1, activation="sigmoid")(h)
model = keras.Model(i, [a, b])
model.compile("adam", loss={"age_output": "mse", "sex_output": "binary_crossentropy"})
model.fit(x, {"age_output": x.sum(axis=1), "sex_output": (x[:, 0] > 0).astype(int)}, epochs=2, verbose=0)
