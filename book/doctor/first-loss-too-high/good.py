import keras
import numpy as np

from course_utils.doctor import review

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
y = np.arange(200) % 10
X = rng.integers(0, 256, size=(200, 64))
X[np.arange(200), y] = 255
X = X / 255  # changed
model = keras.Sequential(
    [
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
history = model.fit(X, y, epochs=2, verbose=0)
report = review(history, model, X, y)
