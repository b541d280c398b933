import keras

path = keras.utils.get_file(
    "flowers.npz", "http://127.0.0.1:9/flowers.npz", cache_dir="cache"
)
