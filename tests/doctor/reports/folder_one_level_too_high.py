"""Code: one-class

Source: tensorflow/tensorflow#57698, keras-team/tf-keras#790; keras-team/keras#14042 (number of classes is not what the folder suggests)
True cause: The directory given holds one folder that holds the class folders: 'Found 48 files belonging to 1 classes', all labels are 0.
Tutor: Give the folder whose sub-folders are the classes; print(ds.class_names).
"""

import os
import tempfile

import numpy as np
from PIL import Image

root = tempfile.mkdtemp()
rng = np.random.default_rng(7)
for part, n in (("train", 24), ("val", 12)):
    for name, tone in (("apple", 200), ("leaf", 60)):
        os.makedirs(f"{root}/{part}/{name}")
        for i in range(n):
            a = rng.integers(0, 55, (24, 24, 3)) + tone * np.array([1, 0.3, 0.3] if name == "apple" else [0.3, 1, 0.3])
            Image.fromarray(np.clip(a, 0, 255).astype("uint8")).save(f"{root}/{part}/{name}/{name}{i:03}.png")

import keras

os.makedirs(f"{root}/kaggle")
os.rename(f"{root}/train", f"{root}/kaggle/train")
ds = keras.utils.image_dataset_from_directory(f"{root}/kaggle", image_size=(24, 24), batch_size=8, verbose=False)
model = keras.Sequential(
    [
        keras.Input((24, 24, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(ds, epochs=6, verbose=0)
print(history.history["accuracy"][-1], ds.class_names)
