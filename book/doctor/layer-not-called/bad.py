import keras

model = keras.Sequential(
    [
        keras.Input(shape=(28, 28)),
        keras.layers.Flatten,
        keras.layers.Dense(10, activation="softmax"),
    ]
)
