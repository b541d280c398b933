# expects: are more than {{budget}}
def network(side):
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
