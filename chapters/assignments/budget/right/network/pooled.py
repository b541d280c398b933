def network(side):
    inputs = keras.Input((side, side, 1))
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for filters in (10, 14):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(
        inputs, layers.Dense({{classes}}, activation="softmax")(x)
    )
