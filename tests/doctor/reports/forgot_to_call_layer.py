"""Code: layer-not-called

Source: keras-team/keras#5615 / #14983 'The added layer must be an instance of class Layer' (tensor or class instead of layer)
True cause: The class itself was given: Flatten instead of Flatten().
Tutor: keras.layers.Flatten().
"""

import keras

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        keras.layers.Flatten,
        keras.layers.Dense(10, activation="softmax"),
    ]
)
