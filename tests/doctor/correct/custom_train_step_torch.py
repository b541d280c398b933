"""train_step written out, as the guide for torch does."""

import keras
import numpy as np
import torch

BACKENDS = ("torch",)
rng = np.random.default_rng(23)
x = rng.normal(size=(64, 4)).astype("float32")
y = x.sum(axis=1, keepdims=True)


class Custom(keras.Model):
    def train_step(self, data):
        inputs, targets = data
        self.zero_grad()
        out = self(inputs, training=True)
        loss = self.compute_loss(y=targets, y_pred=out)
        loss.backward()
        weights = list(self.trainable_weights)
        with torch.no_grad():
            self.optimizer.apply([weight.value.grad for weight in weights], weights)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(targets, out)
        return {metric.name: metric.result() for metric in self.metrics}


inputs = keras.Input((4,))
outputs = keras.layers.Dense(1)(keras.layers.Dense(8, activation="relu")(inputs))
model = Custom(inputs, outputs)
model.compile(optimizer="adam", loss="mse")
fit_options = {"epochs": 2}
