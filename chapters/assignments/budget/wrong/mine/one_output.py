# expects: numbers must come out for a picture
mine = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(12, 5, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(1),
    ]
)
mine.compile("adam", "mean_squared_error")
mine.fit(X[:64], y[:64], verbose=0)
