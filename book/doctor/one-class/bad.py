import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 4))
y = np.zeros(200, int)
model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(
    optimizer="adam",
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
report = examine(model, X, y)
