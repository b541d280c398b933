import pathlib

import keras
import numpy as np
from PIL import Image
from course_utils.doctor import examine

rng = np.random.default_rng(0)
for name in ("train/apple", "train/leaf", "test/apple", "test/leaf"):
    pathlib.Path("photos", name).mkdir(parents=True, exist_ok=True)
    for i in range(4):
        pixels = rng.integers(0, 256, (16, 16, 3), "uint8")
        Image.fromarray(pixels).save(f"photos/{name}/{i}.png")
data = keras.utils.image_dataset_from_directory(
    "photos/train",
    image_size=(16, 16),
    verbose=False,  # changed
)
model = keras.Sequential(
    [
        keras.Input(shape=(16, 16, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy")
report = examine(model, data)
