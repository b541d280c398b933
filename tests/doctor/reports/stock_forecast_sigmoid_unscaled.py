"""Code: target-not-scaled

Source: stackguides 51432661 / techfeed 485530 'Keras LSTM stock predictions converge to a constant value'
True cause: An LSTM regression whose target is unscaled (hundreds) and whose last layer is ReLU/sigmoid cannot reach it; the prediction is one constant.
Tutor: Scale series and target with the training part's mean and std; last layer linear.
"""

import keras
import numpy as np

rng = np.random.default_rng(38)
price = (300 + np.cumsum(rng.normal(size=500))).astype("float32")
X = np.stack([price[i : i + 20] for i in range(480)])[..., None]
y = price[20:500]
model = keras.Sequential([keras.Input((20, 1)), keras.layers.LSTM(16), keras.layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(X, y, epochs=5, verbose=0)
print(history.history["loss"], model.predict(X[:5], verbose=0).ravel())
