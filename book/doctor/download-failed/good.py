from pathlib import Path

import keras

Path("cache/datasets").mkdir(parents=True)
archive = Path("cache/datasets/flowers.npz")
archive.write_bytes(b"copied from another machine")  # changed
path = keras.utils.get_file(
    "flowers.npz", "http://127.0.0.1:9/flowers.npz", cache_dir="cache"
)
