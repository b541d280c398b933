"""Code: input-scaled-twice

Source: keras-team/keras-io#1549 'Problem training EfficientNetB0 on CIFAR-10 (same code works with MobileNet)'; tensorflow#43938, #42506
True cause: keras.applications.EfficientNet already has a Rescaling layer; dividing by 255 before makes every picture almost black.
Tutor: Give it pixels 0-255: leave the division out.
"""

import keras
import numpy as np
from keras.applications import EfficientNetB0

rng = np.random.default_rng(4)
y = np.arange(48) % 3
pictures = rng.integers(0, 256, (48, 32, 32, 3))
pictures[np.arange(48), :, :, y] = 250
x = pictures.astype("float32") / 255
body = EfficientNetB0(include_top=False, weights=None, input_shape=(32, 32, 3), pooling="avg")
body.trainable = False
model = keras.Sequential([keras.Input((32, 32, 3)), body, keras.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2, verbose=0)
