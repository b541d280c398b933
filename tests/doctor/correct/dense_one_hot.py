"""The same task with one-hot labels and label smoothing."""

import keras
import numpy as np

rng = np.random.default_rng(1)
classes = rng.integers(0, 4, 128)
x = (rng.normal(size=(128, 8)) + np.eye(4, 8)[classes] * 2).astype("float32")
y = keras.utils.to_categorical(classes, 4)

model = keras.Sequential(
    [keras.Input((8,)), keras.layers.Dense(32), keras.layers.ReLU(), keras.layers.Dense(4), keras.layers.Softmax()]
)
model.compile(
    optimizer=keras.optimizers.SGD(0.05, momentum=0.9),
    loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    metrics=[keras.metrics.CategoricalAccuracy(name="accuracy"), keras.metrics.TopKCategoricalAccuracy(2)],
)
fit_options = {"epochs": 2}
