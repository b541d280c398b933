import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 20))
y = rng.integers(0, 2, 200)
X_val, y_val = X[160:], y[160:]
model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(
    optimizer="adam",
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
report = examine(
    model,
    X[:160],  # changed
    y[:160],
    validation_data=(X_val, y_val),
)
