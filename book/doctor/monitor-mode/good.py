import keras
import numpy as np
from course_utils.doctor import examine

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 4))
y = (X[:, :1] > 0.5).astype("float32")


def f1(y_true, y_pred):
    hits = keras.ops.sum(y_true * keras.ops.round(y_pred))
    return 2 * hits / keras.ops.sum(y_true + keras.ops.round(y_pred) + 1e-7)


model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[f1])
stop = keras.callbacks.EarlyStopping(monitor="val_f1", mode="max")  # changed
report = examine(model, X, y, validation_split=0.2, callbacks=[stop])
