import keras
import numpy as np

from course_utils.doctor import review

keras.utils.set_random_seed(0)
X = np.random.default_rng(0).normal(size=(200, 3))
y = X @ np.array([1.0, 2.0, 3.0])
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse")  # changed
history = model.fit(X, y, epochs=4, verbose=0)
report = review(history, model, X, y)
