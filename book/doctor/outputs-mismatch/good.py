import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 4))
price, sold = X.sum(axis=1), (X[:, 0] > 0).astype(int)
inputs = keras.Input(shape=(4,))
hidden = keras.layers.Dense(16, activation="relu")(inputs)
outputs = [
    keras.layers.Dense(1, name="price")(hidden),
    keras.layers.Dense(1, activation="sigmoid", name="sold")(hidden),
]
model = keras.Model(inputs, outputs)
model.compile(
    optimizer="adam",
    loss={"price": "mse", "sold": "binary_crossentropy"},
    metrics={"price": ["mae"], "sold": ["accuracy"]},  # changed
)
report = examine(model, X, [price, sold])
