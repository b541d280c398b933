# expects: different patterns all give the same answer
def network(side):
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(12, 5),
            layers.GlobalAveragePooling2D(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
