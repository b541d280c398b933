"""Code: input-type

Source: keras-team/keras#14851, charlesmalafosse/sports-betting-customloss#1 'Failed to convert a NumPy array to a Tensor (Unsupported object type float)'
True cause: The frame has a text or mixed column, so .values is an object array, which no tensor can hold.
Tutor: Look at df.dtypes; pd.to_numeric or encode that column; then X = df.to_numpy('float32').
"""

import numpy as np
import pandas as pd
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

rng = np.random.default_rng(9)
table = pd.DataFrame(
    {
        "pm": rng.normal(30, 5, 90),
        "no2": rng.normal(20, 3, 90),
        "wind": ["n/a" if i % 17 == 0 else round(float(v), 1) for i, v in enumerate(rng.normal(4, 1, 90))],
    }
)
table["aqi"] = 2 * table["pm"] + table["no2"]
X, y = table[["pm", "no2", "wind"]].values, table["aqi"].values
model = Sequential([Dense(20, activation="relu"), Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(X, y, epochs=2, batch_size=16, verbose=0)
