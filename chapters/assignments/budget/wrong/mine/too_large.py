# expects: the budget is {{budget}} parameters
mine = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
mine.compile("adam", "sparse_categorical_crossentropy")
mine.fit(X[:64], y[:64], verbose=0)
