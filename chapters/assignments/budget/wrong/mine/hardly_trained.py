# expects: and 0.8 are asked for
keras.utils.set_random_seed(0)
mine = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(12, 5, activation="relu"),
        layers.Conv2D(12, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
mine.compile("adam", "sparse_categorical_crossentropy")
mine.fit(X, y, epochs=1, verbose=0)
