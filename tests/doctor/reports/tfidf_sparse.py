"""Code: none

Correct: SciPy sparse TF-IDF given to fit, which Keras 3 takes
"""

import keras
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

texts = ["cheap pills now", "meeting at noon", "win money fast", "lunch tomorrow"] * 12
y = np.array([1, 0, 1, 0] * 12)
x = TfidfVectorizer().fit_transform(texts)
m = keras.Sequential(
    [keras.Input((x.shape[1],)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
m.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = m.fit(x, y, epochs=6, verbose=0)
