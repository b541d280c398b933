"""A frame of standardised columns and a series of labels, with an index that does not start at 0."""

import keras
import numpy as np
import pandas as pd

rng = np.random.default_rng(31)
frame = pd.DataFrame(
    {"age": rng.uniform(20, 70, 100), "income": rng.uniform(1e4, 1e5, 100)}, index=np.arange(1000, 1100)
)
x = (frame - frame.mean()) / frame.std()
y = (x["age"] + x["income"] > 0).astype(int)

model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
fit_options = {"epochs": 2, "validation_split": 0.2}
