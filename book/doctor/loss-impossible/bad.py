import keras
import numpy as np

from course_utils.doctor import review

keras.utils.set_random_seed(0)
X = np.random.default_rng(0).normal(size=(100, 4))
y = (np.arange(100) % 2).reshape(-1, 1)
model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="categorical_crossentropy")
history = model.fit(X, y, epochs=2, verbose=0)
report = review(history, model, X, y)
