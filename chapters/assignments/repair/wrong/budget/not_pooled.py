# expects: numbers must come out for an image
def small():
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
