import keras

model = keras.Sequential(
    [
        keras.Input(shape=(28, 28)),
        keras.layers.Flatten(),  # changed
        keras.layers.Dense(10, activation="softmax"),
    ]
)
