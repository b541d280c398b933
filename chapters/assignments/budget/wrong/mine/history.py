# expects: what `fit` returns is its history
model = keras.Sequential(
    [
        keras.Input(({{side}}, {{side}}, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(12, 5, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense({{classes}}, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy")
mine = model.fit(X[:64], y[:64], verbose=0)
