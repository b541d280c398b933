import keras
import numpy as np

rng = np.random.default_rng(0)
X, y = rng.random((64, 16, 16, 3)), rng.integers(0, 2, 64)
model = keras.Sequential(
    [
        keras.Input(shape=(16, 16, 3)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(X, y, verbose=0)
