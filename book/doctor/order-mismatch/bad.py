import keras
import numpy as np
import tensorflow as tf

from course_utils.doctor import review

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
y = np.arange(200) % 4
X = rng.normal(size=(200, 4)) + 4 * np.eye(4)[y]
data = tf.data.Dataset.from_tensor_slices((X.astype("float32"), y))
test = data.shuffle(200).batch(20)
model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(4, activation="softmax")]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.1),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(data.shuffle(200).batch(20), epochs=2, verbose=0)
labels = np.concatenate([batch_y.numpy() for _, batch_y in test])
report = review(history, model, test, labels)
