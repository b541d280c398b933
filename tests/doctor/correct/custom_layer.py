"""A layer of one's own, with weights made in build."""

import keras
import numpy as np

rng = np.random.default_rng(20)
x = rng.normal(size=(96, 4)).astype("float32")
y = (x**2).sum(axis=1)


class Quadratic(keras.layers.Layer):
    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="glorot_uniform")
        self.built = True

    def call(self, inputs):
        return keras.ops.square(inputs @ self.kernel)


model = keras.Sequential([keras.Input((4,)), Quadratic(8), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
fit_options = {"epochs": 2}
