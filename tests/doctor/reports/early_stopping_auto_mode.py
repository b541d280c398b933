"""Code: monitor-mode

Source: keras-team/keras#18798 'Earlystopping auto mode is misleading and errorprone', #10863 'ModelCheckpoint does not save best model on custom metric'
True cause: mode='auto' cannot know (or guesses wrong) whether a metric such as F1 is better when higher.
Tutor: mode='max'.
"""

import keras
import numpy as np

rng = np.random.default_rng(26)
x = rng.normal(size=(200, 5)).astype("float32")
y = (x[:, 0] > 0.5).astype("float32")


def f1(y_true, y_pred):
    hits = keras.ops.sum(y_true * keras.ops.round(y_pred))
    return 2 * hits / (keras.ops.sum(y_true) + keras.ops.sum(keras.ops.round(y_pred)) + 1e-7)


model = keras.Sequential(
    [keras.Input((5,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", "binary_crossentropy", metrics=[f1])
stop = keras.callbacks.EarlyStopping(monitor="val_f1", patience=3, restore_best_weights=True)
history = model.fit(x, y.reshape(-1, 1), validation_split=0.3, epochs=20, callbacks=[stop], verbose=0)
print(len(history.history["f1"]))
