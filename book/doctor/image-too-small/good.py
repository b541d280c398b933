import keras

model = keras.Sequential(
    [
        keras.Input((16, 16, 1)),
        keras.layers.Conv2D(8, (3, 3)),  # changed
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(8, (3, 3)),  # changed
        keras.layers.Flatten(),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
