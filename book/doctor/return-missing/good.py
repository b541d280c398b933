import keras
import numpy as np


class Scaled(keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1],))

    def call(self, inputs):
        scaled = inputs * self.w
        return keras.ops.tanh(scaled)  # changed


rng = np.random.default_rng(0)
X = rng.normal(size=(200, 4)).astype("float32")
y = np.arange(200) % 3
model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        Scaled(),
        keras.layers.Activation("relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(X, y, verbose=0)
