# expects: which layer has most of them
def small():
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(32),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
