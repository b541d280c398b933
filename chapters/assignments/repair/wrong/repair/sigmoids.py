# expects: which sum to 1
def repaired():
    model = keras.Sequential(
        [
            keras.Input(({{side}}, {{side}})),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense({{classes}}, activation="sigmoid"),
        ]
    )
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
