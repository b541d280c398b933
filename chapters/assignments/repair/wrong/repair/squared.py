# expects: does not fit whole numbers
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense({{classes}}, activation="softmax"),
        ]
    )
    model.compile("adam", "mse", metrics=["accuracy"])
    return model
