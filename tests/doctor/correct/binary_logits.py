"""One unit without activation, and from_logits=True; the accuracy is told where the boundary is."""

import keras
import numpy as np

rng = np.random.default_rng(6)
x = rng.normal(size=(128, 3)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("int64")

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(16, activation="gelu"), keras.layers.Dense(1)])
model.compile(
    optimizer="nadam",
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
fit_options = {"epochs": 2}
