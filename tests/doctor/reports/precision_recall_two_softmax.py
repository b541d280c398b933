"""Code: metric-mismatch

Source: keras-team/keras#5400 'Accuracy, fmeasure, precision, and recall all the same'; netrack/keras-metrics#3
True cause: Precision/Recall over two softmax columns count both classes, so both equal the accuracy.
Tutor: Name the class: keras.metrics.Precision(class_id=1), or use one sigmoid unit.
"""

import keras
import numpy as np

rng = np.random.default_rng(1)
x = rng.normal(size=(400, 6)).astype("float32")
sick = (x[:, 0] + 0.7 * rng.normal(size=400) > 0.8).astype(int)
y = keras.utils.to_categorical(sick, 2)
net = keras.Sequential(
    [keras.Input((6,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(2, activation="softmax")]
)
net.compile(
    optimizer="adam",
    loss="categorical_crossentropy",
    metrics=["accuracy", keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall")],
)
history = net.fit(x, y, epochs=6, validation_split=0.2, verbose=0)
print({k: round(v[-1], 4) for k, v in history.history.items()})
