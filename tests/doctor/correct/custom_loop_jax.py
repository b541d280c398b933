"""A training loop of one's own: stateless calls and jax.grad."""

import jax
import keras
import numpy as np

BACKENDS = ("jax",)
EXAMINE = False  # nothing will be fitted
rng = np.random.default_rng(26)
x = rng.normal(size=(64, 4)).astype("float32")
y = (x[:, 0] > 0).astype("int32")

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)])
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def cost(weights, others):
    out, others = model.stateless_call(weights, others, x, training=True)
    return loss_of(y, out), others


def train():
    weights = [variable.value for variable in model.trainable_variables]
    others = [variable.value for variable in model.non_trainable_variables]
    losses = []
    for _ in range(3):
        (loss, others), gradients = jax.value_and_grad(cost, has_aux=True)(weights, others)
        weights = [weight - 0.1 * gradient for weight, gradient in zip(weights, gradients, strict=True)]
        losses.append(float(loss))
    for variable, weight in zip(model.trainable_variables, weights, strict=True):
        variable.assign(weight)
    return {"loss": losses}
