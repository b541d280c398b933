import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X, y = rng.normal(size=(200, 4)), rng.integers(0, 3, 200)


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return int(np.ceil(len(X) / 32))  # changed

    def __getitem__(self, index):
        rows = slice(32 * index, 32 * index + 32)
        return X[rows], y[rows]


data = Batches()
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
