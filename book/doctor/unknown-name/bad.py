import keras
import numpy as np

X, y = np.random.default_rng(0).normal(size=(32, 4)), np.arange(32) % 3
model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(8, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crosentropy",
    metrics=["accuracy"],
)
model.fit(X, y, verbose=0)
