"""A training loop of one's own with GradientTape; the model is never compiled, and no history is one of Keras'."""

import keras
import numpy as np
import tensorflow as tf

BACKENDS = ("tensorflow",)
EXAMINE = False  # nothing will be fitted
rng = np.random.default_rng(24)
x = rng.normal(size=(64, 4)).astype("float32")
y = (x[:, 0] > 0).astype("int32")

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)])
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.Adam(0.01)


def train():
    losses = []
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
        losses.append(float(loss))
    return {"loss": losses}
