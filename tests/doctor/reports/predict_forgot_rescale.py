"""Code: input-not-scaled

Source: lmoroney/dlaicourse#129 'Image classification code, image rescaling missing'; keras-team/keras#8384; AayushG159/Plant-Leaf-Identification#2
True cause: Training pictures were divided by 255, the picture for predict was not.
Tutor: The same preparation for every picture; best a Rescaling layer inside the model.
"""

import os
import tempfile

import numpy as np
from PIL import Image

root = tempfile.mkdtemp()
rng = np.random.default_rng(7)
for part, n in (("train", 24), ("val", 12)):
    for name, tone in (("apple", 200), ("leaf", 60)):
        os.makedirs(f"{root}/{part}/{name}")
        for i in range(n):
            a = rng.integers(0, 55, (24, 24, 3)) + tone * np.array([1, 0.3, 0.3] if name == "apple" else [0.3, 1, 0.3])
            Image.fromarray(np.clip(a, 0, 255).astype("uint8")).save(f"{root}/{part}/{name}/{name}{i:03}.png")

from tensorflow import keras

load = lambda part: np.stack(
    [
        np.asarray(Image.open(f"{root}/{part}/{c}/{f}"))
        for c in ("apple", "leaf")
        for f in sorted(os.listdir(f"{root}/{part}/{c}"))
    ]
)
x = load("train").astype("float32") / 255
y = np.repeat([0, 1], 24)
order = rng.permutation(48)
model = keras.Sequential(
    [
        keras.Input((24, 24, 3)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x[order], y[order], epochs=10, verbose=0)
x_test, y_test = load("val"), np.repeat([0, 1], 12)
print(model.evaluate(x_test, y_test, verbose=0))
ASK_examine_test = lambda doctor: doctor.examine(model, x_test, y_test)
ASK_review_test = lambda doctor: doctor.review(history, model, x_test, y_test)
