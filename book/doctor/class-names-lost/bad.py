import pathlib

import keras
import numpy as np
from PIL import Image

rng = np.random.default_rng(0)
for name in ("apple", "leaf"):
    pathlib.Path("photos", name).mkdir(parents=True, exist_ok=True)
    for i in range(4):
        pixels = rng.integers(0, 256, (16, 16, 3), "uint8")
        Image.fromarray(pixels).save(f"photos/{name}/{i}.png")
data = keras.utils.image_dataset_from_directory(
    "photos", image_size=(16, 16), verbose=False
)
data = data.cache()
number = len(data.class_names)
