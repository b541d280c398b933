def small():
    return keras.Sequential(
        [
            keras.Input(({{side}}, {{side}}, 1)),
            layers.Conv2D(4, 5, strides=2),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SeparableConv2D(8, 3),
            layers.GlobalMaxPooling2D(),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
