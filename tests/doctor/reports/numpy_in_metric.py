"""Code: symbolic-tensor

Source: tensorflow/tensorflow#46640, #38038; keras-team/keras#16998 "'SymbolicTensor' object has no attribute 'numpy'" (sklearn f1_score as metric)
True cause: Loss and metric run inside a graph where there are no numbers; NumPy and scikit-learn cannot work there.
Tutor: Use keras.ops / a built-in metric, or compute it after training: f1_score(y, model.predict(x) > 0.5).
"""

import keras
import numpy as np
from sklearn.metrics import f1_score


def f1(y_true, y_pred):
    return f1_score(y_true.numpy(), np.round(y_pred.numpy()))


rng = np.random.default_rng(31)
x = rng.normal(size=(60, 4)).astype("float32")
y = (x[:, 0] > 0).astype("float32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[f1])
model.fit(x, y, epochs=1, verbose=0)
