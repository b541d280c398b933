import keras
import numpy as np


class Regression(keras.Model):
    def train_step(self, *arguments):
        data = arguments[-1]
        x, y = data
        x = keras.ops.clip(x, -2, 2)
        return super().train_step(*arguments[:-1], (x, y))


rng = np.random.default_rng(0)
X = rng.normal(size=(200, 5)).astype("float32")
y = rng.integers(0, 2, (200, 1))
inputs = keras.Input((5,))
outputs = keras.layers.Dense(1, activation="sigmoid")(inputs)
model = Regression(inputs, outputs)
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(X, y, class_weight={0: 1.0, 1: 5.0}, verbose=0)
