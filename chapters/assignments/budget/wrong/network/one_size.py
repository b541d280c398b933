# expects: must read pictures of that size
def network(side):
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(12, 5, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
