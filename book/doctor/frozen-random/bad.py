import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 16))
y = (X[:, 0] > 0).astype(int)
trained = keras.Sequential(
    [keras.Input((16,)), keras.layers.Dense(8, activation="relu")]
)
body = keras.models.clone_model(trained)
body.trainable = False
model = keras.Sequential(
    [
        keras.Input((16,)),
        body,
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(
    optimizer="adam",
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
report = examine(model, X, y)
