import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = [rng.normal(size=(200, 4)), rng.normal(size=(200, 6))]
y = (X[0][:, 0] + X[1][:, 0] > 0).astype(int)
left_in = keras.Input(shape=(4,), name="left_in")
right_in = keras.Input(shape=(6,), name="right_in")
left = keras.layers.Dense(16, activation="relu")(left_in)
right = keras.layers.Dense(16, activation="relu")(right_in)  # changed
together = keras.layers.Concatenate()([left, right])
outputs = keras.layers.Dense(1, activation="sigmoid")(together)
model = keras.Model([left_in, right_in], outputs)
model.compile(
    optimizer="adam",
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
report = examine(model, X, y)
