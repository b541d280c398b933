"""Code: metric-mismatch

Source: tensorflow/tensorflow#42182 'Not every keras.metrics.* accept from_logits=True', #37103
True cause: Metrics such as Precision, Recall, AUC, BinaryAccuracy expect probabilities; the output is a raw score.
Tutor: A sigmoid at the end with from_logits=False; or thresholds=0 / AUC(from_logits=True) / BinaryAccuracy(threshold=0).
"""

import keras
import numpy as np

rng = np.random.default_rng(25)
x = rng.normal(size=(400, 5)).astype("float32")
y = (x[:, 0] - 0.3 > 0).astype("float32")
model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
model.compile(
    "adam",
    keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(), keras.metrics.AUC(), keras.metrics.Precision(), keras.metrics.Recall()],
)
history = model.fit(x, y, epochs=5, verbose=0)
print({k: round(v[-1], 3) for k, v in history.history.items()})
