# expects: take the sparse one
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model
