# expects: has a weight for each place
def network(side):
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 5, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
