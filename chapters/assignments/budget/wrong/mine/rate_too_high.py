# expects: gives 1000 pictures the same answer
keras.utils.set_random_seed(0)
mine = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(12, 5, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
mine.compile(keras.optimizers.Adam(1.0), "sparse_categorical_crossentropy")
mine.fit(X, y, epochs=1, verbose=0)
