import keras

model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(8, activation="relu", name="hidden"),
        keras.layers.Dense(8, activation="relu", name="hidden_2"),  # changed
        keras.layers.Dense(3, activation="softmax"),
    ]
)
