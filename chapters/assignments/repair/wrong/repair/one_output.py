# expects: classes need
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model
