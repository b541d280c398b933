# expects: which layer has most of them
def small():
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Conv2D(64, 3),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
