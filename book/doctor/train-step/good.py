import keras
import numpy as np
from course_utils.doctor import examine


class Regression(keras.Model):
    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = tf.reduce_mean(tf.square(y - y_pred))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply(gradients, self.trainable_weights)
        return {"loss": loss}


rng = np.random.default_rng(0)
X = rng.normal(size=(200, 5)).astype("float32")
y = (3 * X[:, 0] - X[:, 1])[:, None]  # changed
inputs = keras.Input((5,))
model = Regression(inputs, keras.layers.Dense(1)(inputs))
model.compile(optimizer="adam")
report = examine(model, X, y)
