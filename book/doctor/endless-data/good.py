import keras
import numpy as np
import tensorflow as tf
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X, y = rng.normal(size=(200, 4)), rng.integers(0, 3, 200)
data = tf.data.Dataset.from_tensor_slices((X, y)).batch(32)  # changed
model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
report = examine(model, data)
