import keras
import numpy as np

from course_utils.doctor import review

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
y = np.repeat(np.arange(5), 40)
X = rng.normal(size=(200, 5)) + 4 * np.eye(5)[y]
order = np.arange(200)
X, y = X[order], y[order]
model = keras.Sequential(
    [keras.Input((5,)), keras.layers.Dense(5, activation="softmax")]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.1),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(X, y, validation_split=0.2, epochs=8, verbose=0)
report = review(history, model, X, y)
