import keras
import numpy as np

X, y = np.ones((20, 4)), np.ones(20)
model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1)])
model = model.compile(optimizer="adam", loss="mse")
model.fit(X, y, verbose=0)
