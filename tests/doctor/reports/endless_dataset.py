"""Code: endless-data

Source: tensorflow/tensorflow#39277 'model.fit() is running infinitely'; ageron/handson-ml2#329 'repeat() method on a Dataset'
True cause: ds.repeat() never ends and no steps_per_epoch says when an epoch is over: the first epoch lasts for ever.
Tutor: Drop .repeat() (fit repeats by itself), or steps_per_epoch=n // batch_size.
"""

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(22)
x, y = rng.normal(size=(64, 4)).astype("float32"), (np.arange(64) % 2).astype("float32")
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64).repeat().batch(16)
model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")


class Enough(tf.keras.callbacks.Callback):  # only so that this test ends
    def on_train_batch_end(self, batch, logs=None):
        if batch > 200:
            self.model.stop_training = True
            raise RuntimeError("stopped by the test after 200 batches of epoch 1")


model.fit(ds, epochs=2, verbose=0, callbacks=[Enough()])
