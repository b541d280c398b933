# expects: at least two convolutional layers
def small():
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Flatten(),
            layers.Dense(4, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
