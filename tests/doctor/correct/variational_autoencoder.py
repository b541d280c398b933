"""A model whose own losses are added inside a layer: compiled without a loss on purpose."""

import keras
import numpy as np

rng = np.random.default_rng(39)
x = rng.uniform(0, 1, (80, 6)).astype("float32")
y = None


class Bottleneck(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.both, self.back = keras.layers.Dense(4), keras.layers.Dense(6, activation="sigmoid")
        self.seeds = keras.random.SeedGenerator(0)

    def build(self, input_shape):
        self.both.build(input_shape)
        self.back.build((None, 2))
        self.built = True

    def call(self, inputs):
        mean, log_variance = keras.ops.split(self.both(inputs), 2, axis=-1)
        noise = keras.random.normal(keras.ops.shape(mean), seed=self.seeds)
        out = self.back(mean + keras.ops.exp(log_variance / 2) * noise)
        divergence = -0.5 * keras.ops.mean(1 + log_variance - mean**2 - keras.ops.exp(log_variance))
        self.add_loss(keras.ops.mean((inputs - out) ** 2) + 0.01 * divergence)
        return out


inputs = keras.Input((6,))
model = keras.Model(inputs, Bottleneck()(inputs))
model.compile(optimizer="adam")
fit_options = {"epochs": 2}
