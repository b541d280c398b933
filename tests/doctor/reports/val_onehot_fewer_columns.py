"""Code: classes-differ

Source: MiteshPuthran/Speech-Emotion-Analyzer#52 'Shapes (None, 4) and (None, 10)'; chauhan01/Captcha-text-extraction#3 '(None, 30) and (None, 9)'
True cause: The label encoder was fitted anew on the smaller part, which lacks some classes, so its one-hot rows are narrower than the output layer.
Tutor: Fit the encoder once on all class names, and only transform the other part: to_categorical(y_val, num_classes=K).
"""

import numpy as np
from tensorflow.keras import layers, models
from tensorflow.keras.utils import to_categorical

rng = np.random.default_rng(3)
sounds = rng.normal(size=(300, 40)).astype("float32")
mood = rng.integers(0, 7, 300)
x_train, x_val = sounds[:270], sounds[270:]
y_train = to_categorical(mood[:270])
y_val = to_categorical(np.minimum(mood[270:], 4))  # the last moods never occur here
model = models.Sequential(
    [layers.Input((40,)), layers.Dense(32, activation="relu"), layers.Dense(7, activation="softmax")]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=2, verbose=0)
