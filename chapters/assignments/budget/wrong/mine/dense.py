# expects: no more than a dense network
keras.utils.set_random_seed(0)
mine = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
mine.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
mine.fit(X, y, epochs=5, verbose=0)
