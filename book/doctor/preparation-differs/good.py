import keras
import numpy as np
from course_utils.doctor import review

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
y = np.arange(120) % 2
photos = rng.integers(0, 100, (120, 12, 12, 1)) + 100 * y[:, None, None, None]
model = keras.Sequential(
    [
        keras.Input(shape=(12, 12, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(photos / 255, y, epochs=20, verbose=0)
X = photos / 255  # changed
report = review(history, model, X, y)
