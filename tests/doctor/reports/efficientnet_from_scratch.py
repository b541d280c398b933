"""Code: none

Correct: keras.io EfficientNet example, first part: weights=None, pixels 0-255, rescaling inside the body
"""

import keras
import numpy as np
from keras.applications import EfficientNetB0

rng = np.random.default_rng(0)
x = rng.integers(0, 256, (24, 32, 32, 3)).astype("uint8")
y = keras.utils.to_categorical(np.arange(24) % 3)
m = EfficientNetB0(include_top=True, weights=None, classes=3, input_shape=(32, 32, 3))
m.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
ASK_examine = lambda doctor: doctor.examine(m, x, y)
