import keras
import numpy as np

rng = np.random.default_rng(0)
X = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]] * 30
y = np.array([0, 1] * 30)
model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(X, y, verbose=0)
